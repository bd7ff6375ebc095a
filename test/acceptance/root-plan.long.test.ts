import { planDigest } from '@sluice/gitops/bump/plan';
import { expect, describe as group, it } from 'vitest';
import { imageEdit, resultOf, seen } from './argo-sync-wait-setup.ts';
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

const stale = { exitCode: 1, verdict: 'plan-stale', reason: 'plan-stale', ok: 'false' };

/** The digest of the plan for the repository as it stands at first. */
const firstPlan = ({ github }: Fixture): string =>
  planDigest({
    repository: `${github.url}/${gitops}`,
    branch: 'main',
    files: [{ path: manifest, edits: [imageEdit('1.3.9', '1.4.2')] }],
  });

async function expectNothingWritten(fixture: Fixture): Promise<void> {
  expect(await fixture.ours()).toEqual([]);
  expect(fixture.github.repository(gitops).pulls.size).toBe(0);
  expect(fixture.argocd.requests.filter(({ method }) => method === 'POST')).toEqual([]);
}

group.concurrent('the approved plan', { timeout: 120_000 }, () => {
  it('is applied and verified; a second run has nothing left to approve, and verifies', () =>
    withFixture(async (fixture) => {
      await fixture.deployed();
      const planned = await fixture.run({ 'dry-run': 'true' });
      const { 'plan-digest': digest = '' } = planned.outputs;
      expect(digest).toBe(firstPlan(fixture));
      const first = await fixture.run({ 'expect-plan': digest });
      expect(seen(first)).toEqual(live);
      expect(first.outputs).toMatchObject({ changed: 'true', 'plan-digest': digest });
      const second = await fixture.run({ 'expect-plan': digest });
      expect(seen(second)).toEqual(live);
      expect(second.outputs.changed).toBe('false');
    }));

  it('is applied also when something else is committed, before it reads or before it commits', () =>
    withFixture(async (fixture) => {
      await fixture.commit({ 'apps/other/notes.yaml': 'a: 1\n' });
      const theirs = () => fixture.commit({ 'apps/other/notes.yaml': 'a: 2\n' });
      fixture.github.faults.push({ path: /graphql/, run: theirs });
      const run = await fixture.run({ ...unverified, 'expect-plan': firstPlan(fixture) });
      expect(seen(run)).toEqual({ exitCode: 0, verdict: 'committed', reason: 'committed', ok: 'true' });
      expect(await fixture.text('apps/other/notes.yaml')).toBe('a: 2\n');
      expect(await fixture.ours()).toHaveLength(1);
    }));
});

group.concurrent('another plan than the approved one', { timeout: 120_000 }, () => {
  it.each([['direct'], ['pull-request']])('writes nothing with commit: %s: plan-stale, and why', (commit) =>
    withFixture(async (fixture) => {
      await fixture.deployed();
      const approved = firstPlan(fixture);
      await fixture.commit({ [manifest]: deployment('1.4.0') });
      const run = await fixture.run({ commit, 'expect-plan': approved });
      expect(seen(run)).toEqual(stale);
      expect(run.outputs).toMatchObject({ changed: 'false', 'commit-sha': '' });
      for (const digest of [approved, run.outputs['plan-digest']])
        expect(run.outputs.summary).toContain(digest);
      expect(run.summary).toContain(`-          image: ${image('1.4.0')}`);
      expect(run.annotations).toMatchObject([
        { level: 'error', message: expect.stringMatching(/Plan again/) },
      ]);
      await expectNothingWritten(fixture);
      expect(await fixture.text()).toBe(deployment('1.4.0'));
    }));

  it('writes nothing when the branch moves between plan and commit', () =>
    withFixture(async (fixture) => {
      await fixture.deployed();
      const theirs = () => fixture.commit({ [manifest]: deployment('1.4.0') });
      fixture.github.faults.push({ path: /graphql/, run: theirs });
      const run = await fixture.run({ 'expect-plan': firstPlan(fixture) });
      expect(seen(run)).toEqual(stale);
      expect(run.outputs.changed).toBe('false');
      await expectNothingWritten(fixture);
      expect(await fixture.text()).toBe(deployment('1.4.0'));
    }));
});

group.concurrent('a pull request', { timeout: 120_000 }, () => {
  it('is pending; once it is merged, the same run finds nothing to change, and is live', () =>
    withFixture(async (fixture) => {
      await fixture.deployed();
      const head = await fixture.github.head(gitops);
      const first = await fixture.run({ commit: 'pull-request' });
      expect(seen(first)).toEqual({
        ...{ exitCode: 0, verdict: 'pending', reason: 'pull-request-created', ok: 'unknown' },
      });
      expect(first.outputs).toMatchObject({
        changed: 'true',
        branch: 'sluice/payments/production',
        'pull-request-number': '1',
        'pull-request-url': `${fixture.github.url}/${gitops}/pull/1`,
        revision: '',
      });
      expect(resultOf(first)).toMatchObject({ schema: 'sluice.root.v1', verdict: 'pending' });
      expect(await fixture.github.head(gitops)).toBe(head);
      const merged = await fixture.github.mergePullRequest(gitops, 1);
      const second = await fixture.run({ commit: 'pull-request' });
      expect(seen(second)).toEqual(live);
      expect(second.outputs).toMatchObject({ changed: 'false', 'commit-sha': merged, revision: merged });
    }));

  it('is what a branch that refuses direct commits is told to use', () =>
    withFixture(async (fixture) => {
      await fixture.deployed();
      fixture.github.protect(gitops, 'main', 'ruleset');
      const run = await fixture.run();
      expect(seen(run)).toEqual({ exitCode: 1, verdict: 'refused', reason: 'ruleset', ok: 'false' });
      expect(run.annotations).toMatchObject([{ message: expect.stringContaining('commit: pull-request') }]);
      await expectNothingWritten(fixture);
    }));
});
