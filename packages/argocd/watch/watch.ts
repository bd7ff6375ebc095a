import type { Clock } from '@sluice/core/clock';
import { isTransient, unavailableBecause } from '../api/client-errors.ts';
import type { Answer, Seen, Watching } from '../api/port.ts';

const firstInterval = 2000;
const longestInterval = 5000;
/** What one application may cost when many are watched together: about one request a second for all. */
const share = 1000;
/** A request answers in well under a second: waking earlier than this only doubles requests. */
const shortest = 250;

/**
 * Reads an application again and again: every 2 s at first, growing to 5 s while nothing changes, with a tenth left to chance.
 * An error that may pass is shown as `away`; any other ends it.
 */
export async function* poll(
  get: () => Promise<Answer>,
  clock: Clock,
  { until, together, wake }: Watching,
  signal?: AbortSignal,
): AsyncGenerator<Seen> {
  let interval = firstInterval;
  let before = '';
  for (;;) {
    const seen = await look(get);
    const now = seen.type === 'answer' ? stateOf(seen.answer) : '';
    interval = now === before ? Math.min(interval * 1.25, longestInterval) : firstInterval;
    before = now;
    yield seen;
    const left = until - clock.now();
    if (left <= 0) return;
    const pause = Math.max(interval, share * together) * (0.95 + Math.random() / 10);
    const woken = Math.max((wake() ?? Number.POSITIVE_INFINITY) - clock.now(), shortest);
    await clock.sleep(Math.min(pause, woken, left), signal);
  }
}

async function look(get: () => Promise<Answer>): Promise<Seen> {
  try {
    return { type: 'answer', answer: await get() };
  } catch (error) {
    if (isTransient(error)) return { type: 'away', sentence: unavailableBecause(error).unavailable };
    throw error;
  }
}

const stateOf = ({ application: { sync, health, operation, operationState } }: Answer): string =>
  [sync.status, ...sync.revisions, health.status, operation !== undefined, operationState?.phase].join(' ');
