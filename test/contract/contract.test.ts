import { readFileSync } from 'node:fs';
import path from 'node:path';
import { argocdLogin, expectationInputs, watchInputs } from '@sluice/argocd/inputs';
import { waitVerdicts } from '@sluice/argocd/page/outcome';
import { boolean, commonInputs, commonInputsWithoutLogin } from '@sluice/core/contract';
import { contractProblems } from '@sluice/core/contract-check';
import { buildInputs } from '@sluice/delivery/build/inputs';
import { emptyBuildOutputs } from '@sluice/delivery/build/names';
import { gateInputs } from '@sluice/delivery/gate/inputs';
import { emptyGateOutputs } from '@sluice/delivery/gate/outcome';
import { deployInputs } from '@sluice/delivery/inputs';
import { labelInputs } from '@sluice/delivery/labels/inputs';
import { emptyLabelOutputs } from '@sluice/delivery/labels/outcome';
import { emptyDeployOutputs } from '@sluice/delivery/outcome';
import { previewInputs } from '@sluice/delivery/preview/inputs';
import { emptyPreviewOutputs } from '@sluice/delivery/preview/result';
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
  [
    'actions/build-gate/action.yml',
    { ...buildInputs, 'upload-sarif': boolean({ default: 'false' }) },
    Object.keys(emptyBuildOutputs),
  ],
  ['actions/build-gate/run/action.yml', buildInputs, Object.keys(emptyBuildOutputs)],
  ['actions/pr-ready/action.yml', gateInputs, Object.keys(emptyGateOutputs)],
  ['actions/ephemeral-env/action.yml', previewInputs, Object.keys(emptyPreviewOutputs)],
  ['actions/skip-ephemeral/action.yml', labelInputs, Object.keys(emptyLabelOutputs)],
  ['actions/cancel-superseded/action.yml', supersedeInputs, Object.keys(emptySupersedeOutputs)],
  ['actions/security-scan/action.yml', securityInputs, Object.keys(emptySecurityOutputs)],
])('%s says what the code reads', (file, spec, outputs) => {
  expect(contractProblems(spec, read(file), outputs)).toEqual([]);
});

test('build-gate hands on every input to the action that it calls, and every output of it', () => {
  const outer = read('actions/build-gate/action.yml');
  const inner = read('actions/build-gate/run/action.yml');
  const names = (section: object) => Object.keys(section);
  const [gate] = outer.runs.steps;
  expect(gate.uses).toBe('$/actions/build-gate/run');
  expect(gate.with).toEqual(
    Object.fromEntries(names(inner.inputs).map((name) => [name, `\${{ inputs.${name} }}`])),
  );
  expect(names(outer.inputs).filter((name) => !(name in inner.inputs))).toEqual(['upload-sarif']);
  expect(Object.fromEntries(names(outer.outputs).map((name) => [name, outer.outputs[name].value]))).toEqual(
    Object.fromEntries(names(inner.outputs).map((name) => [name, `\${{ steps.gate.outputs.${name} }}`])),
  );
  for (const name of names(inner.inputs)) expect(outer.inputs[name], name).toEqual(inner.inputs[name]);
});
