/** Debian's releases by their names: https://wiki.debian.org/DebianReleases. */
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
]);

/** Ubuntu's releases by their names: https://wiki.ubuntu.com/Releases. */
const UBUNTU: ReadonlyMap<string, string> = new Map([
  ['trusty', '14.04'],
  ['xenial', '16.04'],
  ['bionic', '18.04'],
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
]);

/** `debian-12.5`, `12`, `bookworm`, `debian-bookworm` → `Debian:12`, the names of https://ossf.github.io/osv-schema/#defined-ecosystems. */
export function debian(distro: string): string | undefined {
  const release = releaseOf(distro, 'debian');
  const number = DEBIAN.get(release) ?? /^(\d+)(?:\.\d+)*$/.exec(release)?.[1];
  return number === undefined ? undefined : `Debian:${number}`;
}

/** `ubuntu-22.04`, `jammy` → `Ubuntu:22.04:LTS`: those of April of even years are the ones with long support. */
export function ubuntu(distro: string): string | undefined {
  const release = releaseOf(distro, 'ubuntu');
  const [, year, month] = /^(\d\d)\.(\d\d)/.exec(UBUNTU.get(release) ?? release) ?? [];
  if (year === undefined || month === undefined) return undefined;
  const long = month === '04' && Number(year) % 2 === 0;
  return `Ubuntu:${year}.${month}${long ? ':LTS' : ''}`;
}

/** `alpine-3.18.4`, `3.18` → `Alpine:v3.18`. */
export function alpine(distro: string): string | undefined {
  const release = /^v?(\d+\.\d+)/.exec(releaseOf(distro, 'alpine'))?.[1];
  return release === undefined ? undefined : `Alpine:v${release}`;
}

const releaseOf = (distro: string, name: string): string => {
  const lower = distro.toLowerCase();
  return lower.startsWith(`${name}-`) ? lower.slice(name.length + 1) : lower;
};
