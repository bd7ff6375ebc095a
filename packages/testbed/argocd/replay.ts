import { type Json, objectAt, sameJson, textAt, toJson } from './json.ts';

/** One recorded exchange. */
interface Recorded {
  readonly method: string;
  readonly path: string;
  readonly account: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Json | undefined;
  readonly status: number;
  readonly contentType: string;
  readonly answer: Json;
}

export interface Asked {
  readonly method: string;
  readonly path: string;
  readonly authorized: boolean;
  readonly header: (name: string) => string | undefined;
  readonly body: string;
}

export interface Replays {
  /**
   * Serves a recorded answer from now on.
   * @param contents of a file `{request, response}`
   * @returns how to stop
   */
  add(contents: string): () => void;
  find(asked: Asked): Recorded | undefined;
}

function parse(contents: string): Recorded {
  const file: Json = JSON.parse(contents);
  const request = objectAt(file, 'request');
  const response = objectAt(file, 'response');
  const status = response.status;
  const headers = Object.entries(objectAt(request, 'headers')).map(([name, value]) => [
    name.toLowerCase(),
    String(value),
  ]);
  if (typeof status !== 'number' || textAt(request, 'path') === undefined) {
    throw new Error('a recorded file holds {request: {method, path, …}, response: {status, …}}');
  }
  return {
    method: textAt(request, 'method') ?? 'GET',
    path: textAt(request, 'path') ?? '',
    account: textAt(request, 'account') ?? 'ci',
    headers: Object.fromEntries(headers),
    body: request.body,
    status,
    contentType: textAt(response, 'contentType') ?? 'application/json',
    answer: response.body ?? null,
  };
}

function sameBody(recorded: Json | undefined, body: string): boolean {
  if (recorded === undefined) return true;
  try {
    return sameJson(toJson(JSON.parse(body)), recorded);
  } catch {
    return false;
  }
}

export function createReplays(): Replays {
  const recordings: Recorded[] = [];
  return {
    add(contents) {
      const recorded = parse(contents);
      recordings.unshift(recorded);
      return () => {
        const index = recordings.indexOf(recorded);
        if (index >= 0) recordings.splice(index, 1);
      };
    },
    find(asked) {
      return recordings.find(
        (one) =>
          one.method === asked.method &&
          one.path === asked.path &&
          (one.account === 'none') === !asked.authorized &&
          Object.entries(one.headers).every(([name, value]) => asked.header(name) === value) &&
          sameBody(one.body, asked.body),
      );
    },
  };
}
