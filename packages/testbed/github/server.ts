import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { type Answered, createApi } from './api.ts';
import { githubDescription } from './description.ts';
import { problem } from './errors.ts';
import type { Fault } from './faults.ts';
import { answerGitRequest, gitPath } from './git-server.ts';
import type { Hub } from './hub.ts';
import { send } from './respond.ts';

const page = '<!DOCTYPE html><html><head><title>Unicorn!</title></head><body>We had issues.</body></html>';

/** Plays the part of a fault that comes before the request is handled. Resolves with the status if it has answered. */
async function playFault(
  fault: Fault,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<number | undefined> {
  if (fault.delay !== undefined) await sleep(fault.delay);
  await fault.run?.();
  if (fault.cut === 'before-effect') {
    request.socket.destroy();
    return 0;
  }
  if (fault.html === true) {
    const status = fault.status ?? 200;
    response.writeHead(status, { 'content-type': 'text/html; charset=utf-8', ...fault.headers });
    response.end(page);
    return status;
  }
  if (fault.status === undefined) return undefined;
  const { status, body } = problem(fault.status, fault.message ?? 'Server Error');
  send(response, status, JSON.stringify(body), fault.headers ?? {});
  return status;
}

/** The content at an address that the API gives for a file of a release. */
function releaseAsset(hub: Hub, path: string): Uint8Array | undefined {
  const id = /^\/_release-assets\/(\d+)$/.exec(path)?.[1];
  if (id === undefined) return undefined;
  return [...hub.repositories.values()]
    .flatMap(({ releases }) => releases.flatMap(({ assets }) => assets))
    .find((asset) => asset.id === Number(id))?.content;
}

/** The stand-in's HTTP server: REST below `/api/v3`, GraphQL at `/api/graphql`, Git everywhere else. */
export function createGitHubServer(hub: Hub, root: string, installationTokenTtl: number): Server {
  const api = createApi(hub, githubDescription(), installationTokenTtl);

  const answer = async (request: IncomingMessage, response: ServerResponse, url: URL): Promise<Answered> => {
    const method = request.method ?? 'GET';
    const fault = hub.faults.take(method, `${url.pathname}${url.search}`);
    const played = fault === undefined ? undefined : await playFault(fault, request, response);
    if (played !== undefined) return { who: '-', status: played };
    if (url.pathname === '/api/graphql' || url.pathname.startsWith('/api/v3/')) {
      return api.answer(request, response, url, fault);
    }
    const asset = releaseAsset(hub, url.pathname);
    if (asset !== undefined) {
      // It stands for another server, to whom GitHub's token is nothing.
      if (request.headers.authorization !== undefined)
        hub.violations.push(`${method} ${url.pathname}: a token was sent to where release assets lie`);
      response.writeHead(200, { 'content-type': 'application/octet-stream' });
      response.end(asset);
      return { who: '-', status: 200 };
    }
    const target = gitPath(url.pathname);
    if (target !== undefined) {
      const cutAnswer = fault?.cut === 'after-effect';
      return answerGitRequest(hub, { root, target, url, cutAnswer }, request, response);
    }
    hub.violations.push(`${method} ${url.pathname}: no such page`);
    send(response, 404, JSON.stringify({ message: 'Not Found' }), {});
    return { who: '-', status: 404 };
  };

  return createServer((request, response) => {
    const url = new URL(request.url ?? '/', hub.links.web);
    const logged = { method: request.method ?? 'GET', path: `${url.pathname}${url.search}` };
    answer(request, response, url).then(
      ({ who, status, operation }) => {
        hub.requests.push({
          ...logged,
          token: who,
          status,
          ...(operation === undefined ? {} : { operation }),
        });
      },
      (error: unknown) => {
        const what = error instanceof Error ? (error.stack ?? error.message) : String(error);
        hub.violations.push(`Stand-in failed: ${what}`);
        if (!response.headersSent) response.writeHead(500);
        response.end();
      },
    );
  });
}
