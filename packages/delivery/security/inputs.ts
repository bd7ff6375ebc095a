import { boolean, commonInputs, type Inputs, integer, list, secret, text } from '@sluice/core/contract';
import { type ScanInputs, scanInputs, scanProblems } from '@sluice/sbom/inputs';
import { scanVerdicts } from '@sluice/sbom/page/outcome';
import { parseRepository } from '../repository-name.ts';
import { parseReference } from './reference.ts';

const { sbom: _, 'base-sbom': __, sarif: ___, ...against } = scanInputs;

/** Of what says which Deployments, and where issues are kept. */
const DEFAULTS = { environment: 'production', label: 'sluice-security', 'max-issues': 20 } as const;

/** Which Deployments, where issues are kept, and what sbom-scan takes beside the SBOM. */
export const securityInputs = {
  environment: text({ default: DEFAULTS.environment }),
  'deployment-repositories': list().of(parseRepository),
  'deployment-token': secret(),
  sbom: text().of(parseReference),
  issues: boolean({ default: 'true' }),
  label: text({ default: DEFAULTS.label }).check((value) => {
    // GitHub's longest, and in a list of labels a comma ends one.
    if (value.length > 50 || value.includes(',')) throw new Error('allowed: at most 50 characters, no comma');
  }),
  'max-issues': integer({ default: String(DEFAULTS['max-issues']), min: 1, max: 100 }),
  ...against,
  ...commonInputs(scanVerdicts),
} as const;

export type SecurityInputs = Inputs<typeof securityInputs>;

/** What is wrong with the inputs together. */
export function securityProblems(inputs: Partial<SecurityInputs>): readonly string[] {
  const { sbom: reference, 'deployment-repositories': repositories, token } = inputs;
  const { 'app-id': appId, 'app-private-key': privateKey } = inputs;
  const { sbom: _sbom, ...scan } = inputs;
  const problems = [...scanProblems(scan satisfies Partial<Omit<ScanInputs, 'sbom'>>)];
  if (reference !== undefined && repositories !== undefined && repositories.length > 0)
    problems.push(
      '`sbom` scans one SBOM, and `deployment-repositories` those of Deployments: give one of the two',
    );
  if (reference !== undefined) problems.push(...ofDeployments(inputs));
  if (token === '' && reference === undefined)
    problems.push('`token` is needed to read Deployments: leave it out, or give a token');
  if ((appId === '') !== (privateKey === ''))
    problems.push(
      'only one of `app-id` and `app-private-key` is given: give both, or `deployment-token`, or neither',
    );
  return problems;
}

/** What is given beside `sbom`, and would do nothing. What has the value of the default may not have been given. */
function ofDeployments(inputs: Partial<SecurityInputs>): readonly string[] {
  const given = (['environment', 'label', 'max-issues'] as const).filter(
    (name) => inputs[name] !== undefined && inputs[name] !== DEFAULTS[name],
  );
  return given.map(
    (name) => `\`sbom\` scans one SBOM, and keeps no issue: \`${name}\` does nothing beside it, leave it out`,
  );
}
