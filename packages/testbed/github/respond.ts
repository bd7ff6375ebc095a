import { createHash } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Reply } from './types.ts';

/** The largest page that GitHub gives. */
const LARGEST_PAGE = 100;

const positive = (text: string | null, fallback: number): number => {
  const value = Number(text ?? fallback);
  return value >= 1 ? value : fallback;
};

/** One page of a list with GitHub's `Link` header; `url` is the address that was asked, with its query. */
export function paged(reply: Reply, url: URL): Reply {
  if (!Array.isArray(reply.body)) return reply;
  const size = Math.min(positive(url.searchParams.get('per_page'), 30), LARGEST_PAGE);
  const page = positive(url.searchParams.get('page'), 1);
  const last = Math.max(1, Math.ceil(reply.body.length / size));
  const link = (rel: string, number: number): string => {
    const target = new URL(url);
    target.searchParams.set('page', String(number));
    return `<${target.href}>; rel="${rel}"`;
  };
  const links = [
    ...(page > 1 ? [link('prev', page - 1), link('first', 1)] : []),
    ...(page < last ? [link('next', page + 1), link('last', last)] : []),
  ];
  return {
    ...reply,
    body: reply.body.slice((page - 1) * size, page * size),
    headers: { ...reply.headers, ...(links.length > 0 ? { link: links.join(', ') } : {}) },
  };
}

/** The ETag of an answer, and whether the request already has it. */
export function etagOf(body: string, request: IncomingMessage): { etag: string; unchanged: boolean } {
  const etag = `W/"${createHash('sha256').update(body).digest('hex')}"`;
  const known = (request.headers['if-none-match'] ?? '').split(/,\s*/);
  return { etag, unchanged: known.includes(etag) };
}

/** Sends an answer as JSON. */
export function send(
  response: ServerResponse,
  status: number,
  body: string | undefined,
  headers: Readonly<Record<string, string>>,
): void {
  const type = body === undefined ? {} : { 'content-type': 'application/json; charset=utf-8' };
  response.writeHead(status, { 'x-github-media-type': 'github.v3; format=json', ...type, ...headers });
  response.end(body);
}

/** The body of a request, at most 50 MB. */
export async function readBody(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) {
    if (Buffer.isBuffer(chunk)) chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}
