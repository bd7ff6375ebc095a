import { afterEach, beforeEach, expect, test } from 'vitest';
import { type RegistryStandIn, startRegistry } from './start.ts';

const login = { user: 'robot', password: 'the-password' };
const basic = `Basic ${btoa(`${login.user}:${login.password}`)}`;
const manifests = { accept: 'application/vnd.oci.image.manifest.v1+json' };

let registry: RegistryStandIn;
beforeEach(async () => {
  registry = await startRegistry({ auth: { type: 'token', login, public: ['open'] } });
  registry.push('open', { tags: ['1'] });
  registry.push('team/shop', { tags: ['1'] });
});
afterEach(() => registry.close());

const get = (path: string, headers: Record<string, string> = {}) =>
  fetch(`${registry.url}${path}`, { headers });

async function token(scope: string, headers: Record<string, string> = {}): Promise<string> {
  const answer = await get(`/token?service=registry.stand-in&scope=repository:${scope}:pull`, headers);
  const body: unknown = await answer.json();
  return typeof body === 'object' && body !== null && 'token' in body ? `Bearer ${body.token}` : '';
}

test('names its token service, and takes a token for its own scope alone', async () => {
  const refused = await get('/v2/team/shop/tags/list');
  expect([refused.status, refused.headers.get('www-authenticate')]).toEqual([
    401,
    `Bearer realm="${registry.url}/token",service="registry.stand-in",scope="repository:team/shop:pull"`,
  ]);
  const authorization = await token('team/shop', { authorization: basic });
  expect((await get('/v2/team/shop/tags/list', { authorization })).status).toBe(200);
  const other = await get('/v2/open/tags/list', { authorization });
  expect(other.headers.get('www-authenticate')).toContain('error="insufficient_scope"');
  expect((await get('/v2/team/shop/tags/list', { authorization: await token('team/shop') })).status).toBe(
    401,
  );
  expect((await get('/v2/open/tags/list', { authorization: await token('open') })).status).toBe(200);
  registry.expectNoViolations();
});

test.each<[string, (ours: string) => Promise<unknown>]>([
  ['a password sent past the token service', () => get('/v2/open/tags/list', { authorization: basic })],
  ['a token of another registry', () => get('/v2/open/tags/list', { authorization: 'Bearer stolen' })],
  ['a password in an address', () => get(`/v2/open/tags/list?password=${login.password}`)],
  ['a token in an address', (ours) => get(`/v2/open/tags/list?token=${ours.slice(7)}`)],
  [
    'a token at the host of the blobs',
    (authorization) => fetch(`http://${registry.blobHost}/open/x`, { headers: { authorization } }),
  ],
  ['a token asked for without its service', () => get('/token?scope=repository:open:pull')],
  [
    'a push',
    (authorization) =>
      fetch(`${registry.url}/v2/open/blobs/uploads/`, { method: 'POST', headers: { authorization } }),
  ],
  ['an address that no registry has', (authorization) => get('/v1/search', { authorization })],
])('records %s', async (_, act) => {
  await act(await token('open'));
  expect(registry.violations).toHaveLength(1);
  expect(() => registry.expectNoViolations()).toThrow(/was asked wrongly/);
});

test('gives a manifest to those only who say that they can read it', async () => {
  const authorization = await token('open');
  expect((await get('/v2/open/manifests/1', { authorization, ...manifests })).status).toBe(200);
  expect((await get('/v2/open/manifests/1', { authorization, accept: 'application/json' })).status).toBe(404);
});
