import type { Clock } from '@sluice/core/clock';
import { SluiceError } from '@sluice/core/errors';
import type { Client, Query } from '../api/client.ts';
import { covers, streamQuery } from '../api/stream-query.ts';
import { at, isRecord, type Json, text } from '../json.ts';
import type { Board, Known } from './known.ts';

/** Times in ms. */
export interface StreamTimes {
  /** With the first event an application's state comes at once: where nothing does, streams do not get through. */
  readonly first: number;
  /** Argo CD says something every 15 s: after that long nobody knows whether anything would come. */
  readonly trusted: number;
  /** And after that long the connection is dead. */
  readonly silent: number;
  /** What is no event stream says nothing while nothing changes: it is opened anew, which shows everything anew. */
  readonly quiet: number;
  /** What a GET has shown must come by the stream as well. */
  readonly lag: number;
  /** The pauses before it is opened again: the first, and the longest. */
  readonly pause: number;
  readonly longestPause: number;
}

export const streamTimes: StreamTimes = {
  first: 10_000,
  trusted: 25_000,
  silent: 40_000,
  quiet: 60_000,
  lag: 5000,
  pause: 500,
  longestPause: 60_000,
};

/** The one stream of a server. */
export interface Stream {
  /** Opens it where it is not open, and does not cover this application. */
  want(known: Known): void;
  /** Whether no news of this application is good news. */
  isTrusted(known: Known): boolean;
  /** Nobody watches any more. */
  close(): void;
}

interface Parts {
  readonly client: Pick<Client, 'open'>;
  readonly clock: Clock;
  readonly board: Board;
  readonly times: StreamTimes;
  /** Asks for an application to learn whether the token is still accepted. */
  readonly checkToken: () => Promise<void>;
}

interface Connection {
  readonly id: number;
  readonly query: Query;
  readonly control: AbortController;
  readonly openedAt: number;
  /** Of its last byte, by the local clock. */
  heardAt: number;
  /** Something of an application came. */
  works: boolean;
  keepsAlive: boolean;
}

/** Why a connection is closed from our side. */
type Why = 'other filter' | 'silent' | 'over';

const UNAUTHENTICATED = 16;

export function createStream({ client, clock, board, times, checkToken }: Parts): Stream {
  let connection: Connection | undefined;
  let ids = 0;
  let running: AbortController | undefined;

  async function run(over: AbortSignal): Promise<void> {
    let failures = 0;
    for (;;) {
      const query = streamQuery(board.all().map(({ name }) => name));
      if (query === undefined || over.aborted) return;
      const made: Connection = {
        ...{ id: ++ids, query, control: new AbortController(), openedAt: clock.now() },
        ...{ heardAt: clock.now(), works: false, keepsAlive: true },
      };
      connection = made;
      // Whatever ends it: requests go on, and they say what is wrong with the server.
      const code = await follow(made).catch(() => undefined);
      connection = undefined;
      if (over.aborted) return;
      if (made.control.signal.reason === 'other filter') {
        // Others may come, too.
        await clock.sleep(times.pause, over).catch(() => {});
        continue;
      }
      board.wake();
      if (code === UNAUTHENTICATED) await checkToken();
      failures = failuresAfter(made, failures);
      const pause = Math.min(times.pause * 2 ** (failures - 1), times.longestPause);
      await clock.sleep(pause * (0.5 + Math.random() / 2), over).catch(() => {});
    }
  }

  /** One that has shown something is opened again at once, one that showed nothing after a while. */
  function failuresAfter({ works, openedAt }: Connection, before: number): number {
    if (!works) return before + 4;
    return clock.now() - openedAt > times.silent ? 1 : before + 1;
  }

  /** Until it ends, or is closed; Argo CD's code where it says why. */
  async function follow(made: Connection): Promise<number | undefined> {
    const { control } = made;
    void guard(made);
    try {
      const answer = await client.open('/api/v1/stream/applications', made.query, control.signal);
      if (!answer.ok) return answer.status === 401 ? UNAUTHENTICATED : answer.code;
      made.keepsAlive = answer.keepsAlive;
      for await (const bytes of answer.chunks) {
        made.heardAt = clock.now();
        for (const event of answer.parser.push(bytes)) {
          const code = take(event, made);
          if (code !== undefined) return code;
        }
      }
      return undefined;
    } finally {
      // A body that is left early stays open otherwise, and the guard with it.
      control.abort('over' satisfies Why);
    }
  }

  /** Closes what says nothing any more. A comment is no event: until there is one, nothing shows that they get through. */
  async function guard(made: Connection): Promise<void> {
    const { signal } = made.control;
    while (!signal.aborted) {
      const silence = made.keepsAlive ? times.silent : times.quiet;
      const deadline = made.works ? made.heardAt + silence : made.openedAt + times.first;
      const left = deadline - clock.now();
      if (left <= 0) made.control.abort('silent' satisfies Why);
      else await clock.sleep(left, signal).catch(() => {});
    }
  }

  /** One event; Argo CD's code where it is an error. */
  function take(event: string, made: Connection): number | undefined {
    const body = parse(event);
    const error = at(body, 'error');
    if (isRecord(error)) {
      const code = error.grpc_code;
      return error.http_code === 401 ? UNAUTHENTICATED : typeof code === 'number' ? code : -1;
    }
    const application = at(body, 'result', 'application');
    if (application === undefined) return undefined;
    made.works = true;
    board.shown(application, text(at(body, 'result', 'type')) === 'DELETED', made.id);
    return undefined;
  }

  return {
    want(known) {
      if (running === undefined) {
        const mine = new AbortController();
        running = mine;
        void run(mine.signal).finally(() => {
          if (running === mine) running = undefined;
        });
        return;
      }
      // What has no room in a filter is read: another stream would not show it either.
      const isWanting = connection !== undefined && !covers(connection.query, known.name);
      const query = streamQuery(board.all().map(({ name }) => name));
      if (isWanting && query !== undefined && covers(query, known.name))
        connection?.control.abort('other filter' satisfies Why);
    },
    isTrusted(known) {
      if (connection === undefined || known.shownBy !== connection.id || known.isGone) return false;
      const now = clock.now();
      if (known.ahead !== undefined && now > known.ahead.since + times.lag) {
        // It leaves out what is so: a server whose buffer ran over, or something that holds it back.
        delete known.ahead;
        connection.control.abort('silent' satisfies Why);
        return false;
      }
      return !connection.keepsAlive || now <= connection.heardAt + times.trusted;
    },
    close() {
      running?.abort('over' satisfies Why);
      connection?.control.abort('over' satisfies Why);
      running = undefined;
    },
  };
}

function parse(event: string): Json {
  try {
    return JSON.parse(event);
  } catch (error) {
    throw new SluiceError('platform', 'argocd-answer', 'The stream holds something that is no JSON.', {
      cause: error,
    });
  }
}
