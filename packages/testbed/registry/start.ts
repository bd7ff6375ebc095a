import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { createHttpFaults, type HttpFaults, meet } from '../argocd/http-faults.ts';
import { type Auth, createGuard, type Guard } from './auth.ts';
import { answerRegistry } from './routes.ts';
import { type PushOptions, pushImage, type Repository } from './store.ts';

export type { Auth, Login } from './auth.ts';

export interface RegistryOptions {
  /** Default: none. */
  readonly auth?: Auth;
  /** Most tags of one page, whatever `n` asks for; default 1000. */
  readonly pageSize?: number;
}

/** How the registry errs, until it is told otherwise. */
export interface Errs {
  /** HEAD and GET of manifests name this digest in their header; `none`: they name none. */
  digestHeader?: string;
  /** Blobs are on another host, to which the registry redirects. */
  redirectBlobs?: boolean;
  /** Answers HEAD with 405. */
  noHead?: boolean;
  /** A blob's bytes are others than its digest says. */
  wrongBlobs?: boolean;
  /** The address of the next page of tags, in place of the true one. */
  nextPage?: string;
}

export interface RegistryStandIn {
  /** `127.0.0.1:41234`: what an image's name begins with. */
  readonly host: string;
  readonly url: string;
  /** The host that blobs are redirected to. */
  readonly blobHost: string;
  /** `GET /v2/shop/tags/list?n=1000`, oldest first. */
  readonly requests: readonly string[];
  /** One sentence for each request that no client may make. */
  readonly violations: readonly string[];
  /** Faults of single requests: 5xx, 429, hang, cut. */
  readonly faults: HttpFaults;
  readonly errs: Errs;
  /** Puts an image under its tags. Gives the digest that a tag leads to. */
  push(repository: string, options: PushOptions): string;
  /** Every token that was given out ends now. */
  expireTokens(): void;
  expectNoViolations(): void;
  close(): Promise<void>;
}

/** Starts a strict registry on the loopback: the pull half of the OCI distribution specification, version 1.1. */
export async function startRegistry(options: RegistryOptions = {}): Promise<RegistryStandIn> {
  const { auth = { type: 'none' }, pageSize = 1000 } = options;
  const repositories = new Map<string, Repository>();
  const requests: string[] = [];
  const violations: string[] = [];
  const faults = createHttpFaults();
  const errs: Errs = {};
  let host = '';
  let blobHost = '';
  const guard: Guard = createGuard(auth, () => `http://${host}`, violations);

  const server = await listen(async (request, response) => {
    const line = `${request.method} ${request.url}`;
    requests.push(line);
    for (const secret of guard.secrets()) {
      if (decodeURIComponent(line).includes(secret)) violations.push('A secret stands in an address');
    }
    const fault = faults.take(line);
    if (fault !== undefined && (await meet(fault, request, response))) return;
    let posted = '';
    for await (const chunk of request) posted += String(chunk);
    const registry = { guard, repositories, violations, errs, pageSize, blobHost };
    const { status, headers, body } = answerRegistry(registry, request, posted);
    response.writeHead(status, {
      'Docker-Distribution-API-Version': 'registry/2.0',
      'Content-Length': body.length,
      ...headers,
    });
    response.end(request.method === 'HEAD' ? undefined : body);
  });
  const blobServer = await listen((request, response) => {
    requests.push(`${request.method} //blobs${request.url}`);
    if (request.headers.authorization !== undefined) {
      violations.push('Credentials of the registry were sent to the host of the blobs');
    }
    const [, name = '', digest = ''] = /^\/(.+)\/(sha256:[0-9a-f]+)$/.exec(request.url ?? '') ?? [];
    const blob = repositories.get(name)?.blobs.get(digest);
    response.writeHead(blob === undefined ? 404 : 200, { 'Content-Type': 'application/octet-stream' });
    response.end(blob?.bytes);
  });
  host = server.host;
  blobHost = blobServer.host;

  return {
    ...{ host, blobHost, requests, violations, faults, errs },
    url: `http://${host}`,
    push(name, image) {
      const repository: Repository = repositories.get(name) ?? {
        tags: new Map(),
        manifests: new Map(),
        blobs: new Map(),
      };
      repositories.set(name, repository);
      return pushImage(repository, image);
    },
    expireTokens: () => guard.expire(),
    expectNoViolations() {
      if (violations.length > 0) throw new Error(`The registry was asked wrongly: ${violations.join('; ')}`);
    },
    async close() {
      await Promise.all([server.close(), blobServer.close()]);
    },
  };
}

async function listen(
  handler: (request: IncomingMessage, response: ServerResponse) => void,
): Promise<{ readonly host: string; close(): Promise<void> }> {
  const server: Server = createServer(handler);
  const sockets = new Set<Socket>();
  server.on('connection', (socket: Socket) => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('The server has no port');
  return {
    host: `127.0.0.1:${address.port}`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        for (const socket of sockets) socket.destroy();
      }),
  };
}
