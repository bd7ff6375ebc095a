import { systemClock } from '@sluice/core/clock';
import { silentLog } from '@sluice/core/log';
import { plainFetch } from '@sluice/core/plain-fetch';
import { createRegistryClient } from '@sluice/oci/client';
import { type RegistryStandIn, startRegistry } from '@sluice/testbed/registry/start';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { Builder, Pushed } from './builders/types.ts';
import { pushImage, remoteOf } from './push.ts';

let registry: RegistryStandIn;
beforeEach(async () => {
  registry = await startRegistry();
});
afterEach(() => registry.close());

const done = { code: 0, lines: ['pushed'], stdout: '', timedOut: false };
const tag = 'pr-1-0123456';

async function pushed(push: () => Pushed, config?: string) {
  const builder: Pick<Builder, 'name' | 'push'> = { name: 'buildah', push: async () => push() };
  const client = createRegistryClient({
    ...{ fetch: plainFetch, clock: systemClock, log: silentLog, credentials: [] },
    tries: 1,
  });
  return pushImage(builder, async () => client, {
    ...{ image: { name: 'x', isList: false }, repository: `${registry.host}/team/shop`, tag, folder: '.' },
    config,
  });
}
const configOf = async (digest: string): Promise<string> => {
  const client = createRegistryClient({
    fetch: plainFetch,
    clock: systemClock,
    log: silentLog,
    credentials: [],
  });
  const [config = ''] = await client.configs({ repository: `${registry.host}/team/shop`, reference: digest });
  return config;
};

test('what the registry has under the tag is what was pushed, and the image that was tried', async () => {
  const digest = registry.push('team/shop', { tags: [tag] });
  const config = await configOf(digest);
  expect(await pushed(() => ({ ended: done, digest }), config)).toMatchObject({
    type: 'pushed',
    digest,
    reference: `${registry.host}/team/shop:${tag}`,
  });
});

test.each([
  ['another digest is under the tag', { digest: `sha256:${'a'.repeat(64)}` }, 'differs', /is under its tag/],
  [
    'another image is in it than was tried',
    { config: `sha256:${'b'.repeat(64)}` },
    'differs',
    /is not the image/,
  ],
  ['the builder does not say what it pushed', { digest: undefined }, 'failed', /does not say/],
  ['the builder fails', { ended: { ...done, code: 1, lines: ['Error: denied'] } }, 'failed', /Error: denied/],
])('%s: not pushed', async (_, more, type, words) => {
  const digest = registry.push('team/shop', { tags: [tag] });
  const { config, ...rest } = { config: undefined, ...more };
  const stage = await pushed(() => ({ ended: done, digest, ...rest }), config);
  expect(stage).toMatchObject({ type, words: expect.stringMatching(words) });
});

test('a registry that does not have it, whatever the builder says: not pushed', async () => {
  const stage = await pushed(() => ({ ended: done, digest: `sha256:${'a'.repeat(64)}` }));
  expect(stage).toMatchObject({
    type: 'failed',
    words: expect.stringMatching(/could not be read back: .* does not have/),
  });
});

test.each([
  ['127.0.0.1:5000/a', true],
  ['localhost:5000/a', true],
  ['[::1]:5000/a', true],
  ['registry.example/a', false],
  ['10.0.0.1:5000/a', false],
  ['localhost.example/a', false],
  ['127.0.0.1.example:5000/a', false],
])('%s may be asked without TLS: %s', (repository, isLoopback) => {
  expect(remoteOf(repository, 'x')).toEqual({ reference: `${repository}:x`, isLoopback });
});
