import { openGitOps } from '@sluice/argocd/gitops-repository';
import { runArgoSyncWait } from '@sluice/argocd/run';
import { SluiceError } from '@sluice/core/errors';
import type { World } from '@sluice/core/run';
import type { Change } from '@sluice/gitops/change';
import type { DeployInputs } from '../inputs.ts';
import { couldNotTell, type Finding } from './finding.ts';
import { locate } from './locate.ts';
import type { OpenDeployment } from './open-deployments.ts';

/** The changes of a Deployment, each with a commit that holds it; or why there is nothing to look at. */
export type Located =
  | { readonly type: 'located'; readonly changes: readonly Change[] }
  | { readonly type: 'nothing'; readonly finding: Finding };

/** Finds on the branches what a Deployment meant to do. */
export async function locateChanges(
  { changes }: OpenDeployment,
  inputs: DeployInputs,
  world: World,
): Promise<Located> {
  if ('unreadable' in changes) {
    const summary = `Whether it is live cannot be told from its Deployment: ${changes.unreadable}.`;
    return { type: 'nothing', finding: couldNotTell('change-not-kept', summary) };
  }
  const located: Change[] = [];
  for (const change of changes) {
    checkHost(change, world);
    await using repository = await openGitOps(change.repository, inputs, world);
    const commit = await locate(repository, change);
    if (commit === undefined) return { type: 'nothing', finding: notOnBranch(change) };
    located.push({ ...change, commit });
  }
  return { type: 'located', changes: located };
}

const notOnBranch = ({ branch, repository }: Change): Finding => ({
  ...{ verdict: 'pending', ok: 'unknown', reason: 'not-on-branch', evidence: 'observed' },
  summary: `The change is not on ${branch} of ${repository}: its pull request is not merged, or it was never committed.`,
});

/** A payload may name any server; this run's login and its network are for GitHub's own. */
function checkHost({ repository }: Change, { context }: World): void {
  if (new URL(repository).host === new URL(context.serverUrl).host) return;
  throw new SluiceError(
    'input',
    'invalid-input',
    `A Deployment names the repository ${repository}, which is not on ${context.serverUrl}.`,
    {
      hint: 'Look at who created that Deployment.',
    },
  );
}

/** The same wait as of the run that deploys, of what it left behind. */
export async function observe(
  changes: readonly Change[],
  inputs: DeployInputs,
  world: World,
  timeout: number,
): Promise<Finding> {
  // Project and environment are the key of the deployment, and choose no applications.
  const asked = {
    change: changes,
    revision: '',
    project: '',
    environment: '',
    tenant: '',
    mode: 'wait',
  } as const;
  const waited = await runArgoSyncWait({ ...inputs, ...asked, timeout }, world);
  const { verdict, ok, reason, summary, hint } = waited;
  const [first] = changes;
  return {
    ...{ verdict, ok, reason, summary, evidence: 'observed', waited },
    ...(hint !== undefined && { hint }),
    ...(first !== undefined && { commit: first.commit }),
  };
}
