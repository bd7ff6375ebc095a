import { createServer as createHttpServer, request as httpRequest, type Server } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import { connect, type Socket } from 'node:net';
import type { SecureContextOptions } from 'node:tls';

// curl shows no password before it was told which way to.
const REFUSAL =
  'HTTP/1.1 407 Proxy Authentication Required\r\nProxy-Authenticate: Basic realm="proxy"\r\nConnection: close\r\nContent-Length: 0\r\n\r\n';

/** A proxy of a company's network. */
export interface ProxyServer {
  /** With the user and password that it wants, if any. */
  readonly url: string;
  /** What it was asked to connect to: `localhost:443`. */
  readonly asked: readonly string[];
  close(): void;
}

/**
 * Starts a proxy that knows CONNECT alone. `routes` sends a `host:port` that nobody outside reaches to a port of the
 * loopback: what arrives there came through the proxy. With `login`, as `user:password`, it answers 407 to all others.
 */
export async function startProxy(
  options: { readonly routes?: Readonly<Record<string, number>>; readonly login?: string } = {},
): Promise<ProxyServer> {
  const { routes = {}, login } = options;
  const asked: string[] = [];
  const wanted = login === undefined ? undefined : `Basic ${Buffer.from(login).toString('base64')}`;
  const server = createHttpServer((_request, response) => response.writeHead(405).end());
  server.on('connect', (request, socket, head) => {
    socket.on('error', () => {});
    if (wanted !== undefined && request.headers['proxy-authorization'] !== wanted) {
      socket.end(REFUSAL);
      return;
    }
    const target = request.url ?? '';
    asked.push(target);
    const [host = '', port] = target.split(':');
    const route = routes[target];
    const upstream = connect(route ?? Number(port), route === undefined ? host : '127.0.0.1', () => {
      socket.write('HTTP/1.1 200 Connection established\r\n\r\n');
      upstream.write(head);
      upstream.pipe(socket);
      socket.pipe(upstream);
    });
    upstream.on('error', () => socket.destroy());
    socket.on('close', () => upstream.destroy());
  });
  const { port, close } = await listen(server);
  const [user = '', password = ''] = (login ?? '').split(':').map(encodeURIComponent);
  const at = login === undefined ? '' : `${user}:${password}@`;
  return { url: `http://${at}127.0.0.1:${port}`, asked, close };
}

/** A server that speaks TLS in front of one that does not. */
export interface TlsFront {
  readonly port: number;
  /** The first word of each client's `User-Agent`. */
  readonly clients: ReadonlySet<string>;
  close(): void;
}

/** Starts TLS in front of the server at `target`. */
export async function startTlsFront(target: string, certificate: SecureContextOptions): Promise<TlsFront> {
  const clients = new Set<string>();
  const server = createTlsServer(certificate, (request, response) => {
    clients.add((request.headers['user-agent'] ?? '').split(/[/ ]/)[0] ?? '');
    const { method, headers, url = '' } = request;
    const upstream = httpRequest(new URL(url, target), { method: method ?? 'GET', headers }, (answer) => {
      response.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.pipe(response);
    });
    upstream.on('error', () => response.destroy());
    request.pipe(upstream);
  });
  return { ...(await listen(server)), clients };
}

async function listen(server: Server): Promise<{ port: number; close: () => void }> {
  const sockets = new Set<Socket>();
  server.on('connection', (socket: Socket) => sockets.add(socket));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  const close = () => {
    for (const socket of sockets) socket.destroy();
    server.close();
  };
  return { port, close };
}
