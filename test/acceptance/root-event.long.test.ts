import { expect, describe as group, it } from 'vitest';
import { seen } from './argo-sync-wait-setup.ts';
import { begun, statesOf, woken } from './root-event-setup.ts';
import { gitops, image, live, manifest, deployment as version, withFixture } from './root-setup.ts';

group.concurrent('a deployment that ends by an event', { timeout: 120_000 }, () => {
  it('is left alone by a notification about a commit that does not hold it', () =>
    withFixture(async (fixture) => {
      await fixture.deployed();
      const before = await fixture.github.head(gitops);
      const id = await begun(fixture);
      const run = await woken(fixture, before);
      expect(seen(run)).toMatchObject({
        exitCode: 0,
        verdict: 'pending',
        ok: 'unknown',
        reason: 'nothing-open',
      });
      expect(statesOf(fixture, id).at(-1)).toBe('in_progress');
    }));

  it('is a failure where it failed', () =>
    withFixture(
      async (fixture) => {
        await fixture.deployed();
        const id = await begun(fixture);
        const run = await woken(fixture, await fixture.github.head(gitops));
        expect(seen(run)).toMatchObject({ exitCode: 1, verdict: 'failed', ok: 'false' });
        expect(statesOf(fixture, id).at(-1)).toBe('failure');
      },
      { badImages: [image('1.4.2')] },
    ));

  it('is a failure where somebody overwrote it meanwhile: a sweep says who, whatever notification was lost', () =>
    withFixture(async (fixture) => {
      await fixture.deployed();
      const id = await begun(fixture);
      await fixture.commit({ [manifest]: version('1.3.9') }, { author: 'bob' });
      const run = await woken(fixture, '', { deployment: 'sweep', 'sweep-after': '0s' });
      expect(seen(run)).toMatchObject({ exitCode: 1, verdict: 'drifted' });
      expect(run.outputs.summary).toContain('bob');
      expect(statesOf(fixture, id).at(-1)).toBe('failure');
    }));

  it('is left for the next look where it is not live yet, and an error when that has taken too long', () =>
    withFixture(async (fixture) => {
      await fixture.deployed();
      fixture.argocd.faults.neverSync('payments');
      const id = await begun(fixture);
      const sweep = { deployment: 'sweep', 'sweep-after': '0s', timeout: '4s' };
      const first = await woken(fixture, '', sweep);
      expect(seen(first)).toMatchObject({ exitCode: 1, verdict: 'timed-out' });
      expect(statesOf(fixture, id).at(-1)).toBe('in_progress');
      const last = await woken(fixture, '', { ...sweep, 'give-up-after': '1s' });
      expect(seen(last)).toMatchObject({ exitCode: 1, verdict: 'unknown', ok: 'unknown', reason: 'gave-up' });
      expect(statesOf(fixture, id).at(-1)).toBe('error');
    }));

  it('is left for whoever syncs by hand, and live when somebody has', () =>
    withFixture(async (fixture) => {
      await fixture.deployed({ automated: false });
      const id = await begun(fixture);
      const sweep = { deployment: 'sweep', 'sweep-after': '0s', timeout: '20s' };
      const first = await woken(fixture, '', sweep);
      expect(seen(first)).toEqual({
        ...{ exitCode: 1, verdict: 'timed-out', reason: 'needs-sync', ok: 'false' },
      });
      expect(statesOf(fixture, id).at(-1)).toBe('in_progress');
      const person = await fetch(`${fixture.argocd.url}/api/v1/applications/payments/sync`, {
        method: 'POST',
        headers: { authorization: `Bearer ${fixture.argocdToken}`, 'content-type': 'application/json' },
        body: '{}',
      });
      expect(person.status).toBe(200);
      await fixture.argocd.idle('payments');
      expect(seen(await woken(fixture, await fixture.github.head(gitops)))).toEqual(live);
      expect(statesOf(fixture, id).at(-1)).toBe('success');
    }));

  it('is not live while fewer applications are there than the deploying run expects', () =>
    withFixture(async (fixture) => {
      await fixture.deployed();
      const id = await begun(fixture, { expect: '2' });
      const run = await woken(fixture, await fixture.github.head(gitops), { timeout: '4s' });
      expect(seen(run)).toMatchObject({ exitCode: 1, reason: 'too-few-applications' });
      expect(statesOf(fixture, id).at(-1)).toBe('in_progress');
    }));

  it('that was begun a moment ago is no matter of a sweep', () =>
    withFixture(async (fixture) => {
      await fixture.deployed();
      await begun(fixture);
      const run = await woken(fixture, '', { deployment: 'sweep' });
      expect(seen(run)).toMatchObject({ exitCode: 0, verdict: 'pending', reason: 'nothing-open' });
    }));

  it('by a pull request waits for its merge, and then for what is live', () =>
    withFixture(async (fixture) => {
      await fixture.deployed();
      const id = await begun(fixture, { commit: 'pull-request' });
      const sweep = { deployment: 'sweep', 'sweep-after': '0s' };
      const open = await woken(fixture, '', sweep);
      expect(seen(open)).toMatchObject({ exitCode: 0, verdict: 'pending', reason: 'not-on-branch' });
      const merge = await fixture.github.mergePullRequest(gitops, 1, 'alice', 'squash');
      await fixture.argocd.poll('payments');
      expect(seen(await woken(fixture, merge))).toEqual(live);
      expect(statesOf(fixture, id).at(-1)).toBe('success');
    }));
});
