import { expect, describe as group, it } from 'vitest';
import { resultOf, seen } from './argo-sync-wait-setup.ts';
import { deployment, type Fixture, gitops, image, live, manifest, withFixture } from './root-setup.ts';

const committed = { exitCode: 0, verdict: 'committed', reason: 'committed', ok: 'true' };
const stale = { exitCode: 1, verdict: 'plan-stale', reason: 'plan-stale', ok: 'false' };
const unverified = { verify: 'committed', 'argocd-server': '', 'argocd-token': '' };

/** The digest that a reviewer is shown. */
async function planned(fixture: Fixture): Promise<string> {
  const run = await fixture.run({ 'dry-run': 'true' });
  return run.outputs['plan-digest'] ?? '';
}

async function expectNothingWritten(fixture: Fixture): Promise<void> {
  expect(await fixture.ours()).toEqual([]);
  expect(fixture.argocd.requests.filter(({ method }) => method === 'POST')).toEqual([]);
}

group.concurrent('the approved plan', { timeout: 60_000 }, () => {
  it('is applied, and verified', () =>
    withFixture(async (fixture) => {
      await fixture.deployed();
      const digest = await planned(fixture);
      const run = await fixture.run({ 'expect-plan': digest });
      expect(seen(run)).toEqual(live);
      expect(run.outputs).toMatchObject({ changed: 'true', 'plan-digest': digest });
    }));

  it('is applied also when something else was committed meanwhile', () =>
    withFixture(async (fixture) => {
      const digest = await planned(fixture);
      await fixture.commit({ 'apps/other/notes.yaml': 'a: 1\n' });
      const run = await fixture.run({ ...unverified, 'expect-plan': digest });
      expect(seen(run)).toEqual(committed);
    }));

  it('is applied also when something else is committed between reading and committing', () =>
    withFixture(async (fixture) => {
      const digest = await planned(fixture);
      const theirs = () => fixture.commit({ 'apps/other/notes.yaml': 'a: 1\n' });
      fixture.github.faults.push({ path: /graphql/, run: theirs });
      const run = await fixture.run({ ...unverified, 'expect-plan': digest });
      expect(seen(run)).toEqual(committed);
      expect(await fixture.text('apps/other/notes.yaml')).toBe('a: 1\n');
      expect(await fixture.ours()).toHaveLength(1);
    }));

  it('has nothing left to approve in a second run, which verifies', () =>
    withFixture(async (fixture) => {
      await fixture.deployed();
      const digest = await planned(fixture);
      await fixture.run({ ...unverified, 'expect-plan': digest });
      const run = await fixture.run({ 'expect-plan': digest });
      expect(seen(run)).toEqual(live);
      expect(run.outputs.changed).toBe('false');
    }));
});

group.concurrent('another plan than the approved one', { timeout: 60_000 }, () => {
  it('writes nothing: plan-stale, with both digests and the plan of now', () =>
    withFixture(async (fixture) => {
      await fixture.deployed();
      const digest = await planned(fixture);
      await fixture.commit({ [manifest]: deployment('1.4.0') });
      const run = await fixture.run({ 'expect-plan': digest });
      expect(seen(run)).toEqual(stale);
      expect(run.outputs).toMatchObject({ changed: 'false', 'commit-sha': '' });
      expect(run.outputs.summary).toContain(digest);
      expect(run.outputs.summary).toContain(run.outputs['plan-digest']);
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
      const digest = await planned(fixture);
      const theirs = () => fixture.commit({ [manifest]: deployment('1.4.0') });
      fixture.github.faults.push({ path: /graphql/, run: theirs });
      const run = await fixture.run({ 'expect-plan': digest });
      expect(seen(run)).toEqual(stale);
      expect(run.outputs.changed).toBe('false');
      await expectNothingWritten(fixture);
      expect(await fixture.text()).toBe(deployment('1.4.0'));
    }));

  it('opens no pull request either', () =>
    withFixture(async (fixture) => {
      const digest = await planned(fixture);
      await fixture.commit({ [manifest]: deployment('1.4.0') });
      const run = await fixture.run({ commit: 'pull-request', 'expect-plan': digest });
      expect(seen(run)).toEqual(stale);
      expect(fixture.github.repository(gitops).pulls.size).toBe(0);
    }));
});

group.concurrent('a pull request', { timeout: 60_000 }, () => {
  it('is pending: number and address, nothing on the branch, nothing verified', () =>
    withFixture(async (fixture) => {
      await fixture.deployed();
      const head = await fixture.github.head(gitops);
      const run = await fixture.run({ commit: 'pull-request' });
      expect(seen(run)).toEqual({
        ...{ exitCode: 0, verdict: 'pending', reason: 'pull-request-created', ok: 'unknown' },
      });
      expect(run.outputs).toMatchObject({
        changed: 'true',
        branch: 'sluice/payments/production',
        'pull-request-number': '1',
        'pull-request-url': `${fixture.github.url}/${gitops}/pull/1`,
        revision: '',
      });
      expect(resultOf(run)).toMatchObject({ schema: 'sluice.root.v1', verdict: 'pending' });
      expect(await fixture.github.head(gitops)).toBe(head);
      const again = await fixture.run({ commit: 'pull-request', images: image('1.5.0') });
      expect(seen(again)).toMatchObject({ exitCode: 0, verdict: 'pending', reason: 'pull-request-updated' });
      expect(fixture.github.repository(gitops).pulls.size).toBe(1);
    }));

  it('once merged, the same run finds nothing to change, and is live', () =>
    withFixture(async (fixture) => {
      await fixture.deployed();
      await fixture.run({ commit: 'pull-request' });
      const head = await fixture.github.mergePullRequest(gitops, 1);
      const run = await fixture.run({ commit: 'pull-request' });
      expect(seen(run)).toEqual(live);
      expect(run.outputs).toMatchObject({ changed: 'false', 'commit-sha': head, revision: head });
    }));

  it('a branch that refuses direct commits says to use one', () =>
    withFixture(async (fixture) => {
      await fixture.deployed();
      fixture.github.protect(gitops, 'main', 'ruleset');
      const run = await fixture.run();
      expect(seen(run)).toEqual({ exitCode: 1, verdict: 'refused', reason: 'branch-rules', ok: 'false' });
      expect(run.annotations).toMatchObject([{ message: expect.stringContaining('commit: pull-request') }]);
      await expectNothingWritten(fixture);
    }));
});
