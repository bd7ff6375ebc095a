/** One status of a Deployment; `state` in small letters, as REST has it. */
export interface StatusSeen {
  readonly state: string;
  readonly description: string;
}

/**
 * How far a Deployment of ours has come.
 *
 * - `queued`: nothing was changed yet.
 * - `superseded`: a newer run took its place before anything was changed; its own run, if it goes on, stops at its first write.
 * - `begun`: it changes something now. `merge`: it waits for a pull request to be merged.
 * - `succeeded`, `ended`: nothing more comes, with success and without.
 */
export type Standing = 'queued' | 'superseded' | 'begun' | 'merge' | 'succeeded' | 'ended';

/** What waits says for what (wait-for-merges.ts); what has ended as committed, merged or proposed is `pending`, too. */
const WAITING = /^$|^wait/i;
const MARK = /^Superseded by run (\d{1,16})\b/;

/** What stands on the Deployment of a run that gives way; a person reads it, and `supersedingRun` knows it again. */
export const supersededText = (run: number, more: string): string => `Superseded by run ${run}: ${more}`;

/** The run that a status names as the one that took over; undefined for every other status. */
export function supersedingRun({ state, description }: StatusSeen): number | undefined {
  const id = state === 'inactive' ? MARK.exec(description)?.[1] : undefined;
  return id === undefined ? undefined : Number(id);
}

/**
 * Reads it from the statuses, oldest first. Who wrote first has won: `in_progress` before the word of a newer run is a deployment that goes
 * on, and after it one that stops before its first write. What stood before the last `queued` is another attempt's.
 */
export function standingOf(statuses: readonly StatusSeen[]): Standing {
  const now = sinceQueued(statuses);
  const begun = now.findIndex(({ state }) => state === 'in_progress');
  if (supersededBy(statuses) !== undefined) return 'superseded';
  const last = lastOwn(now);
  switch (last?.state) {
    case undefined:
      return 'queued';
    case 'success':
      return 'succeeded';
    case 'failure':
    case 'error':
    case 'inactive':
      return 'ended';
    case 'pending':
      if (begun === -1) return 'begun';
      return WAITING.test(last.description) ? 'merge' : 'ended';
    default:
      return 'begun';
  }
}

/** The run that took over before anything was changed; undefined where none did, or where it came too late. Statuses oldest first. */
export function supersededBy(statuses: readonly StatusSeen[]): number | undefined {
  const now = sinceQueued(statuses);
  const begun = now.findIndex(({ state }) => state === 'in_progress');
  const before = begun === -1 ? now : now.slice(0, begun);
  return before.map(supersedingRun).find((run) => run !== undefined);
}

/** The last status that the run itself has written: a newer one that came too late has said nothing of how far it is. */
export const lastOwn = (statuses: readonly StatusSeen[]): StatusSeen | undefined =>
  statuses.findLast((status) => supersedingRun(status) === undefined);

const sinceQueued = (statuses: readonly StatusSeen[]): readonly StatusSeen[] =>
  statuses.slice(statuses.findLastIndex(({ state }) => state === 'queued') + 1);
