import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { systemClock } from '@sluice/core/clock';
import { afterEach, describe, expect, it } from 'vitest';
import { fixedToken } from './authorization.ts';
import { createClient } from './client.ts';

type Handler = (request: IncomingMessage, response: ServerResponse, body: string) => void;

let server: Server | undefined;
afterEach(() => {
  server?.closeAllConnections();
  server?.close();
});

/** A client of a server that answers the nth request by the nth handler, and the last one from then on. */
async function clientOf(...handlers: readonly Handler[]) {
  const requests: { method: string; url: string; headers: IncomingMessage['headers']; body: string }[] = [];
  const slept: number[] = [];
  server = createServer(async (request, response) => {
    let body = '';
    for await (const chunk of request) body += chunk;
    requests.push({ method: request.method ?? '', url: request.url ?? '', headers: request.headers, body });
    handlers[Math.min(requests.length, handlers.length) - 1]?.(request, response, body);
  });
  await new Promise<void>((resolve) => server?.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  const port = typeof address === 'object' ? address?.port : undefined;
  const client = createClient({
    server: `http://127.0.0.1:${port}/argo/`,
    authorization: fixedToken('secret-token', { 'X-Proxy-Key': 's3cr3t-header-value', 'X-Kept': 'true' }),
    fetch,
    clock: { now: () => Date.parse('2026-11-21T02:00:00Z'), sleep: async (ms) => void slept.push(ms) },
    timeoutMs: 200,
  });
  return { client, requests, slept };
}

const json =
  (status: number, body: unknown, headers: Record<string, string> = {}): Handler =>
  (_, response) => {
    response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(JSON.stringify(body));
  };
const html =
  (status: number): Handler =>
  (_, response) => {
    response
      .writeHead(status, { 'content-type': 'text/html; charset=utf-8' })
      .end('<!doctype html><title>Log in</title>');
  };
const cut: Handler = (request) => request.socket.destroy();
const silent: Handler = () => undefined;
const busy = {
  error: 'another operation is already in progress',
  code: 9,
  message: 'another operation is already in progress',
};

describe('a request', () => {
  it('goes below the base path, with the token in the header alone', async () => {
    const { client, requests } = await clientOf(json(200, {}));
    await client.get('/api/v1/applications/a', { project: 'shop', appNamespace: undefined });
    expect(requests[0]?.url).toBe('/argo/api/v1/applications/a?project=shop');
    expect(requests[0]?.headers.authorization).toBe('Bearer secret-token');
  });

  it('that is no GET says application/json and nothing more, as the server compares', async () => {
    const { client, requests } = await clientOf(json(200, {}));
    await client.post('/api/v1/applications/a/sync', { prune: true });
    expect(requests[0]?.headers['content-type']).toBe('application/json');
    expect(requests[0]?.body).toBe('{"prune":true}');
  });

  it("hands on the server's own clock", async () => {
    const { client } = await clientOf(json(200, {}, { date: 'Sat, 21 Nov 2026 02:54:19 GMT' }));
    expect(await client.get('/x')).toEqual({ ok: true, body: {}, date: Date.parse('2026-11-21T02:54:19Z') });
  });
});

describe('a GET is tried again', () => {
  const ok = json(200, { fine: true });
  it.each([
    ['a cut connection', cut],
    ['no answer in time', silent],
    ['500', json(500, { message: 'x', code: 2 })],
    ['a 502 page of the ingress', html(502)],
    ['503', json(503, { message: 'x', code: 14 })],
    ['504', html(504)],
    ['429', json(429, {})],
  ])('after %s', async (_, handler) => {
    const { client, requests } = await clientOf(handler, ok);
    expect(await client.get('/x')).toMatchObject({ ok: true, body: { fine: true } });
    expect(requests).toHaveLength(2);
  });

  it('after the time that Retry-After names', async () => {
    const { client, slept } = await clientOf(json(503, {}, { 'retry-after': '7' }), ok);
    await client.get('/x');
    expect(slept).toEqual([7000]);
  });

  it('four times at most', async () => {
    const { client, requests } = await clientOf(html(502));
    await expect(client.get('/x')).rejects.toMatchObject({ code: 'argocd-unavailable', kind: 'platform' });
    expect(requests).toHaveLength(4);
  });
});

describe('a server that was known before', () => {
  const ok = json(200, { fine: true });
  const refused = json(401, { code: 16, message: 'no session information' });

  it('may refuse the token for some seconds, while it restarts', async () => {
    const { client, requests } = await clientOf(ok, refused, refused, refused, ok);
    await client.get('/x');
    expect(await client.get('/x', {}, { attempts: 1 })).toMatchObject({ ok: true });
    expect(requests).toHaveLength(5);
  });

  it('may show a web page meanwhile: that passes, and is no wrong address', async () => {
    const { client } = await clientOf(ok, html(404), ok);
    await client.get('/x');
    await expect(client.get('/x')).rejects.toMatchObject({ kind: 'platform', code: 'argocd-not-an-api' });
    expect(await client.get('/x')).toMatchObject({ ok: true });
  });

  it('and hangs now is not asked four times over', async () => {
    const { client, requests } = await clientOf(silent);
    const slow = { now: () => requests.length * 25_000, sleep: async () => undefined };
    const asking = createClient({
      server: client.server,
      authorization: fixedToken('t'),
      fetch,
      clock: slow,
      timeoutMs: 100,
    });
    await expect(asking.get('/x')).rejects.toMatchObject({ code: 'argocd-unreachable' });
    expect(requests).toHaveLength(1);
  });
});

describe('not tried again', () => {
  it.each([
    ['a refusal', json(400, busy)],
    ['403', json(403, { code: 7, message: 'permission denied' })],
  ])('%s: it is a value', async (_, handler) => {
    const { client, requests } = await clientOf(handler);
    expect(await client.get('/x')).toMatchObject({ ok: false });
    expect(requests).toHaveLength(1);
  });

  it('a POST whose connection was cut: the server may have done it', async () => {
    const { client, requests } = await clientOf(cut, json(200, {}));
    await expect(client.post('/x', {})).rejects.toMatchObject({ code: 'argocd-unreachable' });
    expect(requests).toHaveLength(1);
  });
});

describe('a request of a run whose time is over', () => {
  it.each(['get', 'post'] as const)('%s: is cut soon, and not tried again', async (method) => {
    const { client, requests } = await clientOf(silent);
    const own = {
      server: client.server,
      authorization: fixedToken('secret-token'),
      fetch,
      clock: systemClock,
    };
    const late = createClient(own).within(Date.now() - 60_000);
    const begun = Date.now();
    await expect(late[method]('/x', {})).rejects.toMatchObject({
      code: 'argocd-unreachable',
      message: expect.stringMatching(/no answer in time/),
    });
    expect(Date.now() - begun).toBeLessThan(10_000);
    expect(requests).toHaveLength(1);
  });

  it('has time for an answer that is not late', async () => {
    const { client } = await clientOf(json(200, { fine: true }));
    expect(await client.within(0).get('/x')).toMatchObject({ ok: true });
  });
});

describe('one clear sentence', () => {
  it.each([
    ['a web page', html(200), 'argocd-not-an-api', /answered with a web page \(HTTP 200\)/],
    [
      'a redirect',
      ((_, response) => response.writeHead(302, { location: 'https://sso.example/login' }).end()) as Handler,
      'argocd-not-an-api',
      /redirect to https:\/\/sso\.example\/login/,
    ],
    [
      'no JSON',
      ((_, response) => response.writeHead(200).end('pong')) as Handler,
      'argocd-not-an-api',
      /no JSON/,
    ],
    [
      'code 16 behind another status',
      json(403, { code: 16, message: 'invalid session' }),
      'argocd-token',
      /does not accept argocd-token: invalid session/,
    ],
    [
      '401',
      json(401, { code: 16, message: 'invalid session: secret-token is expired' }),
      'argocd-token',
      /does not accept argocd-token: invalid session: \*\*\* is expired/,
    ],
  ])('for %s', async (_, handler, code, message) => {
    const { client } = await clientOf(handler);
    await expect(client.get('/x')).rejects.toMatchObject({ code, message: expect.stringMatching(message) });
  });

  /** As a proxy that tells what it was sent. */
  const echo =
    (status: number, padding = ''): Handler =>
    (request, response) => {
      const sent = `${padding}${request.headers['x-proxy-key']} ${request.headers.authorization}`;
      response.writeHead(status, { 'content-type': 'text/plain' }).end(`denied ${sent} true`);
    };

  it('holds no value of a header that was sent, wherever it is cut', async () => {
    const { client } = await clientOf(echo(403), echo(401), echo(403, '.'.repeat(285)));
    const denied = { status: 403, message: 'denied *** Bearer *** true' };
    expect(await client.get('/x', {}, { attempts: 1 })).toMatchObject(denied);
    const refused = await client.get('/x', {}, { attempts: 1 }).catch((error: unknown) => error);
    expect(refused).toMatchObject({ message: expect.not.stringContaining('s3cr3t') });
    expect(await client.get('/x')).toMatchObject({ message: expect.stringMatching(/\.\*\*\* Bear$/) });
  });

  it('holds none of a stream that is refused', async () => {
    const { client } = await clientOf(echo(403, '.'.repeat(285)));
    const answer = await client.open('/x', {}, AbortSignal.timeout(5000));
    expect(answer).toMatchObject({ ok: false, message: expect.stringMatching(/\.\*\*\* Bear$/) });
  });

  it('tells of a redirect no parameter, no password, and nothing that was sent', async () => {
    const location = 'https://user:pa55word@sso.example/s3cr3t-header-value/in?token=secret-token#state';
    const { client } = await clientOf((_, response) => response.writeHead(302, { location }).end());
    const message = expect.stringContaining('a redirect to https://sso.example/***/in (HTTP 302)');
    await expect(client.get('/x')).rejects.toMatchObject({ message });
  });

  it('for a server that is not there', async () => {
    const { client } = await clientOf(silent);
    server?.closeAllConnections();
    await new Promise((resolve) => server?.close(resolve));
    await expect(client.get('/x')).rejects.toMatchObject({
      code: 'argocd-unreachable',
      message: expect.stringMatching(/did not answer \(ECONNREFUSED\)/),
    });
  });
});
