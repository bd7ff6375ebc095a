import { boolean, type Inputs, integer, list, oneOf, text } from '@sluice/core/contract';
import { passwordsIn } from '@sluice/core/input-syntax';
import { repositoryPath } from '@sluice/core/repository-path';

const OSV_URL = 'https://api.osv.dev';

/** What to scan, against what, and what counts. */
export const scanInputs = {
  sbom: list({ required: true }).of(repositoryPath),
  source: oneOf(['osv', 'database', 'grype', 'trivy', 'osv-scanner'], { default: 'osv' }),
  database: text().of(repositoryPath),
  'osv-url': text({ default: OSV_URL, secretsIn: passwordsIn }).check(isAddress),
  'severity-threshold': oneOf(['any', 'low', 'medium', 'high', 'critical', 'none'], { default: 'high' }),
  'fail-on-kev': boolean({ default: 'false' }),
  'fail-on-epss': text().of(parseProbability),
  kev: text().of(repositoryPath),
  epss: text().of(repositoryPath),
  'only-fixed': boolean({ default: 'false' }),
  'base-sbom': list().of(repositoryPath),
  'allow-list': text({ default: '.github/sluice-allow.yml' }).of(repositoryPath),
  vex: list().of(repositoryPath),
  'max-unmatched': integer(),
  sarif: text().of(repositoryPath),
} as const;

export type ScanInputs = Inputs<typeof scanInputs> & { readonly 'dry-run': boolean };

/** What is wrong with the inputs together. */
export function scanProblems(inputs: Partial<ScanInputs>): readonly string[] {
  const { source, kev, epss, sbom } = inputs;
  const problems: string[] = [];
  if (sbom?.length === 0) problems.push('`sbom` names no file: give at least one, as `sbom.cdx.json`');
  if ('database' in inputs && source !== undefined) {
    const isGiven = inputs.database !== undefined;
    if (source === 'database' && !isGiven)
      problems.push('`source: database` needs `database`: a file, a folder or a zip of OSV records');
    if (source !== 'database' && isGiven)
      problems.push('`database` is given, and `source` is not `database`: nothing would read it');
  }
  const url = inputs['osv-url'];
  if (source !== undefined && source !== 'osv' && url !== undefined && url !== OSV_URL)
    problems.push('`osv-url` is given, and `source` is not `osv`: nothing would ask it');
  if (inputs['fail-on-kev'] === true && 'kev' in inputs && kev === undefined)
    problems.push(
      '`fail-on-kev` needs `kev`: the JSON file of the catalog of known exploited vulnerabilities',
    );
  if (inputs['fail-on-epss'] !== undefined && 'epss' in inputs && epss === undefined)
    problems.push('`fail-on-epss` needs `epss`: the CSV file of EPSS scores');
  return [...problems, ...writtenOver(inputs)];
}

/** The file that is written must be none of those that are read. */
function writtenOver(inputs: Partial<ScanInputs>): readonly string[] {
  const { sarif, sbom = [], vex = [], kev, epss, database, 'base-sbom': base = [] } = inputs;
  const read = [...sbom, ...base, ...vex, kev, epss, database, inputs['allow-list']];
  return sarif !== undefined && read.includes(sarif)
    ? ['`sarif` names a file that another input reads: it would be written over']
    : [];
}

function isAddress(value: string): void {
  const url = URL.parse(value);
  const isPlain = url !== null && /^https?:$/.test(url.protocol) && url.search === '' && url.hash === '';
  if (!isPlain) throw new Error('allowed: an http or https URL without query, as https://api.osv.dev');
}

function parseProbability(value: string): number {
  const number = /^\d*\.?\d+$/.test(value) ? Number(value) : Number.NaN;
  if (number >= 0 && number <= 1) return number;
  throw new Error('allowed: a probability from 0 to 1, as 0.1');
}
