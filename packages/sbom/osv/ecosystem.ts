/** An ecosystem as OSV writes it, taken apart: `Debian:12`. */
export interface Ecosystem {
  /** In lower case: no two of https://ossf.github.io/osv-schema/#defined-ecosystems differ in it alone. */
  readonly base: string;
  /** What follows the first colon; empty: every release, every repository. */
  readonly release: string;
}

export function ecosystemOf(text: string): Ecosystem {
  const colon = text.indexOf(':');
  const base = (colon < 0 ? text : text.slice(0, colon)).toLowerCase();
  const release = colon < 0 ? '' : text.slice(colon + 1);
  return { base, release: releases.get(base)?.(release) ?? release };
}

const releases: ReadonlyMap<string, (release: string) => string> = new Map([
  // `Pro:18.04:LTS` and `18.04:LTS` are two sets of fixes for one release: https://ossf.github.io/osv-schema/#defined-ecosystems,
  // and OSV's own API answers for both (`remove_variants` in osv/ecosystems/_ecosystems.py of google/osv.dev).
  ['ubuntu', (release) => release.split(':').filter(isUbuntuRelease).join(':')],
  // The schema wants the `v`; `VERSION_ID` of /etc/os-release, from which SBOMs take theirs, has none.
  ['alpine', (release) => release.replace(/^v(?=[0-9])/, '')],
]);

const isUbuntuRelease = (part: string) => part !== 'Pro' && part !== 'LTS';

/** Whether a record about one speaks of packages of the other. Where one of them names no release, it does: too much is said rather than too little. */
export const speaksOf = (record: Ecosystem, asked: Ecosystem): boolean =>
  record.base === asked.base &&
  (record.release === asked.release || record.release === '' || asked.release === '');

/** The same for every way to write one package's name; different for different packages of all ecosystems. */
export const nameKey = ({ base }: Ecosystem, name: string): string =>
  `${base}\n${names.get(base)?.(name) ?? name}`;

const lower = (name: string) => name.toLowerCase();

const names: ReadonlyMap<string, (name: string) => string> = new Map([
  // https://peps.python.org/pep-0503/#normalized-names
  ['pypi', (name) => name.toLowerCase().replace(/[-_.]+/g, '-')],
  // crates.io takes no two names that differ only so: https://doc.rust-lang.org/cargo/reference/registry-index.html#index-files
  ['crates.io', (name) => name.toLowerCase().replaceAll('_', '-')],
  // Package ids compare without case: https://learn.microsoft.com/nuget/reference/nuspec#id
  ['nuget', lower],
  // https://getcomposer.org/doc/04-schema.md#name
  ['packagist', lower],
  // Owners and repositories of GitHub have no case.
  ['github actions', lower],
  // https://marketplace.visualstudio.com finds `publisher.name` without case.
  ['vscode', lower],
  // Module paths have case, but a package URL writes them in lower case (https://github.com/package-url/purl-spec, `golang`).
  // `std` is what cyclonedx-gomod calls the standard library.
  ['go', (name) => (name === 'std' ? 'stdlib' : name.toLowerCase())],
  // Records have it with and without scheme and `.git`.
  [
    'swifturl',
    (name) =>
      name
        .toLowerCase()
        .replace(/^https?:\/\//, '')
        .replace(/\.git$/, ''),
  ],
]);
