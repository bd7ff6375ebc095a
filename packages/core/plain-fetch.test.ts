import { gzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { serve } from './fixtures/github-server.ts';
import { plainFetch } from './plain-fetch.ts';

test('sends method, headers and body, and gives status, headers and content', async () => {
  const { url, requests } = await serve(() => ({ status: 201, headers: { 'x-b': 'two' }, body: { a: 'ü' } }));
  const answer = await plainFetch(`${url}/p?q=1`, { method: 'POST', headers: { 'X-A': 'one' }, body: '"ä"' });
  expect(requests).toMatchObject([
    { method: 'POST', path: '/p?q=1', body: '"ä"', headers: { 'x-a': 'one' } },
  ]);
  expect({ status: answer.status, url: answer.url }).toEqual({ status: 201, url: `${url}/p?q=1` });
  expect(answer.headers.get('X-B')).toBe('two');
  expect(answer.headers.get('x-c')).toBeNull();
  expect(await answer.json()).toEqual({ a: 'ü' });
  expect(await answer.text()).toBe('{"a":"ü"}');
  expect(Buffer.from(await answer.arrayBuffer()).toString()).toBe('{"a":"ü"}');
});

test('unpacks what the server has compressed', async () => {
  await using server = await compressed('long '.repeat(1000));
  expect(await (await plainFetch(server.url)).text()).toBe('long '.repeat(1000));
});

test('reads no more than it was told, packed or not', async () => {
  await using packed = await compressed('long '.repeat(1000));
  await expect(plainFetch(packed.url, { maxBytes: 4999 })).rejects.toBeInstanceOf(RangeError);
  expect(await (await plainFetch(packed.url, { maxBytes: 5000 })).text()).toHaveLength(5000);
  const { url } = await serve(() => ({ body: 'x'.repeat(100) }));
  await expect(plainFetch(url, { maxBytes: 50 })).rejects.toThrow('more than 50 bytes');
});

describe('a redirect', () => {
  test.each([
    ['keeps its method and body (307)', 307, 'POST', 'x'],
    ['becomes a GET without a body (302)', 302, 'GET', ''],
  ])('%s', async (_, status, method, body) => {
    const { url, requests } = await serve(({ path }) =>
      path === '/old' ? { status, headers: { location: '/new' } } : {},
    );
    const answer = await plainFetch(`${url}/old`, {
      method: 'POST',
      body: 'x',
      headers: { authorization: 'secret' },
    });
    expect(answer.url).toBe(`${url}/new`);
    expect(requests[1]).toMatchObject({ path: '/new', method, body, authorization: 'secret' });
  });

  test('to another server is followed without the token', async () => {
    const other = await serve(() => ({}));
    const { url } = await serve(() => ({ status: 301, headers: { location: other.url } }));
    await plainFetch(url, { headers: { Authorization: 'secret', accept: 'x' } });
    expect(other.requests).toMatchObject([{ authorization: '', headers: { accept: 'x' } }]);
  });

  test('is the caller’s with `manual`, and an error when it goes round in circles', async () => {
    const { url } = await serve(() => ({ status: 302, headers: { location: '/' } }));
    expect((await plainFetch(url, { redirect: 'manual' })).status).toBe(302);
    await expect(plainFetch(url)).rejects.toThrow('again and again');
  });
});

describe('no answer', () => {
  test('a cut connection rejects with its error', async () => {
    const { url } = await serve(() => ({ cut: true }));
    await expect(plainFetch(url)).rejects.toMatchObject({ code: 'ECONNRESET' });
  });

  test('the reason of the signal is what it rejects with, before and while it waits', async () => {
    const { url, requests } = await serve(() => ({ silent: true }));
    const reason = new Error('enough');
    await expect(plainFetch(url, { signal: AbortSignal.abort(reason) })).rejects.toBe(reason);
    expect(requests).toEqual([]);
    await expect(plainFetch(url, { signal: AbortSignal.timeout(50) })).rejects.toMatchObject({
      name: 'TimeoutError',
    });
  });
});

test('an answer that does not come in time, or not whole, is a TimeoutError', async () => {
  const { url } = await serve(() => ({ silent: true }));
  await expect(plainFetch(url, { timeoutMs: 50 })).rejects.toMatchObject({ name: 'TimeoutError' });
  await using half = await begun();
  await expect(plainFetch(half.url, { timeoutMs: 100 })).rejects.toMatchObject({ name: 'TimeoutError' });
  const reason = new Error('enough');
  const stop = new AbortController();
  setTimeout(() => stop.abort(reason), 50);
  await expect(plainFetch(half.url, { signal: stop.signal, timeoutMs: 5000 })).rejects.toBe(reason);
});

/** Begins an answer, and does not end it. */
async function begun() {
  const { createServer } = await import('node:http');
  const server = createServer((_request, response) => void response.write('{'));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  return {
    url: `http://127.0.0.1:${typeof address === 'object' && address !== null ? address.port : 0}`,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      server.close();
    },
  };
}

async function compressed(text: string) {
  const { createServer } = await import('node:http');
  const server = createServer((request, response) => {
    expect(request.headers['accept-encoding']).toBe('gzip');
    response.setHeader('content-encoding', 'gzip');
    response.end(gzipSync(text));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  return {
    url: `http://127.0.0.1:${typeof address === 'object' && address !== null ? address.port : 0}`,
    [Symbol.asyncDispose]: async () => void server.close(),
  };
}
