import type { Environment, Owner } from './folder.ts';
import { isForeign } from './folder.ts';
import type { PullState } from './pull.ts';
import type { SweptResult } from './result.ts';

/** What is known of one environment. */
export interface Known {
  readonly environment: Environment;
  readonly pull: PullState;
  /** When it was last written, milliseconds since the epoch; undefined where nothing tells. */
  readonly writtenAt: number | undefined;
}

/** Which environments go, and why. Whoever did not answer keeps what is there, stale or not. */
export function decideSwept(
  { environment, pull, writtenAt }: Known,
  owner: Owner,
  { now, maxAge }: { readonly now: number; readonly maxAge: number },
): SweptResult {
  const { folder, number, mark } = environment;
  const of = (state: SweptResult['state'], why: string): SweptResult => ({ folder, number, state, why });
  if (isForeign(environment, owner))
    return of('foreign', `it is of #${mark?.number} of ${mark?.project} in ${mark?.repository}`);
  if (typeof pull === 'object') return of('not-told', pull.unknown);
  if (pull === 'closed') return of('removed', `#${number} is closed`);
  if (pull === 'gone') return of('removed', `there is no #${number}`);
  const age = writtenAt === undefined ? 0 : now - writtenAt;
  if (age > maxAge) return of('removed', `it was last deployed ${Math.floor(age / 3_600_000)} hours ago`);
  return of('kept', `#${number} is open`);
}
