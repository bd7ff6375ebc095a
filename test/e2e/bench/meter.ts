import { type AddressInfo, connect, createServer, type Socket } from 'node:net';

/** What went through since the last `take`. */
export interface Traffic {
  /** Of HTTP/1.1; gRPC is not taken apart. */
  readonly requests: number;
  readonly bytes: number;
}

/** Stands between a client and Argo CD, and counts. */
export interface Meter {
  readonly host: string;
  take(): Traffic;
  /** Of all that went through since the start. */
  bytes(): number;
}

/** Counts the bytes that the server sends, and the requests that it gets. */
export async function createMeter(target: string): Promise<Meter> {
  let [requests, bytes, earlier] = [0, 0, 0];
  const { hostname, port } = new URL(target);
  const server = createServer((socket: Socket) => {
    const upstream = connect(Number(port), hostname);
    socket.on('data', (chunk) => {
      requests += chunk.toString('latin1').split(' HTTP/1.1\r\n').length - 1;
    });
    upstream.on('data', (chunk) => {
      bytes += chunk.length;
    });
    upstream.pipe(socket).pipe(upstream);
    for (const [one, other] of [[socket, upstream] as const, [upstream, socket] as const]) {
      one.on('error', () => other.destroy());
      one.on('close', () => other.destroy());
    }
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port: own } = server.address() as AddressInfo;
  const take = (): Traffic => {
    const taken = { requests, bytes };
    earlier += bytes;
    [requests, bytes] = [0, 0];
    return taken;
  };
  return { host: `127.0.0.1:${own}`, take, bytes: () => earlier + bytes };
}
