/** Debian's releases by their names: https://debian.pages.debian.net/distro-info-data/debian.csv. */
const DEBIAN: ReadonlyMap<string, string> = new Map([
  ['squeeze', '6'],
  ['wheezy', '7'],
  ['jessie', '8'],
  ['stretch', '9'],
  ['buster', '10'],
  ['bullseye', '11'],
  ['bookworm', '12'],
  ['trixie', '13'],
  ['forky', '14'],
  ['duke', '15'],
]);

/** Ubuntu's releases by their names: https://debian.pages.debian.net/distro-info-data/ubuntu.csv. */
const UBUNTU: ReadonlyMap<string, string> = new Map([
  ['precise', '12.04'],
  ['trusty', '14.04'],
  ['xenial', '16.04'],
  ['bionic', '18.04'],
  ['cosmic', '18.10'],
  ['disco', '19.04'],
  ['eoan', '19.10'],
  ['focal', '20.04'],
  ['groovy', '20.10'],
  ['hirsute', '21.04'],
  ['impish', '21.10'],
  ['jammy', '22.04'],
  ['kinetic', '22.10'],
  ['lunar', '23.04'],
  ['mantic', '23.10'],
  ['noble', '24.04'],
  ['oracular', '24.10'],
  ['plucky', '25.04'],
  ['questing', '25.10'],
  ['resolute', '26.04'],
]);

/** `Debian:12` of `12.5` or `bookworm`. */
const debian = (release: string): string | undefined => DEBIAN.get(release) ?? /^\d+/.exec(release)?.[0];

/** `Ubuntu:22.04:LTS` of `22.04` or `jammy`: those of April of even years have long support. */
function ubuntu(release: string): string | undefined {
  const [, year, month] = /^(\d\d)\.(\d\d)/.exec(UBUNTU.get(release) ?? release) ?? [];
  if (year === undefined || month === undefined) return undefined;
  return `${year}.${month}${month === '04' && Number(year) % 2 === 0 ? ':LTS' : ''}`;
}

/** `Alpine:v3.18` of `3.18.4`. Not of `edge`, for which there are no records. */
function alpine(release: string): string | undefined {
  const branch = /^v?(\d+\.\d+)/.exec(release)?.[1];
  return branch === undefined ? undefined : `v${branch}`;
}

const major = (release: string): string | undefined => /^\d+/.exec(release)?.[0];
const minor = (release: string): string | undefined => /^\d+\.\d+/.exec(release)?.[0];

/** By what name a distribution's advisories call a package. */
export type NamedBy = 'source' | 'package' | 'both';

export interface Distribution {
  /** As OSV calls it. */
  readonly ecosystem: string;
  /** What follows the colon; undefined where that cannot be told, and then every release is meant. */
  readonly release?: (release: string) => string | undefined;
  readonly namedBy: NamedBy;
  /** Its records have the epoch in versions. */
  readonly hasEpoch?: boolean;
}

/**
 * By type and namespace of the purl; names and releases by https://ossf.github.io/osv-schema/#defined-ecosystems. AlmaLinux is
 * described there as named by source, and its records name what is built from it.
 * Red Hat, SUSE and Azure Linux are missing on purpose: OSV scopes their records by product (`Red Hat:enterprise_linux:9::appstream`), which
 * no purl tells; CentOS, Fedora, Amazon and Oracle are not in OSV.
 */
export const DISTRIBUTIONS: ReadonlyMap<string, Distribution> = new Map<string, Distribution>([
  ['deb/debian', { ecosystem: 'Debian', release: debian, namedBy: 'source', hasEpoch: true }],
  ['deb/ubuntu', { ecosystem: 'Ubuntu', release: ubuntu, namedBy: 'source', hasEpoch: true }],
  ['apk/alpine', { ecosystem: 'Alpine', release: alpine, namedBy: 'source' }],
  ['apk/wolfi', { ecosystem: 'Wolfi', namedBy: 'both' }],
  ['apk/chainguard', { ecosystem: 'Chainguard', namedBy: 'both' }],
  ['rpm/rocky', { ecosystem: 'Rocky Linux', release: major, namedBy: 'source', hasEpoch: true }],
  ['rpm/rocky-linux', { ecosystem: 'Rocky Linux', release: major, namedBy: 'source', hasEpoch: true }],
  ['rpm/almalinux', { ecosystem: 'AlmaLinux', release: major, namedBy: 'both', hasEpoch: true }],
  ['rpm/alma', { ecosystem: 'AlmaLinux', release: major, namedBy: 'both', hasEpoch: true }],
  ['rpm/mageia', { ecosystem: 'Mageia', release: major, namedBy: 'source' }],
  ['rpm/photon', { ecosystem: 'Photon OS', release: minor, namedBy: 'package' }],
  ['rpm/opensuse', { ecosystem: 'openSUSE', release: opensuse, namedBy: 'source' }],
  ['rpm/opensuse-leap', { ecosystem: 'openSUSE', release: (release) => leap(release), namedBy: 'source' }],
  ['rpm/opensuse-tumbleweed', { ecosystem: 'openSUSE', release: () => 'Tumbleweed', namedBy: 'source' }],
]);

/** `openSUSE:Leap 15.5` of `leap-15.5` or `15.5`; `openSUSE:Tumbleweed` of `tumbleweed-20240101`. */
function opensuse(release: string): string | undefined {
  return release.includes('tumbleweed') ? 'Tumbleweed' : leap(release.replace(/^leap-/, ''));
}

function leap(release: string): string | undefined {
  const number = minor(release);
  return number === undefined ? undefined : `Leap ${number}`;
}

/** Longer than any that a system has. What is made of a release stands in each package of it. */
export const LONGEST_RELEASE = 100;

/** What stands before a release: `debian-`, `opensuse-leap-`. */
const PREFIX = /^([a-z_]+(?:-(?:leap|tumbleweed|linux))?)-(?=.)/;

/** `Debian:12` of `debian-12.5`, `12`, `bookworm`, `debian-bookworm`; `Debian`, which means every release, where it cannot be told. */
export function ecosystemOf({ ecosystem, release }: Distribution, distro: string | undefined): string {
  const written = (distro ?? '')
    .toLowerCase()
    .replace(PREFIX, (name) => (name === 'opensuse-tumbleweed-' ? 'tumbleweed-' : ''));
  const suffix = release?.(written);
  return suffix === undefined ? ecosystem : `${ecosystem}:${suffix}`;
}

/** Whether what a purl says of its release (`ubuntu-22.04`, `22.04`, `jammy`) can be one of this distribution. */
export function isReleaseOf({ ecosystem, release }: Distribution, distro: string): boolean {
  if (distro.length > LONGEST_RELEASE) return false;
  const [, name] = PREFIX.exec(distro.toLowerCase()) ?? [];
  // The name of a release may stand before a hyphen as well: `tumbleweed-20240101`, `bookworm-slim`.
  if (release === undefined || name === undefined || release(name) !== undefined) return true;
  return (ECOSYSTEMS.get(name) ?? ECOSYSTEMS.get(name.replace(/[_-]?linux$/, ''))) === ecosystem;
}

/** By the names that purls and systems have for them. */
const ECOSYSTEMS: ReadonlyMap<string, string> = new Map([
  ...[...DISTRIBUTIONS].map(([key, { ecosystem }]) => [key.slice(key.indexOf('/') + 1), ecosystem] as const),
  ['leap', 'openSUSE'],
]);

/** Whether this is the name of a distribution, in an entry that only says what the packages beside it belong to. */
export const isDistribution = (name: string): boolean => NAMES.has(name.toLowerCase());

const NAMES: ReadonlySet<string> = new Set([
  ...[...DISTRIBUTIONS.keys()].map((key) => key.slice(key.indexOf('/') + 1)),
  ...[
    'redhat',
    'rhel',
    'centos',
    'fedora',
    'amazon',
    'amzn',
    'oracle',
    'ol',
    'sles',
    'suse',
    'azurelinux',
    'mariner',
  ],
  ...['cbl-mariner', 'photon', 'arch', 'gentoo', 'busybox', 'distroless', 'minimos', 'echo', 'bottlerocket'],
]);
