import type { Random } from './random.ts';

/** An ecosystem as generated databases have it. */
export interface Kind {
  readonly ecosystem: string;
  readonly range: 'SEMVER' | 'ECOSYSTEM';
  readonly name: (index: number) => string;
  /** Without its version. */
  readonly purl: (name: string) => string;
  /** Of the purl of a package: its distribution, and its source, which advisories name. */
  readonly qualifiers?: (name: string) => string;
  /** As records have it. */
  readonly version: (numbers: Numbers, random: Random) => string;
  /** As a bill has it, where that is another way. */
  readonly listed?: (version: string) => string;
}

export type Numbers = readonly [major: number, minor: number, patch: number];

const dotted = (numbers: Numbers): string => numbers.join('.');
const plain = (type: string) => (name: string) => `pkg:${type}/${name}`;
const number = (random: Random) => random.below(3);

/** Ecosystems whose versions have rules of their own, with what makes these rules hard. */
export const KINDS: readonly [Kind, ...Kind[]] = [
  {
    ...{ ecosystem: 'npm', range: 'SEMVER' },
    name: (index) => (index % 3 === 0 ? `@scope-${index % 50}/part-${index}` : `part-${index}`),
    purl: (name) => `pkg:npm/${name.replace('@', '%40')}`,
    version: (numbers, random) => dotted(numbers) + (random.oneIn(8) ? `-rc.${number(random)}` : ''),
  },
  {
    ...{ ecosystem: 'PyPI', range: 'ECOSYSTEM' },
    ...{ name: (index) => `part-${index}`, purl: plain('pypi') },
    version: (numbers, random) => {
      const ends = [
        '',
        '',
        '',
        `rc${number(random)}`,
        `.post${number(random)}`,
        `.dev${number(random)}`,
      ] as const;
      return dotted(numbers) + random.pick(ends);
    },
  },
  {
    ...{ ecosystem: 'Maven', range: 'ECOSYSTEM' },
    name: (index) => `org.example.group${index % 40}:part-${index}`,
    purl: (name) => `pkg:maven/${name.replace(':', '/')}`,
    version: (numbers, random) => {
      const ends = ['', '', '', '-RC1', '.Final', '-SNAPSHOT', '-beta-2', '.1'] as const;
      return dotted(numbers) + random.pick(ends);
    },
  },
  {
    ...{ ecosystem: 'Go', range: 'SEMVER' },
    ...{ name: (index) => `example.com/team-${index % 30}/part-${index}`, purl: plain('golang') },
    version: (numbers, random) => {
      const ends = [
        '',
        '',
        '',
        '',
        `-rc.${number(random)}`,
        `-0.2021010${1 + number(random)}000000-0123456789ab`,
      ];
      return dotted(numbers) + (ends[random.below(ends.length)] ?? '');
    },
    listed: (version) => `v${version}`,
  },
  {
    ...{ ecosystem: 'crates.io', range: 'SEMVER' },
    ...{ name: (index) => `part-${index}`, purl: plain('cargo') },
    version: (numbers, random) => dotted(numbers) + (random.oneIn(8) ? `-alpha.${number(random)}` : ''),
  },
  {
    ...{ ecosystem: 'RubyGems', range: 'ECOSYSTEM' },
    ...{ name: (index) => `part-${index}`, purl: plain('gem') },
    version: (numbers, random) => dotted(numbers) + (random.oneIn(8) ? `.pre.${number(random)}` : ''),
  },
  {
    ...{ ecosystem: 'NuGet', range: 'ECOSYSTEM' },
    ...{ name: (index) => `Part.Number${index}`, purl: plain('nuget') },
    version: (numbers, random) =>
      dotted(numbers) + random.pick(['', '', '', '.1', '-beta.2', '-preview'] as const),
  },
  {
    ...{ ecosystem: 'Debian:12', range: 'ECOSYSTEM' },
    ...{ name: (index) => `part-${index}`, purl: plain('deb/debian') },
    qualifiers: (name) => `?distro=debian-12&upstream=${name}`,
    version: (numbers, random) => {
      const epoch = random.oneIn(6) ? '1:' : '';
      const middle = random.pick(['', '', '~rc1', '+dfsg'] as const);
      const revision = random.pick(['-1', '-1', '-2', '-1+deb12u1', '-1+deb12u2'] as const);
      return `${epoch}${dotted(numbers)}${middle}${revision}`;
    },
  },
  {
    ...{ ecosystem: 'Alpine:v3.18', range: 'ECOSYSTEM' },
    ...{ name: (index) => `part-${index}`, purl: plain('apk/alpine') },
    qualifiers: (name) => `?distro=alpine-3.18.4&upstream=${name}`,
    version: (numbers, random) =>
      `${dotted(numbers)}${random.pick(['', '', '_rc1', '_p1', '_git20200101'] as const)}-r${number(random)}`,
  },
];
