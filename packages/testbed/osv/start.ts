import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { createHttpFaults, type HttpFaults, meet } from '../argocd/http-faults.ts';
import { cut, type Page, type PageSizes } from './pages.ts';
import { invalid, type Refusal, readBatch } from './queries.ts';
import { type OsvRecord, recordsFor } from './records.ts';

export type { OsvRecord } from './records.ts';

export interface OsvOptions {
  readonly records?: readonly OsvRecord[];
  readonly pages?: Partial<PageSizes>;
}

/** What the API answers in place of the truth: any value, which is written as JSON. */
export interface Lies {
  batch?: (answer: { readonly results: readonly Page[] }) => unknown;
  record?: (record: OsvRecord) => unknown;
}

export interface OsvStandIn {
  readonly url: string;
  /** `POST /v1/querybatch`, oldest first. */
  readonly requests: readonly string[];
  /** How many queries each batch had. */
  readonly batches: readonly number[];
  /** One sentence for each request that the API refuses for its form. */
  readonly violations: readonly string[];
  /** Faults of single requests: 5xx, 429, hang, cut. */
  readonly faults: HttpFaults;
  readonly lies: Lies;
  expectNoViolations(): void;
  close(): Promise<void>;
}

/** Starts a strict stand-in for OSV's API on the loopback, over the records that it is given. */
export async function startOsv(options: OsvOptions = {}): Promise<OsvStandIn> {
  const records = options.records ?? [];
  const byId = new Map(records.map((record) => [record.id, record]));
  const byName = groupByName(records);
  const sizes = { query: 1000, batch: 3000, afterwards: 5, ...options.pages };
  const requests: string[] = [];
  const batches: number[] = [];
  const violations: string[] = [];
  const faults = createHttpFaults();
  const lies: Lies = {};

  const answerBatch = (body: string): unknown => {
    const queries = readBatch(body);
    if ('status' in queries) return queries;
    batches.push(queries.length);
    const results: Page[] = [];
    let given = 0;
    for (const [index, query] of queries.entries()) {
      const found = query === undefined ? [] : recordsFor(byName.get(query.name) ?? [], query);
      const page = query === undefined ? {} : cut(found, query, given, sizes);
      if (page === undefined) return invalid(`Invalid page token at index: ${index}.`);
      given += page.vulns?.length ?? 0;
      results.push(page);
    }
    const answer = { results };
    return lies.batch === undefined ? answer : lies.batch(answer);
  };

  const answerRecord = (id: string): unknown => {
    const record = byId.get(id);
    if (record === undefined) return { status: 404, code: 5, message: 'Bug not found.' };
    return lies.record === undefined ? record : lies.record(record);
  };

  const answer = (request: IncomingMessage, body: string): unknown => {
    const [, id] = /^\/v1\/vulns\/([^/?]+)$/.exec(request.url ?? '') ?? [];
    if (request.method === 'GET' && id !== undefined) return answerRecord(decodeURIComponent(id));
    if (request.method === 'POST' && request.url === '/v1/querybatch') {
      const type = request.headers['content-type'] ?? '';
      if (!type.startsWith('application/json')) return invalid('The body is not of type application/json.');
      return answerBatch(body);
    }
    return { status: 404, code: 5, message: `The current request is not defined by this API.` };
  };

  const server = await listen(async (request, response) => {
    const line = `${request.method} ${request.url}`;
    requests.push(line);
    const fault = faults.take(line);
    if (fault !== undefined && (await meet(fault, request, response))) return;
    let body = '';
    for await (const chunk of request) body += String(chunk);
    const value = answer(request, body);
    const refusal = isRefusal(value) ? value : undefined;
    if (refusal !== undefined) violations.push(`${line}: ${refusal.message}`);
    response.writeHead(refusal?.status ?? 200, { 'Content-Type': 'application/json' });
    const { code, message } = refusal ?? {};
    response.end(JSON.stringify(refusal === undefined ? value : { code, message, details: [] }));
  });

  return {
    ...{ url: server.url, requests, batches, violations, faults, lies },
    expectNoViolations() {
      if (violations.length > 0) throw new Error(`OSV was asked wrongly: ${violations.join('; ')}`);
    },
    close: server.close,
  };
}

function groupByName(records: readonly OsvRecord[]): ReadonlyMap<string, readonly OsvRecord[]> {
  const groups = new Map<string, OsvRecord[]>();
  for (const record of records) {
    for (const name of new Set((record.affected ?? []).map((entry) => entry.package?.name ?? ''))) {
      const group = groups.get(name) ?? [];
      group.push(record);
      groups.set(name, group);
    }
  }
  return groups;
}

function isRefusal(value: unknown): value is Refusal {
  return typeof value === 'object' && value !== null && 'status' in value && 'code' in value;
}

async function listen(
  handler: (request: IncomingMessage, response: ServerResponse) => void,
): Promise<{ readonly url: string; close(): Promise<void> }> {
  const server = createServer(handler);
  const sockets = new Set<Socket>();
  server.on('connection', (socket: Socket) => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('The server has no port');
  return {
    url: `http://127.0.0.1:${address.port}`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        for (const socket of sockets) socket.destroy();
      }),
  };
}
