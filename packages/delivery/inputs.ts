import { argocdLogin, watchInputs } from '@sluice/argocd/inputs';
import { waitVerdicts } from '@sluice/argocd/page/outcome';
import {
  boolean,
  commonInputs,
  duration,
  type Inputs,
  integer,
  list,
  oneOf,
  secret,
  text,
} from '@sluice/core/contract';
import { milliseconds } from '@sluice/core/input-syntax';
import { bumpInputs } from '@sluice/gitops/inputs';
import { parseRepository } from './repository-name.ts';
import { parseReference } from './security/reference.ts';

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
  deployment: oneOf(['none', 'queue', 'close', 'verify', 'sweep'], { default: 'none' }),
  'deployment-id': integer({ min: 1 }),
  'deployment-repositories': list().of(parseRepository),
  'sweep-after': duration({ default: '10m' }),
  'give-up-after': duration({ default: '24h' }),
  notifier: text().check((value) => {
    if (value !== '' && !/^(@[A-Za-z0-9_-]+|[A-Za-z0-9-]+(\[bot\])?)$/.test(value))
      throw new Error('allowed: the slug of a GitHub App, or `@` and the login of a user');
  }),
  'next-workflow': text().check((value) => {
    if (value !== '' && !/^[\w.-]+\.ya?ml$/.test(value))
      throw new Error('allowed: the name of a workflow file, as promote.yml');
  }),
  'deployment-token': secret(),
  'environment-url': text().check((value) => {
    const url = URL.parse(value);
    if (value !== '' && !/^https?:$/.test(url?.protocol ?? ''))
      throw new Error('allowed: a URL with https:// or http://');
  }),
  sbom: text().of(parseReference),
  partial: boolean({ default: 'false' }),
} as const;

export type DeployInputs = Inputs<typeof deployInputs>;
