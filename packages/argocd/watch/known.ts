import type { Clock } from '@sluice/core/clock';
import type { Answer, ApplicationName } from '../api/port.ts';
import { at, type Json, text } from '../json.ts';
import { type Application, parseApplication } from '../observation.ts';

/** What is known of one application that is watched. */
export interface Known {
  readonly name: ApplicationName;
  /** How many watch it. */
  users: number;
  /** The newest. */
  answer?: Answer;
  /** When that came, by the local clock. */
  since: number;
  /** Counts what the stream has told. */
  turn: number;
  /** What it has told last, each with its turn: several may come before anybody looks. */
  told: readonly (NonNullable<Answer['passed']>[number] & { readonly turn: number })[];
  /** The connection that has shown it. */
  shownBy: number;
  /** The stream says that it was deleted: only a GET tells what is so now. */
  isGone: boolean;
  /** A GET showed this version, which the stream has not shown since. */
  ahead?: { readonly version: number; readonly since: number };
  /** End the pauses of those that watch it. */
  readonly wakers: Set<() => void>;
}

/** What is known of all applications that are watched on one server. */
export interface Board {
  readonly all: () => readonly Known[];
  enter(name: ApplicationName): Known;
  leave(known: Known): void;
  /** What a GET answered that was asked at that local time; what counts: of one that the stream has overtaken that. */
  note(name: ApplicationName, answer: Answer, askedAt: number): Answer;
  /** What a connection of the stream has shown. Throws a SluiceError where that is no Application. */
  shown(application: Json, isDeleted: boolean, connection: number): void;
  wake(): void;
}

/** More than an application's rollout goes through; a server that repeats itself must not fill the memory. */
const mostTold = 20;

/** What came after that turn and is not the last. */
export const passedSince = ({ told, turn: last }: Known, turn: number): NonNullable<Answer['passed']> =>
  told.filter((one) => one.turn > turn && one.turn < last);

const keyOf = ({ name, namespace }: { name: string; namespace: string }): string => `${namespace}/${name}`;

/** `metadata.resourceVersion`: Argo CD compares it as a number as well. */
export function versionOf(application: Json): number | undefined {
  const version = Number(text(at(application, 'metadata', 'resourceVersion')) ?? Number.NaN);
  return Number.isSafeInteger(version) ? version : undefined;
}

/** An event that was under way while a GET was answered shows what was before. */
function isOlder(one: Answer, other: Answer): boolean {
  if (one.version !== undefined && other.version !== undefined) return one.version < other.version;
  return (one.application.reconciledAt ?? 0) < (other.application.reconciledAt ?? 0);
}

/** What an event's own times must show of its age, in ms of the server's clock; all of them are whole seconds. */
const current = { youngest: -2000, oldest: 2000 };

/**
 * An event may have been held back on its way, and what came after it with it: only one that tells of something that has just
 * happened shows what is so now.
 */
function isCurrent({ health, operationState, reconciledAt }: Application, serverTime: number): boolean {
  const age = serverTime - Math.max(health.since ?? 0, operationState?.finishedAt ?? 0, reconciledAt ?? 0);
  return age >= current.youngest && age <= current.oldest;
}

export function createBoard(clock: Clock): Board {
  const entries = new Map<string, Known>();
  /** Of the server's clock against ours, at the least. */
  let offset = Number.NEGATIVE_INFINITY;

  const find = (name: string, namespace: string): Known | undefined =>
    entries.get(keyOf({ name, namespace })) ?? entries.get(keyOf({ name, namespace: '' }));

  return {
    all: () => [...entries.values()],
    enter(name) {
      const fresh: Known = {
        ...{ name, users: 0, since: 0, turn: 0, told: [], shownBy: 0, isGone: false, wakers: new Set() },
      };
      const known = entries.get(keyOf(name)) ?? fresh;
      known.users += 1;
      entries.set(keyOf(name), known);
      return known;
    },
    leave(known) {
      known.users -= 1;
      if (known.users === 0) entries.delete(keyOf(known.name));
    },
    note(name, answer, askedAt) {
      // Each lies behind by what the answer took, and by the rest of its second: the last to do so is the nearest.
      offset = Math.max(offset, answer.serverTime - clock.now());
      const known = entries.get(keyOf(name));
      if (known === undefined) return answer;
      // An event may have overtaken the answer; what was asked after it counts, whatever its number.
      if (known.answer !== undefined && isOlder(answer, known.answer) && askedAt < known.since)
        return { ...known.answer, current: false };
      known.isGone = false;
      const isNews = known.answer === undefined || isOlder(known.answer, answer);
      if (isNews && answer.version !== undefined)
        known.ahead = { version: answer.version, since: clock.now() };
      known.answer = answer;
      known.since = clock.now();
      return answer;
    },
    shown(body, isDeleted, connection) {
      const application = parseApplication(body);
      const known = find(application.name, application.namespace);
      if (known === undefined) return;
      const version = versionOf(body);
      const now = clock.now();
      const serverTime = Number.isFinite(offset) ? now + offset : now;
      const answer: Answer = {
        ...{ application, serverTime, streamed: true },
        ...(isCurrent(application, serverTime) && { current: true }),
        ...(version !== undefined && { version }),
      };
      known.shownBy = connection;
      if ((known.ahead?.version ?? 0) <= (version ?? Number.POSITIVE_INFINITY)) delete known.ahead;
      if (known.answer !== undefined && isOlder(answer, known.answer)) return;
      known.answer = answer;
      known.since = now;
      known.isGone = isDeleted;
      known.turn += 1;
      known.told = [...known.told.slice(-mostTold), { application, takenAt: now, turn: known.turn }];
      wakeAll([known]);
    },
    wake: () => wakeAll(entries.values()),
  };
}

function wakeAll(all: Iterable<Known>): void {
  for (const { wakers } of all) for (const wake of wakers) wake();
}
