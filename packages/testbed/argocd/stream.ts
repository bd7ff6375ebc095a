import type { ServerResponse } from 'node:http';
import { type Account, may } from './accounts.ts';
import { type App, showApp } from './app.ts';
import { type ApiError, statusOf, streamBodyOf } from './errors.ts';
import type { Rig } from './rig.ts';
import { selects } from './select.ts';

interface Subscriber {
  readonly response: ServerResponse;
  readonly send: (type: 'ADDED' | 'MODIFIED', app: App) => void;
}

export interface Streams {
  /** Opens `GET /api/v1/stream/applications` for an account. */
  open(rig: Rig, account: Account, query: URLSearchParams, accept: string, response: ServerResponse): void;
  changed(app: App): void;
  /** Ends every stream: cleanly, as a stopping server does, or by cutting the connection. */
  drop(how: 'end' | 'cut'): void;
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

export function createStreams(keepAliveMs: number): Streams {
  const subscribers = new Set<Subscriber>();

  return {
    open(rig, account, query, accept, response) {
      const events = isEventStream(accept);
      const last = new Map<string, string>();
      let keepAlive: NodeJS.Timeout | undefined;
      const write = (text: string) => {
        // Not even the headers are sent before the first event.
        if (!response.headersSent) {
          response.writeHead(200, { 'Content-Type': events ? 'text/event-stream' : 'application/json' });
        }
        response.write(text);
        if (events) {
          clearTimeout(keepAlive);
          keepAlive = setTimeout(() => write(':\n'), keepAliveMs);
          keepAlive.unref();
        }
      };
      const subscriber: Subscriber = {
        response,
        send(type, app) {
          if (!may(account, 'get', app.spec.project) || !selects(query, app)) return;
          const application = showApp(app, true);
          const payload = JSON.stringify(application);
          if (last.get(app.name) === payload) return;
          last.set(app.name, payload);
          const line = JSON.stringify({ result: { type, application } });
          write(events ? `data: ${line} \n\n\n` : `${line}\n`);
        },
      };
      // resourceVersion leaves out the first burst only where no name is given.
      if (query.get('name') || !query.get('resourceVersion')) {
        for (const app of rig.apps.values()) subscriber.send('ADDED', app);
      }
      subscribers.add(subscriber);
      response.on('close', () => {
        clearTimeout(keepAlive);
        subscribers.delete(subscriber);
      });
    },
    changed(app) {
      for (const subscriber of subscribers) subscriber.send('MODIFIED', app);
    },
    drop(how) {
      for (const { response } of subscribers) how === 'end' ? response.end() : response.destroy();
    },
    count: () => subscribers.size,
  };
}
