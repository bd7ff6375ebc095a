import { execFileSync } from 'node:child_process';
import { expect, describe as group, it } from 'vitest';
import { resultOf, seen } from './argo-sync-wait-setup.ts';
import { deployment, gitops, image, live, manifest, withFixture } from './root-setup.ts';

/** Line ends of Windows, a comment and quotes: only the tag's bytes may change. */
const windows = (tag: string): string =>
  deployment(tag)
    .replace(`image: ${image(tag)}`, `image: "${image(tag)}"   # the API`)
    .replaceAll('\n', '\r\n');

group.concurrent('one step', { timeout: 120_000 }, () => {
  it('commits, waits and is live: outputs, result and page say the same', () =>
    withFixture(
      async (fixture) => {
        await fixture.deployed();
        const base = await fixture.github.head(gitops);
        const run = await fixture.run({ branch: '' });
        expect(seen(run)).toEqual(live);
        const head = await fixture.github.head(gitops);
        expect(run.outputs).toMatchObject({
          ...{ changed: 'true', branch: 'main', 'commit-sha': head, revision: head },
          ...{ 'pull-request-number': '', 'pull-request-url': '', 'deployment-id': '' },
          'plan-digest': expect.stringMatching(/^sha256:[0-9a-f]{64}$/),
          summary: expect.stringMatching(/^[^\n]+\.$/),
        });
        expect(resultOf(run)).toMatchObject({
          ...{ schema: 'sluice.root.v1', verdict: 'live', ok: 'true', reason: 'proven' },
          images: [{ image: image('1.4.2'), status: 'updated', places: [{ path: manifest }] }],
          files: [{ path: manifest, edits: [{ from: image('1.3.9'), to: image('1.4.2') }] }],
          applications: [
            { name: 'payments', verdict: 'live', revision: head, images: [{ image: image('1.4.2') }] },
          ],
        });
        expect(JSON.parse(run.outputs.change ?? '')).toMatchObject({
          schema: 'sluice.change.v1',
          commit: head,
          base,
        });
        expect(run.summary).toMatch(
          /^\*\*payments-api 1\.4\.2 is live in production\*\* · 1 application · \d+ s\n/,
        );
        expect(run.annotations).toEqual([]);
        expect(fixture.argocd.liveImages('payments')).toEqual([image('1.4.2')]);
        expect(await fixture.text()).toBe(windows('1.4.2'));
        const { dir } = fixture.github.repository(gitops);
        const numbers = execFileSync('git', ['-C', dir, 'diff', '--numstat', base, head], {
          encoding: 'utf8',
        });
        expect(numbers).toBe(`1\t1\t${manifest}\n`);
        const [{ message = '' } = {}] = await fixture.ours();
        expect(message).toMatch(/^Deploy payments 1\.4\.2 to production\n/);
        expect(message.trimEnd().split('\n').slice(-4)).toEqual([
          'Sluice-Project: payments',
          'Sluice-Environment: production',
          'Sluice-Run: acme/app/42/1',
          `Sluice-Change: ${run.outputs['plan-digest']}`,
        ]);
      },
      { files: { [manifest]: windows('1.3.9') } },
    ));
});

group.concurrent('who syncs', { timeout: 120_000 }, () => {
  it('nobody: needs-sync, with the commit on the branch', () =>
    withFixture(async (fixture) => {
      await fixture.deployed({ automated: false });
      const run = await fixture.run({ timeout: '10m' });
      expect(seen(run)).toEqual({ exitCode: 1, verdict: 'failed', reason: 'needs-sync', ok: 'false' });
      expect(run.outputs).toMatchObject({ changed: 'true', 'commit-sha': await fixture.github.head(gitops) });
      expect(run.annotations).toMatchObject([
        { level: 'error', message: expect.stringContaining('when-manual') },
      ]);
      expect(fixture.argocd.liveImages('payments')).toEqual([image('1.3.9')]);
    }));
});

group.concurrent('less than a wait', { timeout: 120_000 }, () => {
  it('dry-run shows the diff, writes nothing and claims nothing', () =>
    withFixture(async (fixture) => {
      const head = await fixture.github.head(gitops);
      const run = await fixture.run({ 'dry-run': 'true', 'deployment-id': '7' });
      expect(seen(run)).toEqual({ exitCode: 0, verdict: 'pending', reason: 'dry-run', ok: 'unknown' });
      expect(run.outputs).toMatchObject({ changed: 'false', 'commit-sha': '', revision: '' });
      expect(run.summary).toContain(
        `-          image: ${image('1.3.9')}\n+          image: ${image('1.4.2')}`,
      );
      expect(run.summary).toContain(run.outputs['plan-digest'] ?? 'no digest');
      expect(await fixture.github.head(gitops)).toBe(head);
      expect(fixture.argocd.requests).toEqual([]);
      expect(fixture.github.requests.filter(({ path }) => path.startsWith('/api/'))).toEqual([]);
    }));
});
