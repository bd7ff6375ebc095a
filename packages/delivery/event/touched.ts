import { heldAt } from '@sluice/argocd/evidence/held';
import { openGitOps } from '@sluice/argocd/gitops-repository';
import { SluiceError } from '@sluice/core/errors';
import type { World } from '@sluice/core/run';
import type { Change } from '@sluice/gitops/change';
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
      if (await mayBeIn(change, commit, wake, world, repositoryAt)) touched.push(one);
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

/**
 * Whether a commit holds a change, or that cannot be told: then the Deployment is looked at all the same, and what is wrong is said of
 * it. An outage is never taken for "not about this one".
 */
async function mayBeIn(
  change: Change,
  commit: string,
  wake: Wake,
  { log, signal }: World,
  repositoryAt: (url: string) => Promise<Repository>,
): Promise<boolean> {
  try {
    return await heldAt(await repositoryAt(change.repository), change, commit);
  } catch (error) {
    signal.throwIfAborted();
    if (!(error instanceof SluiceError)) throw error;
    if (isUnknownCommit(error)) return false;
    // Of all repositories that a dispatch may mean, one that this token does not reach must not hide the others.
    const isElsewhere = wake.type === 'dispatch' && OUT_OF_REACH.has(error.code);
    log.warning(
      isElsewhere
        ? `A Deployment was not looked at: ${error.message}`
        : `Whether a Deployment is meant could not be told: ${error.message}`,
    );
    return !isElsewhere;
  }
}

const OUT_OF_REACH: ReadonlySet<string> = new Set(['not-visible', 'permission-denied']);

/** A commit of another repository; or one that nobody knows, from somebody who made it up. `not our ref` are the words of Git's server. */
const isUnknownCommit = ({ code, message }: SluiceError): boolean =>
  code === 'commit-missing' || /not our ref [0-9a-f]+$/.test(message);
