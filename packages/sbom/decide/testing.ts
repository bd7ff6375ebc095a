import type { Advisory, Component, Match, Package, Rating, Sbom } from '../types.ts';
import type { Allowance, ScanInput, Settings, VexStatement } from './types.ts';

export const TODAY = '2026-11-21';

/** By a word of a test, so that no library is needed: `CVSS_V3 9.8`. */
export const byNumber = ({ value }: Rating): number | undefined => {
  const number = Number(value);
  return value === '' || Number.isNaN(number) ? undefined : number;
};

export const aPackage = (name: string, version = '1.0.0', rest: Partial<Package> = {}): Package => ({
  purl: `pkg:npm/${name}@${version}`,
  ecosystem: 'npm',
  name,
  version,
  paths: [],
  files: ['sbom.json'],
  ...rest,
});

export const advisory = (id: string, rest: Partial<Advisory> = {}): Advisory => ({
  id,
  aliases: [],
  summary: '',
  ratings: [{ type: 'word', value: 'high' }],
  ...rest,
});

export const match = (found: Package, by: Advisory, fixed: readonly string[] = ['9.9.9']): Match => ({
  package: found,
  advisory: by,
  fixed,
});

export const sbomOf = (
  packages: readonly Package[],
  { file = 'sbom.json', root = 'pkg:npm/shop@1.0.0', ...rest }: Partial<Sbom> & { root?: string } = {},
): Sbom => {
  const components: readonly Component[] = packages.map(({ name, version, purl }, index) => ({
    ref: `ref-${index}`,
    name,
    version,
    purl,
  }));
  return {
    file,
    format: 'CycloneDX 1.6',
    components: [{ ref: 'root', name: 'shop', version: '1.0.0', purl: root }, ...components],
    dependsOn: new Map(),
    roots: ['root'],
    ...rest,
  };
};

export const allowance = (id: string, rest: Partial<Allowance> = {}): Allowance => ({
  id,
  reason: 'is not called',
  expires: '2026-12-31',
  file: '.github/sluice-allow.yml',
  line: 1,
  ...rest,
});

export const statement = (name: string, about: string, rest: Partial<VexStatement> = {}): VexStatement => ({
  names: [name],
  subjects: [{ id: about, within: [] }],
  clears: true,
  status: 'not_affected',
  because: 'vulnerable_code_not_present',
  file: 'vex.json',
  place: 'statements[0]',
  ...rest,
});

export const LODASH = aPackage('lodash', '4.17.0');
export const QS = aPackage('qs', '6.7.0');

/** A scan of `lodash` and `qs` with what was found, and settings that leave everything to the threshold `high`. */
export function scanInput(
  matches: readonly Match[],
  { settings, ...rest }: Omit<Partial<ScanInput>, 'settings'> & { settings?: Partial<Settings> } = {},
): ScanInput {
  const packages = rest.packages ?? [LODASH, QS];
  return {
    sboms: [sbomOf(packages)],
    packages,
    unmatched: [],
    scan: { matches, unmatched: [], unanswered: [], source: 'a test', warnings: [] },
    allow: [],
    vex: [],
    score: byNumber,
    today: TODAY,
    ...rest,
    settings: { threshold: 'high', onlyFixed: false, ...settings },
  };
}
