import { readFileSync } from 'node:fs';
import path from 'node:path';
import { argocdLogin, expectationInputs, watchInputs } from '@sluice/argocd/inputs';
import { waitVerdicts } from '@sluice/argocd/page/outcome';
import { commonInputs, commonInputsWithoutLogin } from '@sluice/core/contract';
import { contractProblems } from '@sluice/core/contract-check';
import { gateInputs } from '@sluice/delivery/gate/inputs';
import { emptyGateOutputs } from '@sluice/delivery/gate/outcome';
import { deployInputs } from '@sluice/delivery/inputs';
import { emptyDeployOutputs } from '@sluice/delivery/outcome';
import { securityInputs } from '@sluice/delivery/security/inputs';
import { emptySecurityOutputs } from '@sluice/delivery/security/outcome';
import { supersedeInputs } from '@sluice/delivery/supersede/inputs';
import { emptySupersedeOutputs } from '@sluice/delivery/supersede/outcome';
import { bumpVerdicts, emptyBumpOutputs } from '@sluice/gitops/bump/bump-outcome';
import { bumpInputs } from '@sluice/gitops/inputs';
import { scanInputs } from '@sluice/sbom/inputs';
import { emptyScanOutputs, scanVerdicts } from '@sluice/sbom/page/outcome';
import { load } from 'js-yaml';
import { expect, test } from 'vitest';

const root = path.resolve(import.meta.dirname, '../..');
const read = (file: string) => Object(load(readFileSync(path.join(root, file), 'utf8')));

test.each([
  ['action.yml', deployInputs, Object.keys(emptyDeployOutputs)],
  [
    'actions/image-tag-bump/action.yml',
    { ...bumpInputs, ...argocdLogin({ required: false }), ...commonInputs(bumpVerdicts) },
    Object.keys(emptyBumpOutputs),
  ],
  [
    'actions/argo-sync-wait/action.yml',
    {
      ...commonInputs(waitVerdicts),
      ...argocdLogin({ required: true }),
      ...expectationInputs,
      ...watchInputs,
    },
    ['revision'],
  ],
  [
    'actions/sbom-scan/action.yml',
    { ...scanInputs, ...commonInputsWithoutLogin(scanVerdicts) },
    Object.keys(emptyScanOutputs),
  ],
  ['actions/pr-ready/action.yml', gateInputs, Object.keys(emptyGateOutputs)],
  ['actions/cancel-superseded/action.yml', supersedeInputs, Object.keys(emptySupersedeOutputs)],
  ['actions/security-scan/action.yml', securityInputs, Object.keys(emptySecurityOutputs)],
])('%s says what the code reads', (file, spec, outputs) => {
  expect(contractProblems(spec, read(file), outputs)).toEqual([]);
});
