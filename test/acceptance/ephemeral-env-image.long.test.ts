import { type RegistryStandIn, startRegistry } from '@sluice/testbed/registry/start';
import { expect, describe as group, it } from 'vitest';
import { expectUntouched, type Fixture, gitops, seen, target, withFixture } from './ephemeral-env-setup.ts';

async function withRegistry(
  test: (fixture: Fixture, registry: RegistryStandIn, image: string) => Promise<void>,
  files: Readonly<Record<string, string>> = {},
): Promise<void> {
  const registry = await startRegistry();
  try {
    await withFixture((fixture) => test(fixture, registry, `${registry.host}/payments`), { files });
    registry.expectNoViolations();
  } finally {
    await registry.close();
  }
}

const parts = `apiVersion: apps/v1
kind: Deployment
metadata: { name: web }
spec:
  selector: { matchLabels: { app: web } }
  template:
    metadata: { labels: { app: web }, annotations: { digest: "<<image-digest>>" } }
    spec: { containers: [{ name: app, image: "<<image-name>>:<<image-tag>>@<<image-digest>>" }] }
`;

group.concurrent('ephemeral-env with resolve-digests', { timeout: 120_000 }, () => {
  it('asks the registry what the tag means, and gives a template the name, the tag and the digest', () =>
    withRegistry(
      async (fixture, registry, image) => {
        const digest = registry.push('payments', { tags: ['pr-12-abc'] });
        await fixture.pull(12);
        const inputs = { image: `${image}:pr-12-abc`, 'resolve-digests': 'true' };
        const run = await fixture.deploy(12, '', { ...inputs, template: 'parts', values: '' });
        expect(seen(run)).toEqual({ exitCode: 0, verdict: 'live', reason: 'proven', ok: 'true' });
        const text = await fixture.github.readFile(gitops, 'main', `${target}/pr-12/deployment.yaml`);
        expect(text?.toString()).toContain(`image: "${image}:pr-12-abc@${digest}"`);
        expect(text?.toString()).toContain(`digest: "${digest}"`);
        expect(run.outputs.summary).toContain(`${image}:pr-12-abc@${digest}`);
      },
      { 'parts/deployment.yaml': parts },
    ));

  it('writes nothing where the registry has no such tag', () =>
    withRegistry(async (fixture, registry, image) => {
      registry.push('payments', { tags: ['other'] });
      await fixture.pull(12);
      const head = await fixture.github.head(gitops);
      const run = await fixture.deploy(12, '', { image: `${image}:gone`, 'resolve-digests': 'true' });
      expect(seen(run)).toMatchObject({ exitCode: 1, verdict: 'unknown', reason: 'image-not-in-registry' });
      await expectUntouched(fixture, head);
    }));

  it('asks nobody for a digest that is given', () =>
    withRegistry(async (fixture, registry, image) => {
      await fixture.pull(12);
      const given = `${image}:a@sha256:${'a'.repeat(64)}`;
      const run = await fixture.deploy(12, '', {
        ...{ image: given, 'resolve-digests': 'true', 'dry-run': 'true' },
      });
      expect(seen(run)).toMatchObject({ exitCode: 0, verdict: 'live', reason: 'dry-run' });
      expect(registry.requests).toEqual([]);
    }));
});
