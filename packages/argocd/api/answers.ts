import { retryAfter } from '@sluice/core/no-answer';
import type { FetchAnswer } from '@sluice/core/plain-fetch';
import { at, type Json } from '../json.ts';

export type Query = Readonly<Record<string, string | readonly string[] | undefined>>;

/** The URL with a query; a list becomes the parameter several times over. */
export function withQuery(url: string, query: Query): string {
  const parameters = new URLSearchParams();
  for (const [name, value] of Object.entries(query)) {
    for (const one of typeof value === 'string' ? [value] : (value ?? [])) parameters.append(name, one);
  }
  return parameters.size === 0 ? url : `${url}?${parameters}`;
}

export function parseJson(content: string): Json {
  try {
    return JSON.parse(content);
  } catch {
    return undefined;
  }
}

/** The gRPC code beside the message: 9 FailedPrecondition, 14 Unavailable. It says more than the HTTP status. */
export function grpcCode(body: Json): number | undefined {
  const code = at(body, 'code');
  return typeof code === 'number' ? code : undefined;
}

/** 0.5, 1, 2 s with half of it left to chance, so that many waiting jobs do not come back at once. */
export function pause(attempt: number): number {
  return 500 * 2 ** (attempt - 1) * (0.5 + Math.random() / 2);
}

const longestPause = 30_000;

/** `Retry-After` in ms, bounded. */
export function pauseAsked(headers: FetchAnswer['headers'], now: number): number | undefined {
  const wait = retryAfter(headers, now);
  return wait === undefined ? undefined : Math.min(wait, longestPause);
}
