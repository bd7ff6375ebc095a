import { expect, describe as group, it } from 'vitest';
import { seen } from './argo-sync-wait-setup.ts';
import { type Fixture, gitops, image, live, withFixture } from './root-setup.ts';

/** The same job again: its verdict comes from the cluster, and it commits nothing more. */
async function again(fixture: Fixture, inputs: Record<string, string> = {}): Promise<void> {
  const head = await fixture.github.head(gitops);
  const run = await fixture.run(inputs, { env: { GITHUB_RUN_ATTEMPT: '2' } });
  expect(seen(run)).toEqual(live);
  expect(run.outputs).toMatchObject({ changed: 'false', 'commit-sha': head, revision: head });
  expect(await fixture.ours()).toHaveLength(1);
  expect(fixture.argocd.liveImages('payments')).toEqual([image('1.4.2')]);
}

const killed = { exitCode: null, signal: 'SIGKILL', outputs: {} };
const forever = () => new Promise<never>(() => {});

group.concurrent('killed', { timeout: 120_000 }, () => {
  it('just after the commit landed: the next run finds it, and verifies', () =>
    withFixture(async (fixture) => {
      await fixture.deployed();
      const landed = Promise.withResolvers<void>();
      fixture.beforeReadBack(() => {
        landed.resolve();
        return forever();
      });
      const first = await fixture.run({}, { kill: { signal: 'SIGKILL', after: landed.promise } });
      expect(first).toMatchObject(killed);
      expect(await fixture.ours()).toHaveLength(1);
      await again(fixture);
    }));

  it('while it waits for a fresh comparison', () =>
    withFixture(async (fixture) => {
      await fixture.deployed();
      fixture.argocd.faults.neverSync('payments');
      const after = fixture.requested('refresh=normal');
      const first = await fixture.run({}, { kill: { signal: 'SIGKILL', after } });
      expect(first).toMatchObject(killed);
      expect(fixture.argocd.liveImages('payments')).toEqual([image('1.3.9')]);
      await fixture.release();
      await again(fixture);
    }));

  it('while the sync that it asked for runs: the next run asks for no other', () =>
    withFixture(
      async (fixture) => {
        await fixture.deployed({ automated: false });
        const sync = { sync: 'when-manual' };
        const posts = () => fixture.argocd.requests.filter(({ method }) => method === 'POST');
        const after = fixture.requested('/sync');
        const first = await fixture.run(sync, { kill: { signal: 'SIGKILL', after } });
        expect(first).toMatchObject(killed);
        await again(fixture, sync);
        expect(posts()).toHaveLength(1);
      },
      { timing: { operation: 1000 } },
    ));

  it('before the commit: nothing is written, and the next run writes it', () =>
    withFixture(async (fixture) => {
      await fixture.deployed();
      const asked = Promise.withResolvers<void>();
      const stuck = {
        path: /graphql/,
        run() {
          asked.resolve();
          return forever();
        },
      };
      fixture.github.faults.push(stuck);
      const first = await fixture.run({}, { kill: { signal: 'SIGKILL', after: asked.promise } });
      expect(first).toMatchObject(killed);
      expect(await fixture.ours()).toEqual([]);
      const second = await fixture.run({}, { env: { GITHUB_RUN_ATTEMPT: '2' } });
      expect(seen(second)).toEqual(live);
      expect(second.outputs.changed).toBe('true');
    }));
});

group.concurrent('cancelled', { timeout: 120_000 }, () => {
  it.each([
    'SIGINT',
    'SIGTERM',
  ] as const)('by %s while it waits: outputs are written, nothing is half done', (signal) =>
    withFixture(async (fixture) => {
      await fixture.deployed();
      fixture.argocd.faults.neverSync('payments');
      const after = fixture.requested('refresh=normal');
      const run = await fixture.run({ timeout: '10m' }, { kill: { signal, after } });
      expect(seen(run)).toEqual({ exitCode: 1, verdict: 'unknown', reason: 'cancelled', ok: 'unknown' });
      const [ours, ...more] = await fixture.ours();
      expect(more).toEqual([]);
      expect(run.outputs).toMatchObject({ revision: '', summary: expect.stringContaining(signal) });
      expect(run.outputs).toMatchObject({ changed: 'true', branch: 'main', 'commit-sha': ours?.sha });
      expect(JSON.parse(run.outputs.change ?? '')).toMatchObject({ commit: ours?.sha });
      expect(run.annotations).toHaveLength(1);
      expect(run.summary).toContain('cancelled');
      expect(run.summary).toContain(`The commit ${ours?.sha} is on the branch main.`);
      expect(await fixture.text()).toContain(image('1.4.2'));
    }));

  it('while it commits: whether it is there is not known, and the next run goes on from there', () =>
    withFixture(async (fixture) => {
      await fixture.deployed();
      const landed = Promise.withResolvers<void>();
      // The commit is there as soon as the next request looks for it; its answer never came.
      fixture.github.faults.push({ path: /graphql/, cut: 'after-effect' });
      fixture.beforeReadBack(() => {
        landed.resolve();
        return forever();
      });
      const run = await fixture.run({}, { kill: { signal: 'SIGINT', after: landed.promise } });
      expect(seen(run)).toEqual({ exitCode: 1, verdict: 'unknown', reason: 'cancelled', ok: 'unknown' });
      expect(run.outputs).toMatchObject({ changed: '', branch: 'main', 'commit-sha': '', change: '' });
      const unconfirmed = 'A commit was asked for and not confirmed: it may be on the branch main.';
      expect(run.outputs.summary).toContain(unconfirmed);
      expect(run.summary).toContain(unconfirmed);
      expect(await fixture.ours()).toHaveLength(1);
      const second = await fixture.run({}, { env: { GITHUB_RUN_ATTEMPT: '2' } });
      expect(seen(second)).toEqual(live);
      expect(await fixture.ours()).toHaveLength(1);
    }));
});

group.concurrent('timed out', { timeout: 120_000 }, () => {
  it('then run again when Argo CD has caught up: live, without another commit', () =>
    withFixture(async (fixture) => {
      await fixture.deployed();
      fixture.argocd.faults.neverSync('payments');
      const first = await fixture.run({ timeout: '6s' });
      expect(seen(first)).toEqual({ exitCode: 1, verdict: 'timed-out', reason: 'timed-out', ok: 'false' });
      expect(first.outputs.changed).toBe('true');
      expect(first.annotations).toMatchObject([
        { message: expect.stringMatching(/Not seen: Synced, .*Run the job again, or raise `timeout`/) },
      ]);
      await fixture.release();
      await again(fixture);
    }));
});
