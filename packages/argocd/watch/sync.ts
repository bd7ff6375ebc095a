import type { Clock } from '@sluice/core/clock';
import { isTransient } from '../api/client-errors.ts';
import type { ArgoCD, SyncAnswer, SyncRequest } from '../api/port.ts';
import { REQUEST } from '../decide/sync-request.ts';
import type { OurSync } from '../decide/types.ts';
import { at, items } from '../json.ts';
import type { Application, ResourceKey } from '../observation.ts';
import type { Selected } from '../select/select.ts';

/** How every sync of a run is asked for. */
export interface SyncHow extends Pick<SyncRequest, 'prune' | 'marker'> {
  /** `CreateNamespace=true`: beside those that the Application has. */
  readonly options?: readonly string[];
}

/**
 * Asks for a sync, and says what became of it. A request whose answer got lost is looked for by its marker, not repeated.
 * @param resources what to sync; absent: all.
 */
export async function requestSync(
  argocd: ArgoCD,
  clock: Clock,
  selected: Selected,
  observed: Application,
  how: SyncHow,
  resources?: readonly ResourceKey[],
): Promise<OurSync> {
  const requestedAt = clock.now();
  const { prune, marker } = how;
  const id = `${marker.value}/${selected.sourceIndex}/${requestedAt}`;
  const options = optionsOf(observed, how.options ?? []);
  const request = {
    ...{ prune, marker, request: { name: REQUEST, value: id } },
    ...(options !== undefined && { options }),
    ...(resources !== undefined && { resources }),
  };
  const pinned = await ask(argocd, selected, { ...request, ...revisionOf(observed, selected) });
  // What the branch holds by then is seen afterwards, in the revision that was synced.
  const answer = pinned.result === 'unpinned' ? await ask(argocd, selected, request) : pinned;
  const sent = { requestedAt, request: id, ...(resources !== undefined && { partial: true }) };
  return answer.result === 'accepted'
    ? { ...sent, result: answer.result }
    : { ...sent, message: answer.message, result: answer.result === 'unpinned' ? 'refused' : answer.result };
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

const carries = ({ operation, operationState }: Application, { request }: SyncRequest): boolean =>
  request !== undefined &&
  [operation, operationState?.operation].some((one) => one?.info[request.name] === request.value);

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

/** A request with options is run with these alone, so the Application's own go with them, but for those that are set anew. */
function optionsOf({ wanted }: Application, added: readonly string[]): readonly string[] | undefined {
  if (added.length === 0) return undefined;
  const nameOf = (option: string): string => option.slice(0, option.indexOf('='));
  const names = new Set(added.map(nameOf));
  const own = items(at(wanted, 'syncPolicy', 'syncOptions')).filter(
    (option): option is string => typeof option === 'string' && !names.has(nameOf(option)),
  );
  return [...own, ...added];
}
