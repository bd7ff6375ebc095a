import type { CancelReason, KeepReason } from './reasons.ts';
import type { SeenRun } from './runs.ts';
import type { TracedDeployment } from './traced-deployments.ts';

export interface Cancelling {
  readonly run: SeenRun;
  /** The run that its Deployments name: the newer one that it gives way to, or the one that closes. */
  readonly by: number | undefined;
  readonly why: CancelReason;
  /** Those that give way with it: they are told before it is cancelled. */
  readonly deployments: readonly TracedDeployment[];
}

export interface Keeping {
  readonly run: number;
  readonly seen: SeenRun;
  readonly why: KeepReason;
}

/** What is to be done: the older come first, and our own run last. */
export interface Plan {
  /** The run that the others give way to; undefined where none has to. */
  readonly supersededBy: number | undefined;
  readonly cancel: readonly Cancelling[];
  readonly keep: readonly Keeping[];
}

export type Choice =
  | { readonly type: 'cancel'; readonly why: CancelReason }
  | { readonly type: 'keep'; readonly why: KeepReason };

export const cancelled = (why: CancelReason): Choice => ({ type: 'cancel', why });
export const kept = (why: KeepReason): Choice => ({ type: 'keep', why });

export interface Chosen {
  readonly run: SeenRun;
  readonly choice: Choice;
  readonly deployments?: readonly TracedDeployment[];
  /** The newer run that it gives way to, where that is not the newest of all. */
  readonly by?: number | undefined;
}

/** Puts choices together: the newest of all is the one that the others give way to. */
export function planOf(own: number, chosen: readonly Chosen[], newest: number | undefined): Plan {
  const byAge = chosen.toSorted((a, b) => a.run.id - b.run.id);
  const cancel = byAge.flatMap(({ run, choice, deployments = [], by = newest }) =>
    choice.type === 'cancel' ? [{ run, by, why: choice.why, deployments }] : [],
  );
  const others = cancel.filter(({ run }) => run.id !== own);
  const ours = cancel.filter(({ run }) => run.id === own);
  const isOther = chosen.some(({ run, choice }) => run.id === own && choice.why === 'sets-other');
  const gives = cancel.length > 0 || (newest !== undefined && newest > own && !isOther);
  return {
    supersededBy: gives ? newest : undefined,
    cancel: [...others, ...ours],
    keep: byAge.flatMap(({ run, choice }) =>
      choice.type === 'keep' ? [{ run: run.id, seen: run, why: choice.why }] : [],
    ),
  };
}
