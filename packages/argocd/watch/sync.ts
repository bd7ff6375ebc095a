import type { Clock } from '@sluice/core/clock';
import { isTransient } from '../api/client-errors.ts';
import type { ArgoCD, SyncAnswer, SyncRequest } from '../api/port.ts';
import type { OurSync } from '../decide/types.ts';
import type { Application } from '../observation.ts';
import type { Selected } from '../select/select.ts';

/** Asks for a sync, and says what became of it. A request whose answer got lost is looked for by its marker, not repeated. */
export async function requestSync(
  argocd: ArgoCD,
  clock: Clock,
  selected: Selected,
  observed: Application,
  how: Pick<SyncRequest, 'prune' | 'marker'>,
): Promise<OurSync> {
  const requestedAt = clock.now();
  const answer = await ask(argocd, selected, { ...how, ...revisionOf(observed, selected) });
  return { requestedAt, ...answer };
}

async function ask(argocd: ArgoCD, { application }: Selected, request: SyncRequest): Promise<SyncAnswer> {
  try {
    return await argocd.sync(application, request);
  } catch (error) {
    if (!isTransient(error)) throw error;
    const now = await argocd.get(application).catch(() => undefined);
    if (now !== undefined && carries(now.application, request)) return { result: 'accepted' };
    return { result: 'transient', message: error.message };
  }
}

const carries = ({ operation, operationState }: Application, { marker }: SyncRequest): boolean =>
  [operation, operationState?.operation].some((one) => one?.info[marker.name] === marker.value);

/**
 * The commit that was seen to hold the change. With auto-sync on a commit is refused even when it is the head, and the branch is
 * resolved afresh: so none is named then, nor where Argo CD shows a name instead of a commit.
 */
function revisionOf(
  observed: Application,
  { sourceIndex }: Selected,
): Pick<SyncRequest, 'revision' | 'sourceIndex'> {
  const { autoSync, multiSource, sync, hydrated } = observed;
  const revision = sync.revisions[multiSource ? sourceIndex : 0] ?? '';
  if (autoSync.enabled || hydrated !== undefined || !/^[0-9a-f]{40,64}$/.test(revision)) return {};
  return multiSource ? { revision, sourceIndex } : { revision };
}
