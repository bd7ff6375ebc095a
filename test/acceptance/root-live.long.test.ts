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
const _windows = (tag: string): string =>
  deployment(tag)
    .replace(`image: ${image(tag)}`, `image: "${image(tag)}"   # the API`)
    .replaceAll('\n', '\r\n');

group.concurrent('one step', { timeout: 120_000 }, () => {
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

  it('mode: once looks once: unknown while it is under way, and nothing is synced', () =>
    withFixture(async (fixture) => {
      await fixture.deployed({ automated: false });
      const run = await fixture.run({ mode: 'once', sync: 'always' });
      expect(seen(run)).toEqual({ exitCode: 1, verdict: 'unknown', reason: 'not-yet', ok: 'unknown' });
      expect(run.outputs.changed).toBe('true');
      expect(fixture.argocd.requests.filter(({ method }) => method === 'POST')).toEqual([]);
    }));
});
