import type { Clock } from '@sluice/core/clock';
import type { Log } from '@sluice/core/log';
import type { ClauseName, Wait } from '../decide/types.ts';

/** What a person reads while an application is waited for, and how long each part took. */
export interface Progress {
  /** One line for each change of state, with the time since the start. */
  waits(wait: Wait): void;
  says(sentence: string): void;
  /** Every line so far, without the name. */
  history(): readonly string[];
  /** Ends the last wait: `comparing 2 s, syncing 6 s, rollout 25 s`. */
  durations(): string;
}

const inOrder = ['comparing', 'syncing', 'rollout'] as const;
type Part = (typeof inOrder)[number];

const parts: Readonly<Record<ClauseName, Part>> = {
  fresh: 'comparing',
  contained: 'comparing',
  effective: 'comparing',
  spec: 'comparing',
  synced: 'syncing',
  operation: 'syncing',
  healthy: 'rollout',
  running: 'rollout',
};

export function createProgress(name: string, startedAt: number, clock: Clock, log: Log): Progress {
  const spent: Record<Part, number> = { comparing: 0, syncing: 0, rollout: 0 };
  let current: Part = 'comparing';
  let since = startedAt;
  let last = '';
  const lines: string[] = [];

  function turn(next: Part): void {
    const now = clock.now();
    spent[current] += now - since;
    since = now;
    current = next;
  }

  function line(text: string): void {
    if (text === last) return;
    last = text;
    const time = `+${Math.round((clock.now() - startedAt) / 1000)} s`;
    lines.push(`${time} ${text}`);
    log.info(`${time} ${name}: ${text}`);
  }

  return {
    waits({ clause, why }) {
      turn(parts[clause]);
      line(`waiting: ${why}`);
    },
    says: line,
    history: () => lines,
    durations() {
      turn(current);
      const words = inOrder
        .filter((part) => spent[part] >= 500)
        .map((part) => `${part} ${Math.round(spent[part] / 1000)} s`);
      return words.join(', ') || 'under 1 s';
    },
  };
}
