import type { Query } from './queries.ts';
import type { OsvRecord } from './records.ts';

/** When an answer goes on another page. */
export interface PageSizes {
  /** Most of one query; default 1000, as `_MAX_VULN_LISTED_PRE_EXCEEDED`. */
  readonly query: number;
  /** When a batch has had more, default 3000, as `_MAX_VULN_RESP_THRESH`, … */
  readonly batch: number;
  /** … a query of it gets this many; default 5, as `_MAX_VULN_LISTED_POST_EXCEEDED`. */
  readonly afterwards: number;
}

export interface Page {
  readonly vulns?: readonly { readonly id: string; readonly modified: string }[];
  readonly next_page_token?: string;
}

/** Cuts the answer to one query; `given` is how many the batch has had. Undefined where the token is of no such query. */
export function cut(
  found: readonly OsvRecord[],
  query: Query,
  given: number,
  sizes: PageSizes,
): Page | undefined {
  const begin = query.token === undefined ? 0 : startOf(query, query.token);
  if (begin === undefined || begin > found.length) return undefined;
  const end = begin + (given > sizes.batch ? sizes.afterwards : sizes.query);
  const vulns = found.slice(begin, end).map(({ id, modified }) => ({ id, modified }));
  // proto3 leaves out what is empty: no hit is `{}`.
  return {
    ...(vulns.length > 0 && { vulns }),
    ...(end < found.length && { next_page_token: tokenOf(query, end) }),
  };
}

function tokenOf({ ecosystem, name, version }: Query, begin: number): string {
  return Buffer.from(JSON.stringify([ecosystem, name, version, begin])).toString('base64url');
}

function startOf(query: Query, token: string): number | undefined {
  const begin = Number(/(\d+)\]$/.exec(Buffer.from(token, 'base64url').toString())?.[1]);
  return tokenOf(query, begin) === token ? begin : undefined;
}
