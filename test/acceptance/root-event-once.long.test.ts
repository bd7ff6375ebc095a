import { expect, describe as group, it } from 'vitest';
import { seen } from './argo-sync-wait-setup.ts';
import { begun, blind, notify, statesOf, woken } from './root-event-setup.ts';
import { gitops, live, withFixture } from './root-setup.ts';

group.concurrent('a deployment that ends by an event', { timeout: 120_000 }, () => {
  it('is in_progress after the commit, and the run that a notification wakes sees it live', () =>
    withFixture(async (fixture) => {
      await fixture.deployed();
      const id = await begun(fixture);
      expect(statesOf(fixture, id)).toEqual(['queued', 'in_progress', 'in_progress']);
      const run = await woken(fixture, await fixture.github.head(gitops));
      expect(seen(run)).toEqual(live);
      expect(run.outputs['deployment-id']).toBe(id);
      expect(statesOf(fixture, id).at(-1)).toBe('success');
      const last = fixture.github.repository('acme/app').deployments.get(Number(id))?.statuses.at(-1);
      expect(last?.logUrl).toBe(`${fixture.github.url}/${gitops}/actions/runs/77`);
    }));

  it('is live by a notification of the configured App where Argo CD cannot be read: that is evidence of its own kind, and the result says so', () =>
    withFixture(async (fixture) => {
      const id = await begun(fixture);
      const commit = await fixture.github.head(gitops);
      notify(fixture, commit);
      const run = await woken(fixture, commit, blind);
      expect(seen(run)).toEqual({ exitCode: 0, verdict: 'live', ok: 'true', reason: 'reported' });
      const { deployments } = JSON.parse(run.outputs.result ?? '');
      expect(deployments).toMatchObject([{ id: Number(id), evidence: 'reported', state: 'success' }]);
      expect(statesOf(fixture, id).at(-1)).toBe('success');
    }));
});
