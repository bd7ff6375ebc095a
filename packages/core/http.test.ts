import { readFileSync } from 'node:fs';
import { createServer as createHttpServer, type Server } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { Socket } from 'node:net';
import { TLSSocket } from 'node:tls';
import { type ProxyServer, startProxy } from '@sluice/testbed/proxy';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { createFetch, proxySettings } from './http.ts';
import { plainFetch } from './plain-fetch.ts';

const pem = (name: string) => readFileSync(new URL(`fixtures/${name}.pem`, import.meta.url), 'utf8');
const client = { clientCertificate: pem('client'), clientKey: pem('client.key') };

const closers: (() => void)[] = [];
afterEach(() => {
  for (const close of closers.splice(0)) close();
});

async function listen(server: Server): Promise<string> {
  const sockets = new Set<Socket>();
  server.on('connection', (socket: Socket) => sockets.add(socket));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  closers.push(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  const address = server.address();
  return `127.0.0.1:${typeof address === 'object' && address !== null ? address.port : 0}`;
}

/** Answers with the name in the client's certificate. */
async function tlsServer(): Promise<string> {
  const server = createTlsServer(
    {
      cert: pem('server'),
      key: pem('server.key'),
      ca: pem('authority'),
      requestCert: true,
      rejectUnauthorized: false,
    },
    (request, response) => {
      const { socket } = request;
      response.end(
        socket instanceof TLSSocket && socket.authorized
          ? String(socket.getPeerCertificate().subject.CN)
          : 'nobody',
      );
    },
  );
  return `https://${await listen(server)}`;
}

async function proxy(login?: string): Promise<ProxyServer> {
  const started = await startProxy(login === undefined ? {} : { login });
  closers.push(started.close);
  return started;
}

test('nothing special asked for: no undici', async () => {
  expect(await createFetch({})).toBe(plainFetch);
  expect(await createFetch(proxySettings({ NO_PROXY: '*' }))).toBe(plainFetch);
});

describe('a server with a private authority', () => {
  let url = '';
  beforeEach(async () => {
    url = await tlsServer();
  });

  test('is refused without it', async () => {
    const fetch = await createFetch(client);
    await expect(fetch(url)).rejects.toThrow('fetch failed');
  });

  test('is trusted with it', async () => {
    const fetch = await createFetch({ ca: pem('authority') });
    expect(await (await fetch(url)).text()).toBe('nobody');
  });

  test('sees the client certificate', async () => {
    const fetch = await createFetch({ ca: pem('authority'), ...client });
    expect(await (await fetch(url, { method: 'POST', body: 'x' })).text()).toBe('client');
  });

  test('is taken as it is when checks are switched off', async () => {
    const fetch = await createFetch({ insecure: true });
    expect(await (await fetch(url)).text()).toBe('nobody');
  });

  test('is read no further than the caller says', async () => {
    const fetch = await createFetch({ insecure: true });
    await expect(fetch(url, { maxBytes: 5 })).rejects.toBeInstanceOf(RangeError);
    expect(await (await fetch(url, { maxBytes: 6 })).text()).toBe('nobody');
  });

  test('is reached through a proxy, with the client certificate', async () => {
    const { url: proxyUrl, asked } = await proxy('user:p@ss');
    const fetch = await createFetch({
      ...proxySettings({ https_proxy: proxyUrl }),
      ca: pem('authority'),
      ...client,
    });
    expect(await (await fetch(url)).text()).toBe('client');
    expect(asked).toEqual([new URL(url).host]);
  });

  test('is reached directly when NO_PROXY names it', async () => {
    const { url: proxyUrl, asked } = await proxy();
    const settings = proxySettings({ HTTPS_PROXY: proxyUrl, NO_PROXY: 'example.com,127.0.0.1' });
    const fetch = await createFetch({ ...settings, ca: pem('authority') });
    expect(await (await fetch(url)).text()).toBe('nobody');
    expect(asked).toEqual([]);
  });
});

test('an abort ends a request through undici too', async () => {
  const url = `http://${await listen(createHttpServer(() => {}))}`;
  const fetch = await createFetch({ ca: pem('authority') });
  await expect(fetch(url, { signal: AbortSignal.timeout(50) })).rejects.toThrow(/timeout|aborted/i);
  await expect(fetch(url, { timeoutMs: 50 })).rejects.toMatchObject({ name: 'TimeoutError' });
});

test('an address of a proxy that is none is one sentence, without a password in it', async () => {
  const wrong = createFetch(proxySettings({ HTTPS_PROXY: 'user:hunter2@proxy:3128' }));
  await expect(wrong).rejects.toMatchObject({ kind: 'input', code: 'invalid-proxy' });
  await expect(wrong).rejects.not.toThrow('hunter2');
});
