import { boolean, commonInputs, type Inputs, integer, oneOf, secret, text } from '@sluice/core/contract';
import { isKeyPart, milliseconds } from '@sluice/core/input-syntax';
import { loginProblems } from '../login-problems.ts';

export const supersedeVerdicts = ['cancelled', 'nothing', 'incomplete'] as const;
export type SupersedeVerdict = (typeof supersedeVerdicts)[number];

export const supersedeInputs = {
  scope: oneOf(['deployment', 'branch'], { default: 'deployment' }),
  project: text().check(isKeyPart),
  environment: text().check(isKeyPart),
  tenant: text().check(isKeyPart),
  when: oneOf(['queued', 'succeeded', 'closed'], { default: 'queued' }),
  'deployment-id': integer({ min: 1 }),
  'cancel-waiting': boolean({ default: 'false' }),
  'cancel-started': boolean({ default: 'false' }),
  'close-pull-requests': boolean({ default: 'true' }),
  'force-after': text().of(milliseconds),
  'pull-request-token': secret(),
  'pull-request-app-id': text(),
  'pull-request-app-private-key': secret(),
  ...commonInputs(supersedeVerdicts),
} as const;

export type SupersedeInputs = Inputs<typeof supersedeInputs>;

/** What is wrong with the inputs together. */
export function supersedeProblems(inputs: Partial<SupersedeInputs>): readonly string[] {
  const { scope, when, project, environment, tenant } = inputs;
  const isDeployment = scope === 'deployment' && when !== 'closed';
  const named = [project, environment, tenant].some((one) => one !== undefined && one !== '');
  return [
    ...(isDeployment
      ? (['project', 'environment'] as const)
          .filter((name) => inputs[name] === '')
          .map((name) => `${name}: is required with \`scope: deployment\``)
      : []),
    ...(isDeployment && inputs['cancel-started'] === true
      ? [
          'cancel-started: goes with `scope: branch` or `when: closed`: a deployment that has begun is never cancelled',
        ]
      : []),
    ...(scope === 'branch' && when === 'succeeded'
      ? ['when: `succeeded` goes with `scope: deployment`']
      : []),
    ...(scope === 'branch' && named
      ? ['project, environment and tenant: go with `scope: deployment`; a branch has none']
      : []),
    ...(scope === 'deployment' && when === 'closed' && named
      ? ['project, environment and tenant: go with a deployment; `when: closed` is about a pull request']
      : []),
    ...(!isDeployment && scope !== undefined && inputs['deployment-id'] !== undefined
      ? ['deployment-id: goes with `scope: deployment`']
      : []),
    ...loginProblems(inputs),
    ...pullLoginProblems(inputs),
  ];
}

function pullLoginProblems({
  'pull-request-app-id': appId,
  'pull-request-app-private-key': key,
}: Partial<SupersedeInputs>): readonly string[] {
  return appId !== undefined && key !== undefined && (appId === '') !== (key === '')
    ? ['`pull-request-app-id` and `pull-request-app-private-key` belong together: give both, or none']
    : [];
}
