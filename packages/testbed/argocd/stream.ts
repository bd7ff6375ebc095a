import type { ServerResponse } from 'node:http';
import { type Account, may } from './accounts.ts';
import { type App, showApp } from './app.ts';
import { ApiError, type GrpcCode, statusOf, streamBodyOf } from './errors.ts';
import { type Json, toJson } from './json.ts';
import type { Rig } from './rig.ts';
import { selects } from './select.ts';
import { streamFields } from './stream-fields.ts';

type EventType = 'ADDED' | 'MODIFIED' | 'DELETED';

interface Subscriber {
  readonly response: ServerResponse;
  readonly send: (type: EventType, app: App) => void;
  readonly fail: (error: ApiError) => void;
}

/** What is wrong with streams, from the moment that it is set. */
export interface StreamFaults {
  /** They say nothing any more, not even comments; nobody notices. */
  mute: boolean;
  /** A proxy holds back all that comes from now on: of a stream that opens also the headers. */
  buffered: boolean;
  /** How many of the next changes are told nobody, as where a subscriber's buffer is full. */
  lost: number;
}

export interface Streams {
  /** Opens `GET /api/v1/stream/applications` for an account. */
  open(rig: Rig, account: Account, query: URLSearchParams, accept: string, response: ServerResponse): void;
  changed(app: App): void;
  deleted(app: App): void;
  /** Ends every stream: cleanly, as a stopping server does, or by cutting the connection. */
  drop(how: 'end' | 'cut'): void;
  /** Ends every stream with an error as its last event. */
  fail(code: GrpcCode, message: string): void;
  readonly faults: StreamFaults;
  readonly count: () => number;
}

const isEventStream = (accept: string) => accept === 'text/event-stream';

/** An error on a stream: one event, and the HTTP status. */
export function refuseStream(error: ApiError, accept: string, response: ServerResponse): void {
  const body = JSON.stringify(streamBodyOf(error));
  const events = isEventStream(accept);
  response.writeHead(statusOf(error), { 'Content-Type': events ? 'text/event-stream' : 'application/json' });
  response.end(events ? `data: ${body} \n\n` : `${body}\n`);
}

/** The filters of a stream: those of the list but for `repo`, which it takes and does not look at. */
function selectsOnStream(query: URLSearchParams, app: App): boolean {
  const filter = new URLSearchParams(query);
  filter.delete('repo');
  // Beside a name alone: without one it is not looked at either.
  if (!query.get('name')) filter.delete('appNamespace');
  else if (!query.get('appNamespace')) filter.set('appNamespace', 'argocd');
  return selects(filter, app);
}

export function createStreams(keepAliveMs: number): Streams {
  const subscribers = new Set<Subscriber>();
  const faults: StreamFaults = { mute: false, buffered: false, lost: 0 };

  function subscribe(account: Account, query: URLSearchParams, accept: string, response: ServerResponse) {
    const events = isEventStream(accept);
    const fields = streamFields(query.get('fields'));
    // By the name alone: two applications of one name, in two namespaces, share an entry.
    const last = new Map<string, string>();
    let keepAlive: NodeJS.Timeout | undefined;
    const write = (text: string) => {
      clearTimeout(keepAlive);
      if (events) keepAlive = setTimeout(() => write(':\n'), keepAliveMs).unref();
      if (faults.mute || faults.buffered) return;
      // Not even the headers are sent before the first event.
      if (!response.headersSent) {
        response.writeHead(200, { 'Content-Type': events ? 'text/event-stream' : 'application/json' });
      }
      response.write(text);
    };
    const line = (body: Json) => {
      const text = JSON.stringify(body);
      write(events ? `data: ${text} \n\n\n` : `${text}\n`);
    };
    response.on('close', () => clearTimeout(keepAlive));
    const subscriber: Subscriber = {
      response,
      send(type, app) {
        if (!may(account, 'get', app.spec.project) || !selectsOnStream(query, app)) return;
        const event = fields(toJson({ result: { type, application: showApp(app, true) } }));
        const payload = JSON.stringify(event);
        if (last.get(app.name) === payload) return;
        last.set(app.name, payload);
        line(event);
      },
      fail(error) {
        line(streamBodyOf(error));
        response.end();
      },
    };
    return subscriber;
  }

  return {
    faults,
    open(rig, account, query, accept, response) {
      const subscriber = subscribe(account, query, accept, response);
      // resourceVersion leaves out the first burst only where no name is given.
      if (query.get('name') || !query.get('resourceVersion')) {
        for (const app of rig.apps.values()) subscriber.send('ADDED', app);
      }
      subscribers.add(subscriber);
      response.on('close', () => subscribers.delete(subscriber));
    },
    changed(app) {
      if (faults.lost > 0) faults.lost -= 1;
      else for (const subscriber of subscribers) subscriber.send('MODIFIED', app);
    },
    deleted(app) {
      for (const subscriber of subscribers) subscriber.send('DELETED', app);
    },
    drop(how) {
      for (const { response } of subscribers) how === 'end' ? response.end() : response.destroy();
    },
    fail(code, message) {
      for (const subscriber of subscribers) subscriber.fail(new ApiError(code, message));
    },
    count: () => subscribers.size,
  };
}
