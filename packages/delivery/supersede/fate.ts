import type { ErrorCode } from '@sluice/core/errors';
import type { Cancelling } from './plan.ts';
import type { SeenRun } from './runs.ts';

/** What became of a run that was to be cancelled. */
export type Fate =
  /** It has ended by it; `isWindingUp`: it can begin nothing any more, and its last jobs still run. */
  | { readonly type: 'cancelled'; readonly isWindingUp?: boolean }
  | { readonly type: 'finished' }
  | { readonly type: 'began-first' }
  | { readonly type: 'still-there' }
  /** It was asked to end, and what became of it could not be read. */
  | { readonly type: 'unseen' }
  | (Refusal & { readonly type: 'refused' | 'not-recorded' | 'pull-request-left' });

interface Refusal {
  /** What GitHub said, in one sentence. */
  readonly why: string;
  /** Of the error; none where GitHub has refused nothing. */
  readonly code?: ErrorCode;
}

export interface Ended {
  readonly item: Cancelling;
  readonly fate: Fate;
}

/** What GitHub said to the request. */
export type Answer = { readonly type: 'taken' | 'conflict' } | (Refusal & { readonly type: 'refused' });

export interface Asked {
  readonly item: Cancelling;
  readonly answer: Answer;
}

/**
 * What became of a run by what GitHub answered and by what was seen afterwards. `now`: the run as it is; undefined where it was not seen,
 * which says nothing of it.
 *
 * A job with `always()` goes on in a cancelled run. Where the run's Deployment says that it is superseded, and nothing of it had begun, it can
 * deploy no more, and it counts as cancelled as soon as it is seen to have gone on to such jobs.
 */
export function fateOf({ item, answer }: Asked, now: SeenRun | undefined): Fate {
  // By whom it was cancelled makes no difference.
  if (now?.status === 'completed') return { type: now.conclusion === 'cancelled' ? 'cancelled' : 'finished' };
  if (answer.type === 'refused') return answer;
  if (now === undefined) return { type: 'unseen' };
  // 409 as well: somebody else has cancelled it, and its last jobs run.
  const cannotBegin = item.deployments.length > 0 && item.why !== 'awaited-merge';
  return cannotBegin && now.status === 'in_progress'
    ? { type: 'cancelled', isWindingUp: true }
    : { type: 'still-there' };
}

export const isGood = ({ fate }: Ended): boolean => fate.type === 'cancelled';
export const isBad = ({ fate }: Ended): boolean =>
  'why' in fate || fate.type === 'still-there' || fate.type === 'unseen';
