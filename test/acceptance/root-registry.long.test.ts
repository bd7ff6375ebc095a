import { type RegistryStandIn, startRegistry } from '@sluice/testbed/registry/start';
import { expect, describe as group, it } from 'vitest';
import { resultOf, seen } from './argo-sync-wait-setup.ts';
import { deployment, type Fixture, live, manifest, unverified, withFixture } from './root-setup.ts';

/** The payments API of a registry on this machine, with the tag in place. */
async function withRegistry(
  inPlace: string,
  test: (fixture: Fixture, registry: RegistryStandIn, image: string) => Promise<void>,
): Promise<void> {
  const registry = await startRegistry();
  const image = `${registry.host}/payments-api`;
  const before = deployment('0').replace(/image: \S+/, `image: ${image}:${inPlace}`);
  try {
    await withFixture((fixture) => test(fixture, registry, image), { files: { [manifest]: before } });
    registry.expectNoViolations();
  } finally {
    await registry.close();
  }
}

group.concurrent('an image whose tag the registry knows', { timeout: 120_000 }, () => {
  it('is resolved, pinned, committed and verified', () =>
    withRegistry('1.3.9', async (fixture, registry, image) => {
      const digest = registry.push('payments-api', { tags: ['1.4.2', '1.3.9', '2.0.0'] });
      await fixture.deployed();
      const run = await fixture.run({ images: `${image} semver:^1.3`, 'resolve-digests': 'true' });
      expect(seen(run)).toEqual(live);
      expect(await fixture.text()).toContain(`image: ${image}:1.4.2@${digest}`);
      expect(resultOf(run).images).toMatchObject([{ resolved: `${image}:1.4.2@${digest}` }]);
      expect(run.outputs.summary).toContain('1.4.2');
    }));

  it('that is another one than when the plan was approved is no approved plan', () =>
    withRegistry('1.3.9', async (fixture, registry, image) => {
      const inputs = { ...unverified, images: `${image} semver:^1.3` };
      registry.push('payments-api', { tags: ['1.4.2'] });
      const planned = await fixture.run({ ...inputs, 'dry-run': 'true' });
      registry.push('payments-api', { tags: ['1.4.3'] });
      const { 'plan-digest': digest = '' } = planned.outputs;
      expect(seen(await fixture.run({ ...inputs, 'expect-plan': digest }))).toMatchObject({
        verdict: 'plan-stale',
      });
      expect(await fixture.ours()).toEqual([]);
    }));

  it('is refused where what is in place was built later', () =>
    withRegistry('main-b', async (fixture, registry, image) => {
      registry.push('payments-api', { tags: ['main-a'], created: '2026-01-01T00:00:00Z' });
      registry.push('payments-api', { tags: ['main-b'], created: '2026-01-02T00:00:00Z' });
      expect(seen(await fixture.run({ images: `${image}:main-a` }))).toMatchObject({
        ...{ exitCode: 1, verdict: 'refused', reason: 'outdated' },
      });
      expect(await fixture.ours()).toEqual([]);
    }));
});
