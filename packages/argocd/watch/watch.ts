import type { Clock } from '@sluice/core/clock';
import { SluiceError } from '@sluice/core/errors';
import type { Budget } from '../api/budget.ts';
import { kindOf } from '../api/budget.ts';
import type { Client } from '../api/client.ts';
import { isTransient, unavailableBecause } from '../api/client-errors.ts';
import type { Answer, ApplicationName, Seen, Watching } from '../api/port.ts';
import { createBoard, type Known, passedSince } from './known.ts';
import { createStream, type StreamTimes } from './watch-stream.ts';

/** Without a stream an application is read so often: at first, and while nothing changes. */
const firstInterval = 2000;
const longestInterval = 5000;
/** What one application may cost when many are watched together: about one request a second for all. */
const share = 1000;
/** Beside a stream: it can miss events, and tells of no resource whose health changes while the application's does not. */
const besideStream = 1.25;
/** What the stream has shown last is shown again: time may have changed what is thought of it. */
const shownAgain = 10_000;
/** What is shown again after that is no longer what is so now. */
const justNow = 1000;
/** A request answers in well under a second: waking earlier than this only doubles requests. */
const shortest = 250;

/** All that is watched on one server, over one stream. */
export interface Watcher {
  watch(name: ApplicationName, watching: Watching, get: () => Promise<Answer>): AsyncGenerator<Seen>;
  /**
   * A GET of an application has answered that was asked at that local time: what the stream shows later may be older. What counts: of
   * an answer that the stream has overtaken what that has shown.
   */
  note(name: ApplicationName, answer: Answer, askedAt: number): Answer;
}

/** By the local clock: when the next GET is due, and when the application is shown again at the latest. */
interface Times {
  readonly due: number;
  readonly show: number;
}

export interface WatcherParts {
  readonly client: Pick<Client, 'open'>;
  readonly clock: Clock;
  readonly budget: Budget;
  readonly signal?: AbortSignal;
  readonly times: StreamTimes;
}

export function createWatcher({ client, clock, budget, signal, times }: WatcherParts): Watcher {
  const board = createBoard(clock);
  const gets = new Map<Known, () => Promise<Answer>>();
  /** Of the token: it ends every watch. */
  let refused: SluiceError | undefined;
  const stream = createStream({ client, clock, board, times, checkToken });
  const onAbort = () => {
    stream.close();
    board.wake();
  };

  async function checkToken(): Promise<void> {
    const [get] = gets.values();
    try {
      await get?.();
    } catch (error) {
      if (error instanceof SluiceError && error.code === 'argocd-token') refused = error;
    }
    board.wake();
  }

  function enter(name: ApplicationName, get: () => Promise<Answer>): Known {
    if (board.all().length === 0) signal?.addEventListener('abort', onAbort);
    const known = board.enter(name);
    gets.set(known, get);
    return known;
  }

  function leave(known: Known): void {
    board.leave(known);
    if (known.users === 0) gets.delete(known);
    if (board.all().length > 0) return;
    signal?.removeEventListener('abort', onAbort);
    stream.close();
  }

  async function* watch(name: ApplicationName, watching: Watching, get: () => Promise<Answer>) {
    const known = enter(name, get);
    try {
      yield* follow(known, watching, get);
    } finally {
      leave(known);
    }
  }

  async function* follow(known: Known, { until, wake }: Watching, get: () => Promise<Answer>) {
    const reads = readsOf(get);
    let { turn } = known;
    // A GET of our own: only its `Date` says from when on a comparison has seen what was committed before.
    let seen = await reads.read();
    while (seen.type === 'away') {
      yield seen;
      const left = until - clock.now();
      if (left <= 0) return;
      await pause(known, Math.min(reads.due(false) - clock.now(), left));
      seen = await reads.read();
    }
    stream.want(known);
    for (;;) {
      yield seen;
      const shownAt = clock.now();
      if (shownAt >= until) return;
      const how = await next(known, turn, () => {
        const isTrusted = stream.isTrusted(known);
        return { due: reads.due(isTrusted), show: Math.min(showAt(shownAt, isTrusted, wake()), until) };
      });
      // Before the GET: an event may overtake its answer.
      const before = turn;
      turn = known.turn;
      seen = how === 'read' ? await reads.read() : latest(known, before);
    }
  }

  /** Waits until there is something to show, and says whether that is to be read first. */
  async function next(known: Known, turn: number, times: () => Times): Promise<'read' | 'show'> {
    for (;;) {
      if (turn !== known.turn) return known.isGone ? 'read' : 'show';
      const { due, show } = times();
      const now = clock.now();
      const how = nowDue(known, now >= due, now >= show);
      if (how !== undefined) return how;
      // Whoever is woken by the end of the stream looks at the times anew.
      await pause(known, Math.min(now >= due ? now + share : due, show) - now);
    }
  }

  function nowDue(known: Known, isDue: boolean, isShown: boolean): 'read' | 'show' | undefined {
    const read = (isDue || (isShown && !stream.isTrusted(known))) && mayRead(known);
    return read ? 'read' : isShown ? 'show' : undefined;
  }

  function mayRead(known: Known): boolean {
    return known.answer === undefined || known.isGone || !budget.isSpent(kindOf(known.name, 'read'));
  }

  /** The GETs of one that watches. */
  function readsOf(get: () => Promise<Answer>) {
    let at = 0;
    let interval = firstInterval;
    let before = '';
    return {
      async read(): Promise<Seen> {
        const seen = await look(get);
        at = clock.now();
        const state = seen.type === 'answer' ? stateOf(seen.answer) : '';
        interval = state === before ? Math.min(interval * 1.25, longestInterval) : firstInterval;
        before = state;
        return seen;
      },
      /** When the next one is. */
      due(isTrusted: boolean): number {
        const count = board.all().length;
        const every = isTrusted
          ? Math.max(longestInterval, share * besideStream * count)
          : Math.max(interval, share * count);
        return at + jitter(every);
      },
    };
  }

  function latest(known: Known, turn: number): Seen {
    const { answer, since } = known;
    if (answer === undefined) throw new SluiceError('internal', 'internal-error', 'Nothing is known yet.');
    const current = answer.current === true && clock.now() - since <= justNow;
    const passed = passedSince(known, turn);
    return { type: 'answer', answer: { ...answer, streamed: true, current, passed } };
  }

  /** Ends early when there is something to show. */
  async function pause(known: Known, ms: number): Promise<void> {
    const early = new AbortController();
    const end = () => early.abort();
    known.wakers.add(end);
    try {
      if (!signal?.aborted && ms > 0) await clock.sleep(ms, early.signal).catch(() => {});
    } finally {
      known.wakers.delete(end);
    }
    signal?.throwIfAborted();
    if (refused !== undefined) throw refused;
  }

  return { watch, note: board.note };
}

/** When what is known is shown again, though nothing has changed. */
const showAt = (shownAt: number, isTrusted: boolean, wake = Number.POSITIVE_INFINITY): number =>
  Math.min(isTrusted ? shownAt + shownAgain : Number.POSITIVE_INFINITY, Math.max(wake, shownAt + shortest));

const jitter = (ms: number): number => ms * (0.95 + Math.random() / 10);

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
