import { createServer, type IncomingMessage, type RequestListener, type ServerResponse } from 'node:http';
import { createServer as createTlsServer, type ServerOptions } from 'node:https';
import type { Accounts } from './accounts.ts';
import { ApiError, bodyOf, statusOf } from './errors.ts';
import type { Call } from './handlers.ts';
import { type HttpFaults, meet } from './http-faults.ts';
import { isObject, type Json, type JsonObject, toJson } from './json.ts';
import type { AnswerLogin } from './logins.ts';
import type { Replays } from './replay.ts';
import type { Rig } from './rig.ts';
import { type Route, routes, streamQuery } from './routes.ts';
import { refuseStream, type Streams } from './stream.ts';
import { unknownFields } from './sync-request.ts';

export interface SeenRequest {
  readonly method: string;
  /** Path with query. */
  readonly path: string;
  readonly body: string;
  /** The header's value stays out: it holds the token. */
  readonly authorized: boolean;
  /** Milliseconds since the epoch. */
  readonly at: number;
}

export interface ServerParts {
  readonly rig: Rig;
  readonly accounts: Accounts;
  readonly faults: HttpFaults;
  readonly outage: Call['outage'];
  readonly replays: Replays;
  readonly streams: Streams;
  readonly answerLogin: AnswerLogin;
  /** `/argocd` where the server has a root path; else empty. */
  readonly basePath: string;
  readonly requests: SeenRequest[];
  readonly violations: string[];
}

async function readBody(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(Buffer.from(chunk));
  return Buffer.concat(chunks).toString('utf8');
}

function send(response: ServerResponse, status: number, body: Json, contentType = 'application/json'): void {
  response.writeHead(status, { 'Content-Type': contentType });
  response.end(typeof body === 'string' ? body : JSON.stringify(body));
}

function parseBody(text: string): JsonObject {
  if (text === '') return {};
  try {
    const body = toJson(JSON.parse(text));
    if (isObject(body)) return body;
  } catch {
    // Told below, as for a body that is no object.
  }
  throw new ApiError(3, `invalid character '${text.trim()[0] ?? ' '}' looking for beginning of value`);
}

function checkQuery(
  parts: ServerParts,
  line: string,
  query: URLSearchParams,
  known: readonly string[],
): void {
  for (const name of new Set(query.keys())) {
    if (!known.includes(name)) parts.violations.push(`${line}: unknown query parameter ${name}`);
  }
}

async function answerRoute(
  parts: ServerParts,
  line: string,
  url: URL,
  route: Route,
  request: IncomingMessage,
  body: string,
): Promise<JsonObject> {
  checkQuery(parts, line, url.searchParams, route.query);
  const account = parts.accounts.authenticate(request.headers.authorization, request.headers.cookie);
  const parsed = parseBody(body);
  const strange = request.method === 'POST' ? unknownFields(parsed) : Object.keys(parsed);
  for (const field of strange) parts.violations.push(`${line}: unknown body field ${field}`);
  const args = (route.pattern.exec(url.pathname) ?? []).slice(1).map(decodeURIComponent);
  const { rig, outage } = parts;
  return route.handle({ rig, account, args, query: url.searchParams, body: parsed, outage });
}

function userinfo(parts: ServerParts, request: IncomingMessage): JsonObject {
  try {
    const account = parts.accounts.authenticate(request.headers.authorization, request.headers.cookie);
    return { loggedIn: true, username: account.name, iss: 'argocd' };
  } catch {
    return {};
  }
}

function openStream(
  parts: ServerParts,
  url: URL,
  line: string,
  request: IncomingMessage,
  response: ServerResponse,
): void {
  const accept = request.headers.accept ?? '';
  checkQuery(parts, line, url.searchParams, streamQuery);
  try {
    const account = parts.accounts.authenticate(request.headers.authorization, request.headers.cookie);
    parts.streams.open(parts.rig, account, url.searchParams, accept, response);
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    refuseStream(error, accept, response);
  }
}

async function dispatch(
  parts: ServerParts,
  line: string,
  url: URL,
  request: IncomingMessage,
  response: ServerResponse,
  body: string,
): Promise<void> {
  const method = request.method ?? 'GET';
  const login = parts.answerLogin({ method, path: url.pathname, headers: request.headers, body });
  if (login === 'no route') return send(response, 404, '404 page not found\n', 'text/plain; charset=utf-8');
  if (login !== undefined) return send(response, login.status, login.body);
  if (method !== 'GET' && request.headers['content-type']?.toLowerCase() !== 'application/json') {
    return send(response, 415, 'Invalid content type\n', 'text/plain; charset=utf-8');
  }
  if (method === 'GET' && url.pathname === '/api/version')
    return send(response, 200, { Version: 'v3.2.11+unknown' });
  if (method === 'GET' && url.pathname === '/api/v1/session/userinfo')
    return send(response, 200, userinfo(parts, request));
  if (method === 'GET' && url.pathname === '/api/v1/stream/applications') {
    return openStream(parts, url, line, request, response);
  }
  const route = routes.find((one) => one.method === method && one.pattern.test(url.pathname));
  if (route === undefined) {
    parts.violations.push(`${line}: no such route`);
    return send(response, 404, { code: 5, message: 'Not Found' });
  }
  try {
    send(response, 200, await answerRoute(parts, line, url, route, request, body));
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    send(response, statusOf(error), bodyOf(error));
  }
}

/** Serves a recorded answer, where there is one for this request. */
function replayed(
  parts: ServerParts,
  path: string,
  request: IncomingMessage,
  response: ServerResponse,
  body: string,
): boolean {
  const found = parts.replays.find({
    method: request.method ?? 'GET',
    path,
    authorized: request.headers.authorization !== undefined,
    header: (name) => request.headers[name]?.toString(),
    body,
  });
  if (found === undefined) return false;
  send(response, found.status, found.answer, found.contentType);
  return true;
}

async function serve(parts: ServerParts, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const body = await readBody(request);
  response.sendDate = false;
  response.setHeader('Date', new Date(parts.rig.clock.now()).toUTCString());
  const path = request.url ?? '/';
  const line = `${request.method} ${path}`;
  const authorized = request.headers.authorization !== undefined;
  parts.requests.push({ method: request.method ?? 'GET', path, body, authorized, at: Date.now() });
  const fault = parts.faults.take(line);
  if (fault !== undefined && (await meet(fault, request, response))) return;
  if (!path.startsWith(`${parts.basePath}/`))
    return send(response, 404, '404 page not found\n', 'text/plain; charset=utf-8');
  const inner = path.slice(parts.basePath.length);
  if (replayed(parts, inner, request, response, body)) return;
  await dispatch(parts, line, new URL(inner, 'http://argocd'), request, response, body);
}

/** The HTTP server; a defect of the stand-in itself is a violation, never a silent answer. */
export function createApiServer(parts: ServerParts, tls: ServerOptions | undefined) {
  const listener: RequestListener = (request, response) => {
    serve(parts, request, response).catch((error: unknown) => {
      parts.violations.push(`${request.method} ${request.url}: the stand-in failed: ${error}`);
      if (!response.headersSent)
        send(response, 500, { error: String(error), code: 13, message: String(error) });
      else response.destroy();
    });
  };
  return tls === undefined ? createServer(listener) : createTlsServer(tls, listener);
}
