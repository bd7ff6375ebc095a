import { execFileSync } from 'node:child_process';
import { expect, describe as group, it } from 'vitest';
import { resultOf, seen } from './argo-sync-wait-setup.ts';
import {
  deployment,
  type Fixture,
  gitops,
  image,
  live,
  manifest,
  unverified,
  withFixture,
} from './root-setup.ts';

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

  it('a second run changes nothing, says so, and verifies all the same', () =>
    withFixture(async (fixture) => {
      await fixture.deployed();
      await fixture.run(unverified);
      const head = await fixture.github.head(gitops);
      const run = await fixture.run({}, { env: { GITHUB_RUN_ID: '43' } });
      expect(seen(run)).toEqual(live);
      expect(run.outputs).toMatchObject({ changed: 'false', 'commit-sha': head, revision: head });
      expect(resultOf(run)).toMatchObject({
        images: [{ status: 'already' }],
        applications: [{ verdict: 'live' }],
      });
      expect(`${run.log}${run.summary}`).toMatch(
        /Nothing to change: main of acme\/gitops holds payments 1\.4\.2/,
      );
      expect(await fixture.github.head(gitops)).toBe(head);
    }));

  it.each([
    [
      'is broken',
      'failed',
      'degraded',
      ({ argocd }: Fixture) => argocd.setHealth('payments', 'payments-api', 'Degraded'),
    ],
    [
      'no longer runs it',
      'drifted',
      'live-drift',
      ({ argocd }: Fixture) => argocd.setLiveImage('payments', 'payments-api', image('1.3.9')),
    ],
  ] as const)('a run that finds nothing to change is not live where the cluster %s', (_, verdict, reason, breaks) =>
    withFixture(async (fixture) => {
      await fixture.deployed();
      await fixture.commit({ [manifest]: deployment('1.4.2') });
      await fixture.argocd.poll('payments');
      await fixture.argocd.idle('payments');
      breaks(fixture);
      const run = await fixture.run();
      expect(seen(run)).toEqual({ exitCode: 1, verdict, reason, ok: 'false' });
      expect(run.outputs.changed).toBe('false');
      expect(await fixture.ours()).toEqual([]);
    }));

  it('a run that finds nothing to change does not trust a status from before', () =>
    withFixture(async (fixture) => {
      await fixture.commit({ [manifest]: deployment('1.4.2') });
      await fixture.deployed();
      fixture.argocd.faults.staleStatus('payments', 600_000);
      fixture.argocd.setHealth('payments', 'payments-api', 'Degraded');
      const run = await fixture.run({ timeout: '6s' });
      expect(seen(run)).toEqual({ exitCode: 1, verdict: 'timed-out', reason: 'timed-out', ok: 'false' });
    }));
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

  it.each([
    ['when-manual', 'auto-sync is off', false],
    ['always', 'auto-sync does not come', true],
  ])('we, with %s, where %s', (sync, _, automated) =>
    withFixture(async (fixture) => {
      await fixture.deployed({ automated });
      fixture.argocd.faults.neverSync('payments');
      const run = await fixture.run({ sync });
      expect(seen(run)).toEqual(live);
      const posts = fixture.argocd.requests.filter(({ method }) => method === 'POST');
      expect(posts.map(({ body }) => JSON.parse(body).infos)).toEqual([
        expect.arrayContaining([{ name: 'sluice-run', value: 'acme/app/42/1' }]),
      ]);
    }));
});

group.concurrent('less than a wait', { timeout: 120_000 }, () => {
  it('verify: committed asks no Argo CD; fail-on-verdict makes it exit 1 all the same', () =>
    withFixture(async (fixture) => {
      const run = await fixture.run(unverified);
      expect(seen(run)).toEqual({ exitCode: 0, verdict: 'committed', reason: 'committed', ok: 'true' });
      expect(run.outputs).toMatchObject({ changed: 'true', 'commit-sha': await fixture.github.head(gitops) });
      expect(resultOf(run)).toMatchObject({ schema: 'sluice.root.v1', images: [{ status: 'updated' }] });
      const again = await fixture.run({ ...unverified, 'fail-on-verdict': 'committed' });
      expect(seen(again)).toEqual({ exitCode: 1, verdict: 'committed', reason: 'already-set', ok: 'true' });
      expect(again.outputs).toMatchObject({ changed: 'false', 'commit-sha': run.outputs['commit-sha'] });
      expect(fixture.argocd.requests).toEqual([]);
    }));

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

  it('mode: once looks once: unknown while it is under way, and nothing is synced', () =>
    withFixture(async (fixture) => {
      await fixture.deployed({ automated: false });
      const run = await fixture.run({ mode: 'once', sync: 'always' });
      expect(seen(run)).toEqual({ exitCode: 1, verdict: 'unknown', reason: 'not-yet', ok: 'unknown' });
      expect(run.outputs.changed).toBe('true');
      expect(fixture.argocd.requests.filter(({ method }) => method === 'POST')).toEqual([]);
    }));
});
