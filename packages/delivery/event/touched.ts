import { openGitOps } from '@sluice/argocd/gitops-repository';
import { SluiceError } from '@sluice/core/errors';
import type { World } from '@sluice/core/run';
import type { Change } from '@sluice/gitops/change';
import { holds } from '@sluice/gitops/commit/commit';
import type { Repository } from '@sluice/gitops/git/repository';
import type { DeployInputs } from '../inputs.ts';
import type { OpenDeployment } from './open-deployments.ts';
import type { Wake } from './wake.ts';

/**
 * The Deployments that a notification may be about: a change of theirs is in the commit that it names. All of them where it names
 * none. One whose change cannot be read is none of a commit: the sweep says so of it.
 */
export async function touchedBy(
  open: readonly OpenDeployment[],
  wake: Wake,
  inputs: DeployInputs,
  world: World,
): Promise<readonly OpenDeployment[]> {
  const { commit } = 'commit' in wake ? wake : { commit: undefined };
  if (commit === undefined) return open;
  await using opened = new AsyncDisposableStack();
  const repositories = new Map<string, Promise<Repository>>();
  const repositoryAt = (url: string): Promise<Repository> => {
    const known = repositories.get(url) ?? openGitOps(url, inputs, world).then((one) => opened.use(one));
    repositories.set(url, known);
    return known;
  };
  const touched: OpenDeployment[] = [];
  for (const one of open) {
    const changes = 'unreadable' in one.changes ? [] : one.changes;
    const candidates = changes.filter((change) => mayHold(change, wake, world));
    for (const change of candidates) {
      const look = () => isIn(change, commit, repositoryAt);
      // Of all repositories that a dispatch may mean, one that this token does not reach must not hide the others.
      if (wake.type === 'dispatch' ? await ifReached(look, world) : await look()) touched.push(one);
    }
  }
  return [...new Set(touched)];
}

/** A status and a check run stand in the repository of this workflow; who dispatches does not say which repository is meant. */
function mayHold({ repository }: Change, wake: Wake, { context }: World): boolean {
  const { host, pathname } = new URL(repository);
  if (host !== new URL(context.serverUrl).host) return false;
  const name = pathname.replace(/^\//, '').replace(/(\.git)?\/*$/, '');
  return wake.type === 'dispatch' || name.toLowerCase() === context.repository.toLowerCase();
}

async function isIn(
  change: Change,
  commit: string,
  repositoryAt: (url: string) => Promise<Repository>,
): Promise<boolean> {
  try {
    return await holds(await repositoryAt(change.repository), change, commit);
  } catch (error) {
    // A commit of another repository; or one that nobody knows, from somebody who made it up.
    if (error instanceof SluiceError && error.code !== 'cancelled' && error.kind !== 'permission')
      return false;
    throw error;
  }
}

async function ifReached(look: () => Promise<boolean>, { log }: World): Promise<boolean> {
  try {
    return await look();
  } catch (error) {
    if (!(error instanceof SluiceError) || error.kind !== 'permission') throw error;
    log.warning(`A Deployment was not looked at: ${error.message}`);
    return false;
  }
}
