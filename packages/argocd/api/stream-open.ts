import type { Fetch, FetchAnswer } from '@sluice/core/plain-fetch';
import { at, text } from '../json.ts';
import { grpcCode, parseJson } from './answers.ts';
import type { Authorization } from './authorization.ts';
import { notAnApi, unreachable } from './client-errors.ts';
import { eventStreamParser, jsonLinesParser, type StreamParser } from './stream-parse.ts';

export type StreamAnswer =
  | {
      readonly ok: true;
      readonly chunks: AsyncIterable<Uint8Array>;
      readonly parser: StreamParser;
      /** It says something at least every 15 s; what is no event stream is silent as long as nothing changes. */
      readonly keepsAlive: boolean;
    }
  | {
      readonly ok: false;
      readonly status: number;
      readonly code: number | undefined;
      readonly message: string;
    };

interface Way {
  /** Closes it. */
  readonly signal: AbortSignal;
  readonly fetch: Fetch;
  readonly authorization: Authorization;
  readonly server: string;
  /** All that is hidden: every token that was sent is put in. */
  readonly tokens: Set<string>;
  readonly hidden: (message: string) => string;
}

/** What stands in an answer that is no stream; an error has some hundred bytes. */
const longestRefusal = 100_000;

/** Asks for an event stream. A token that is refused is renewed once, where it can be. */
export async function openStream(url: string, way: Way, isSecond = false): Promise<StreamAnswer> {
  const token = await way.authorization.token(way.signal);
  way.tokens.add(token);
  const answer = await connect(url, token, way);
  const { status, headers } = answer;
  const type = (headers.get('content-type') ?? '').split(';')[0]?.trim().toLowerCase();
  if (status === 200 && answer.body) {
    const chunks = answer.body;
    if (type === 'text/event-stream')
      return { ok: true, chunks, parser: eventStreamParser(), keepsAlive: true };
    if (type === 'application/json')
      return { ok: true, chunks, parser: jsonLinesParser(), keepsAlive: false };
  }
  const content = await refusalIn(answer);
  if (status === 401 && !isSecond && (await way.authorization.renew(token, way.signal)))
    return openStream(url, way, true);
  if (status < 400) throw notAnApi(way.server, status, type === '' ? 'something' : `${type}`, true);
  return { ok: false, status, ...told(content, way.hidden) };
}

async function connect(url: string, token: string, way: Way): Promise<FetchAnswer> {
  try {
    return await way.fetch(url, {
      headers: {
        ...way.authorization.headers,
        // Compared as a string by the server.
        accept: 'text/event-stream',
        authorization: `Bearer ${token}`,
        // What is packed comes in lumps.
        'accept-encoding': 'identity',
        'cache-control': 'no-cache',
      },
      redirect: 'manual',
      streamed: true,
      signal: way.signal,
    });
  } catch (error) {
    way.signal.throwIfAborted();
    throw unreachable(way.server, error);
  }
}

async function refusalIn({ body }: FetchAnswer): Promise<string> {
  const decoder = new TextDecoder();
  let content = '';
  for await (const bytes of body ?? []) {
    content += decoder.decode(bytes, { stream: true });
    // Left early, it is closed.
    if (content.length > longestRefusal) break;
  }
  return content;
}

/** A refusal is one event, or one line, with the error in it; an ingress answers with anything. */
function told(content: string, hidden: (message: string) => string) {
  const body = parseJson(content.replace(/^data:/, ''));
  const error = at(body, 'error');
  const code = at(error, 'grpc_code');
  const message = text(at(error, 'message')) ?? text(at(body, 'message'));
  return {
    code: typeof code === 'number' ? code : grpcCode(body),
    message: message === undefined ? hidden(content.trim()).slice(0, 300) : hidden(message),
  };
}
