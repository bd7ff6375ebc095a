import { SluiceError } from '@sluice/core/errors';
import type { DeployInputs } from './inputs.ts';

/** Whether this run only plans. */
export const isPlanOnly = (inputs: DeployInputs): boolean =>
  inputs['dry-run'] || inputs.deployment === 'queue';

/** Inputs that are wrong together only, all in one error. Throws a SluiceError `invalid-input`. */
export function checkDeployInputs(inputs: DeployInputs): void {
  const problems: string[] = [];
  const watches = !isPlanOnly(inputs) && inputs.verify === 'healthy' && inputs.commit === 'direct';
  if (inputs.commit === 'none')
    problems.push(
      '`commit: none` edits the workspace only, so there is nothing to wait for: use image-tag-bump.',
    );
  if (watches && inputs['argocd-server'].length === 0) problems.push('`argocd-server` is missing.');
  if (watches && inputs['argocd-token'] === '') problems.push('`argocd-token` is missing.');
  const keeps = inputs.deployment === 'queue' || inputs['deployment-id'] !== undefined;
  if (keeps && (inputs.project === '' || inputs.environment === '')) {
    problems.push('A Deployment needs `project` and `environment`.');
  }
  if (keeps && inputs['deployment-token'] === '') problems.push('A Deployment needs `deployment-token`.');
  if (problems.length === 0) return;
  throw new SluiceError('input', 'invalid-input', problems.join(' '), {
    hint: 'Argo CD is needed unless `verify: committed`, `dry-run` or `deployment: queue` says otherwise.',
  });
}
