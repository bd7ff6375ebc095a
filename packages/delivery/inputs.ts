import { argocdLogin, watchInputs } from '@sluice/argocd/inputs';
import { waitVerdicts } from '@sluice/argocd/page/outcome';
import { commonInputs, type Inputs, integer, oneOf, secret, text } from '@sluice/core/contract';
import { milliseconds } from '@sluice/core/input-syntax';
import { bumpInputs } from '@sluice/gitops/inputs';

/** Every verdict of the one-step deployment. */
export const deployVerdicts = [
  ...waitVerdicts,
  'committed',
  'merged',
  'pending',
  'not-found',
  'refused',
  'plan-stale',
] as const;
export type DeployVerdict = (typeof deployVerdicts)[number];
export const goodDeployVerdicts = [
  'live',
  'superseded',
  'rolling-out',
  'committed',
  'merged',
  'pending',
] as const;

/** The inputs of both actions, and how they are put together. */
export const deployInputs = {
  ...bumpInputs,
  ...argocdLogin({ required: false }),
  ...watchInputs,
  ...commonInputs(deployVerdicts),
  verify: oneOf(['healthy', 'merged', 'committed'], { default: 'healthy' }),
  'merge-timeout': text().of(milliseconds),
  mode: oneOf(['wait', 'event', 'once'], { default: 'wait' }),
  'require-evidence': oneOf(['reported', 'observed'], { default: 'reported' }),
  'expect-plan': text().check((value) => {
    if (value !== '' && !/^sha256:[0-9a-f]{64}$/.test(value))
      throw new Error('allowed: a plan-digest, sha256:…');
  }),
  deployment: oneOf(['none', 'queue', 'close'], { default: 'none' }),
  'deployment-id': integer({ min: 1 }),
  'deployment-token': secret(),
  'environment-url': text().check((value) => {
    const url = URL.parse(value);
    if (value !== '' && !/^https?:$/.test(url?.protocol ?? ''))
      throw new Error('allowed: a URL with https:// or http://');
  }),
} as const;

export type DeployInputs = Inputs<typeof deployInputs>;
