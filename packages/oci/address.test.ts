import { createHash } from 'node:crypto';
import type { Fetch } from '@sluice/core/http';
import { silentLog } from '@sluice/core/log';
import type { FetchInit } from '@sluice/core/plain-fetch';
import { expect, test } from 'vitest';
import { createRegistryClient } from './client.ts';

const login = { user: 'robot', password: 'canary-password' };
const code = (code: string, message: RegExp) => ({ code, message: expect.stringMatching(message) });

/** Answers without a network, and keeps what it was asked. */
function recorder(
  answers: Record<string, { status?: number; headers?: Record<string, string>; body?: string }>,
) {
  const asked: { url: string; init: FetchInit }[] = [];
  const fetch: Fetch = async (url, init = {}) => {
    asked.push({ url, init });
    const { status = 200, headers = {}, body = '' } = answers[url] ?? { status: 404 };
    const all = new Map(Object.entries(headers));
    return {
      ...{ status, url, text: async () => body, json: async () => JSON.parse(body) },
      arrayBuffer: async () => new TextEncoder().encode(body).buffer,
      headers: { get: (name) => all.get(name) ?? null, [Symbol.iterator]: () => all.entries() },
    };
  };
  const client = createRegistryClient({
    ...{ fetch, log: silentLog },
    clock: { now: Date.now, sleep: async () => {} },
    credentials: [{ registry: 'registry.example', ...login }],
  });
  return { client, asked };
}

const digest = `sha256:${createHash('sha256').update('{}').digest('hex')}`;

test('the address of Docker Hub is registry-1.docker.io, of others their own, by https', async () => {
  const headers = { 'docker-content-digest': digest };
  const { client, asked } = recorder({
    'https://registry-1.docker.io/v2/library/nginx/manifests/1': { headers },
    'https://registry.example:5000/v2/a/b/manifests/1': { headers },
  });
  expect(await client.digest({ repository: 'docker.io/library/nginx', reference: '1' })).toBe(digest);
  expect(await client.digest({ repository: 'registry.example:5000/a/b', reference: '1' })).toBe(digest);
  expect(asked.map(({ init }) => init.headers)).toEqual([
    { accept: expect.any(String) },
    { accept: expect.any(String) },
  ]);
});

test.each([
  ['plain http', 'http://auth.registry.example/token'],
  ['this machine', 'http://127.0.0.1:9/token'],
])('an address that asks for the login by %s is not sent it', async (_, realm) => {
  const { client, asked } = recorder({
    'https://registry.example/v2/a/manifests/1': {
      status: 401,
      headers: { 'www-authenticate': `Bearer realm="${realm}"` },
    },
  });
  await expect(client.digest({ repository: 'registry.example/a', reference: '1' })).rejects.toMatchObject(
    code('registry-answer', /sends logins to an address that is not https/),
  );
  expect(asked).toHaveLength(1);
});

test('an address to which a registry redirects is not asked by plain http', async () => {
  const { client, asked } = recorder({
    'https://registry.example/v2/a/manifests/1': {
      status: 307,
      headers: { location: 'http://registry.example/x' },
    },
  });
  await expect(client.digest({ repository: 'registry.example/a', reference: '1' })).rejects.toMatchObject(
    code('registry-answer', /not https/),
  );
  expect(asked).toHaveLength(1);
});

test('an address with an impossible port is an input error', async () => {
  const { client } = recorder({});
  await expect(client.tags('registry.example:99999/a')).rejects.toMatchObject({ code: 'invalid-input' });
});
