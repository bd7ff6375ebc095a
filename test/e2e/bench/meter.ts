import { createServer, request } from 'node:http';
import {
  type AddressInfo,
  connect,
  createServer as createTcpServer,
  type Server,
  type Socket,
} from 'node:net';

/** What went through since the last `take`. */
export interface Traffic {
  /** Absent where nobody reads what goes through. */
  readonly requests?: number;
  readonly bytes: number;
}

/** Stands between a client and Argo CD, and counts. */
export interface Meter {
  readonly host: string;
  take(): Traffic;
  /** Of all that went through since the start. */
  bytes(): number;
}

/** Counts requests and the bytes of bodies and heads of answers, HTTP/1.1. */
export async function meterHttp(target: string): Promise<Meter> {
  let [requests, bytes, earlier] = [0, 0, 0];
  const server = createServer((incoming, outgoing) => {
    requests++;
    const { method, headers, url = '' } = incoming;
    const upstream = request(new URL(url, target), { method, headers }, (answer) => {
      bytes += answer.rawHeaders.join('').length;
      outgoing.writeHead(answer.statusCode ?? 502, answer.headers);
      // Of a stream the head is waited for as well.
      outgoing.flushHeaders();
      answer.on('data', (chunk: Buffer) => {
        bytes += chunk.length;
        outgoing.write(chunk);
      });
      answer.on('end', () => outgoing.end());
      answer.on('error', () => outgoing.destroy());
    });
    upstream.on('error', () => outgoing.destroy());
    outgoing.on('close', () => upstream.destroy());
    incoming.pipe(upstream);
  });
  const host = await listen(server);
  const take = (): Traffic => {
    const taken = { requests, bytes };
    earlier += bytes;
    [requests, bytes] = [0, 0];
    return taken;
  };
  return { host, take, bytes: () => earlier + bytes };
}

/** Counts the bytes that the server sends, whatever they are: gRPC is not taken apart. */
export async function meterTcp(target: string): Promise<Meter> {
  let [bytes, earlier] = [0, 0];
  const { hostname, port } = new URL(target);
  const server = createTcpServer((socket: Socket) => {
    const upstream = connect(Number(port), hostname);
    upstream.on('data', (chunk) => {
      bytes += chunk.length;
    });
    upstream.pipe(socket).pipe(upstream);
    for (const [one, other] of [[socket, upstream] as const, [upstream, socket] as const]) {
      one.on('error', () => other.destroy());
      one.on('close', () => other.destroy());
    }
  });
  const host = await listen(server);
  const take = (): Traffic => {
    const taken = { bytes };
    earlier += bytes;
    bytes = 0;
    return taken;
  };
  return { host, take, bytes: () => earlier + bytes };
}

async function listen(server: Server): Promise<string> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return `127.0.0.1:${port}`;
}
