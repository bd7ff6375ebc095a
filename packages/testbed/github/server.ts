import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { createDescription } from './description.ts';
import { badCredentials, problem, requiresAuthentication } from './errors.ts';
import type { Fault } from './faults.ts';
import { answerGitRequest, gitPath } from './git-server.ts';
import { answerGraphQL } from './graphql.ts';
import type { Hub } from './hub.ts';
import { etagOf, paged, readBody, send } from './respond.ts';
import { answerRest } from './rest.ts';
import { secretOf } from './tokens.ts';
import type { Reply } from './types.ts';

interface Answer {
  readonly reply: Reply;
  readonly who: string;
  readonly operation?: string;
}

const parseJson = (bytes: Buffer): { readonly value: unknown } | undefined => {
  if (bytes.length === 0) return { value: undefined };
  try {
    return { value: JSON.parse(bytes.toString()) };
  } catch {
    return undefined;
  }
};

const page = '<!DOCTYPE html><html><head><title>Unicorn!</title></head><body>We had issues.</body></html>';

/** Plays the part of a fault that comes before the request is handled; true when it has answered. */
async function playFault(
  fault: Fault | undefined,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<number | undefined> {
  if (fault === undefined) return undefined;
  if (fault.delay !== undefined) await sleep(fault.delay);
  await fault.run?.();
  if (fault.cut === 'before-effect') {
    request.socket.destroy();
    return 0;
  }
  if (fault.html === true) {
    response.writeHead(fault.status ?? 200, { 'content-type': 'text/html; charset=utf-8', ...fault.headers });
    response.end(page);
    return fault.status ?? 200;
  }
  if (fault.status === undefined) return undefined;
  const { status, body } = problem(fault.status, fault.message ?? 'Server Error');
  send(response, status, JSON.stringify(body), fault.headers ?? {});
  return status;
}

/** The HTTP half of the stand-in: REST below `/api/v3`, GraphQL at `/api/graphql`, Git everywhere else. */
export function createGitHubServer(hub: Hub, root: string, installationTokenTtl: number): Server {
  const description = createDescription();

  const answerApi = async (request: IncomingMessage, url: URL, json: unknown): Promise<Answer> => {
    const method = request.method ?? 'GET';
    if (url.pathname === '/api/graphql') {
      const secret = secretOf(request.headers.authorization);
      if (secret === undefined) return { reply: requiresAuthentication(), who: '-' };
      const token = hub.tokens.find(secret);
      if (token === undefined) return { reply: badCredentials(), who: '-' };
      const exhausted = hub.limits.count(token.id);
      if (exhausted !== undefined) return { reply: exhausted, who: token.id };
      return { ...(await answerGraphQL(hub, token, json)), who: token.id };
    }
    const path = url.pathname.slice('/api/v3'.length);
    const { reply, match, who } = await answerRest(
      hub,
      description,
      { request, method, url, path, body: json },
      installationTokenTtl,
    );
    if (match === undefined) return { reply, who };
    const cut = description.isPaged(match.operation) ? paged(reply, url) : reply;
    const own = description.responseProblems(match.operation, cut.status, cut.body);
    hub.violations.push(...own.map((sentence) => `Stand-in, ${match.operation}: ${sentence}`));
    return { reply: cut, who };
  };

  const api = async (
    request: IncomingMessage,
    response: ServerResponse,
    url: URL,
    fault: Fault | undefined,
  ) => {
    const json = parseJson(await readBody(request));
    const { reply, who, operation } =
      json === undefined
        ? { reply: problem(400, 'Problems parsing JSON'), who: '-', operation: undefined }
        : await answerApi(request, url, json.value);
    if (json === undefined) hub.violations.push(`${url.pathname}: the body is not JSON`);
    if (fault?.cut === 'after-effect') {
      request.socket.destroy();
      return { status: 0, who, operation };
    }
    const text = reply.body === undefined ? undefined : JSON.stringify(reply.body);
    const headers = {
      'x-github-request-id': `SLUICE:${hub.requests.length}`,
      ...hub.limits.headers(who),
      ...reply.headers,
    };
    if (request.method === 'GET' && reply.status === 200 && text !== undefined) {
      const { etag, unchanged } = etagOf(text, request);
      if (unchanged) hub.limits.refund(who);
      const tagged = { ...headers, ...hub.limits.headers(who), etag };
      send(response, unchanged ? 304 : 200, unchanged ? undefined : text, tagged);
      return { status: unchanged ? 304 : 200, who, operation };
    }
    send(response, reply.status, text, headers);
    return { status: reply.status, who, operation };
  };

  const handle = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const url = new URL(request.url ?? '/', hub.links.web);
    const method = request.method ?? 'GET';
    const path = `${url.pathname}${url.search}`;
    const log = (token: string, status: number, operation?: string): void => {
      hub.requests.push({ method, path, token, status, ...(operation === undefined ? {} : { operation }) });
    };
    const fault = hub.faults.take(method, path);
    const faulted = await playFault(fault, request, response);
    if (faulted !== undefined) return log('-', faulted);
    if (url.pathname === '/api/graphql' || url.pathname.startsWith('/api/v3/')) {
      const { who, status, operation } = await api(request, response, url, fault);
      return log(who, status, operation);
    }
    const target = gitPath(url.pathname);
    if (target !== undefined) {
      const { who, status } = await answerGitRequest(hub, root, target, request, response, url);
      return log(who, status);
    }
    hub.violations.push(`${method} ${url.pathname}: no such page`);
    send(response, 404, JSON.stringify({ message: 'Not Found' }), {});
    log('-', 404);
  };

  return createServer((request, response) => {
    handle(request, response).catch((error: unknown) => {
      hub.violations.push(
        `Stand-in failed: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`,
      );
      if (!response.headersSent) response.writeHead(500);
      response.end();
    });
  });
}
