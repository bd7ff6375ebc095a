import type { Environment, Owner } from './folder.ts';
import { foreignBecause, isForeign } from './folder.ts';
import type { PullState } from './pull.ts';
import type { SweptResult } from './result.ts';
import { againBy, withoutBy } from './wanted-by-labels.ts';

/** What is known of one environment. */
export interface Known {
  readonly environment: Environment;
  readonly pull: PullState;
}

export interface Swept extends SweptResult {
  /** For people: how to have it again; empty where nobody needs it. */
  readonly again: string;
}

export interface Rules {
  readonly now: number;
  /** Milliseconds. */
  readonly maxAge: number;
  readonly labels: Parameters<typeof withoutBy>[1];
}

/** Which environments go, and why. Whoever did not answer keeps what is there, stale or not. */
export function decideSwept(
  { environment, pull }: Known,
  owner: Owner,
  { now, maxAge, labels }: Rules,
): Swept {
  const { folder, number } = environment;
  const of = (state: SweptResult['state'], why: string, again = ''): Swept => ({
    ...{ folder, number, state, why, again },
  });
  if (isForeign(environment, owner)) return of('foreign', `it ${foreignBecause(environment)}`);
  if (typeof pull === 'object' && 'unknown' in pull) return of('not-told', pull.unknown);
  if (pull === 'closed') return of('removed', `#${number} is closed`);
  if (pull === 'gone') return of('removed', `there is no #${number}`);
  const without = withoutBy({ number, ...pull.open }, labels);
  if (without !== undefined) return of('removed', without, againBy(labels));
  const { mark } = environment;
  const age = mark === undefined ? 0 : now - mark.deployed;
  if (age > maxAge)
    return of(
      'removed',
      `it was last deployed ${Math.floor(age / 3_600_000)} hours ago`,
      'Push a commit to have one, or run the jobs of the pull request again.',
    );
  return of('kept', `#${number} is open`);
}
