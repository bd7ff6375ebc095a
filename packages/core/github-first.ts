import type { Fetch } from './http.ts';

/** The version that our types describe; GitHub keeps it at least until 2028. */
export const API_VERSION = '2022-11-28';

/** An answer as Octokit hands it over. */
export interface Answer {
  readonly status: number;
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly data: unknown;
}

/** What came of a first try: the answer, or what Octokit is to take for its own first try. */
export type First =
  | { readonly type: 'answer'; readonly answer: Answer }
  | { readonly type: 'try-again'; readonly fetch: Fetch };

export interface FirstCall {
  readonly url: string;
  /** Of a POST. */
  readonly body?: string | undefined;
  readonly token: string;
  readonly signal?: AbortSignal | undefined;
  /** Whether that is all that was asked for. */
  readonly isWhole?: (data: unknown) => boolean;
}

/**
 * Asks GitHub without Octokit, which takes longer to load than Node takes to start: most calls succeed at once. What did not, an answer of
 * an error or none at all, is not asked for once more: with `fetch` Octokit is given it as if it had asked, and waits and tries again.
 */
export async function firstTry(fetch: Fetch, call: FirstCall): Promise<First> {
  const { url, body, token, signal, isWhole } = call;
  let received: Awaited<ReturnType<Fetch>>;
  let bytes: Buffer;
  try {
    received = await fetch(url, {
      ...(body !== undefined && { method: 'POST', body }),
      headers: {
        accept: 'application/vnd.github.v3+json',
        authorization: `bearer ${token}`,
        'user-agent': 'sluice',
        'x-github-api-version': API_VERSION,
        ...(body !== undefined && { 'content-type': 'application/json; charset=utf-8' }),
      },
      ...(signal && { signal }),
    });
    bytes = Buffer.from(await received.arrayBuffer());
  } catch (error) {
    return { type: 'try-again', fetch: after(() => Promise.reject(error), fetch) };
  }
  const { status, headers } = received;
  const isJson = /^application\/json\b/.test(headers.get('content-type') ?? '');
  const data = status === 200 && isJson ? parsed(bytes) : undefined;
  if (data !== undefined && (isWhole === undefined || isWhole(data))) {
    const answer = { status, url: received.url, headers: Object.fromEntries(headers), data };
    return { type: 'answer', answer };
  }
  const text = async () => new TextDecoder().decode(bytes);
  const again = {
    ...{ status, headers, url: received.url, text },
    json: async (): Promise<unknown> => JSON.parse(await text()),
    arrayBuffer: async () => new Uint8Array(bytes).buffer,
  };
  return { type: 'try-again', fetch: after(async () => again, fetch) };
}

/** The first call is answered by `first`, all others go out. */
function after(first: () => ReturnType<Fetch>, fetch: Fetch): Fetch {
  let isFirst = true;
  return (url, init) => {
    if (!isFirst) return fetch(url, init);
    isFirst = false;
    return first();
  };
}

function parsed(bytes: Buffer): unknown {
  try {
    return JSON.parse(bytes.toString('utf8'));
  } catch {
    return undefined;
  }
}

/** What Octokit reads in another way than as a part of the path or of the query. */
const SPECIAL: ReadonlySet<string> = new Set([
  'baseUrl',
  'headers',
  'mediaType',
  'method',
  'q',
  'request',
  'url',
]);

/** The address of a route that only reads; undefined where Octokit is needed to tell. */
export function addressOf(
  apiUrl: string,
  route: string,
  parameters: Readonly<Record<string, unknown>>,
): string | undefined {
  const [, template] = /^GET (\/[\w\-./{}]+)$/.exec(route) ?? [];
  const given = Object.entries(parameters).filter(([, value]) => value !== undefined);
  const isPlain = given.every(
    ([name, value]) => !SPECIAL.has(name) && value !== '' && /^(?:string|number|boolean)$/.test(typeof value),
  );
  if (template === undefined || !isPlain) return undefined;
  const rest = new Map(given.map(([name, value]) => [name, encoded(String(value))]));
  const path = template.replace(/\{(\w+)\}/g, (variable, name) => rest.get(name) ?? variable);
  for (const [, name = ''] of template.matchAll(/\{(\w+)\}/g)) rest.delete(name);
  if (path.includes('{')) return undefined;
  const query = [...rest].map(([name, value]) => `${name}=${value}`).join('&');
  return `${apiUrl}${path}${query === '' ? '' : `?${query}`}`;
}

/** As RFC 6570 has it, which leaves less than the language does. */
const encoded = (text: string): string =>
  encodeURIComponent(text).replace(
    /[!'()*]/g,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  );
