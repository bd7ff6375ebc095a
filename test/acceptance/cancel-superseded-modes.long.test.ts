import { describe, expect, it } from 'vitest';
import { done, key, nothing, repository, type Stage, said, startStage } from './cancel-superseded-setup.ts';

async function withStage(test: (stage: Stage) => Promise<void>): Promise<void> {
  await using stage = await startStage();
  await test(stage);
  stage.github.expectNoViolations();
}
const merging = ['queued', 'in_progress', 'pending'];
const gitops = 'acme/gitops';

/** The pull request of the key, with a commit for each trailer; undefined: somebody's own. */
async function pullRequest({ github }: Stage, ...runs: readonly (number | undefined)[]): Promise<void> {
  await github.createRepository(gitops, { 'a.yaml': 'x: 0\n' });
  for (const [at, run] of runs.entries()) {
    const ours = `Set image\n\nSluice-Project: shop\nSluice-Environment: qa\nSluice-Run: ${repository}/${run}/1\nSluice-Change: sha256:${'a'.repeat(64)}`;
    const message = run === undefined ? 'Mend a thing' : ours;
    await github.commitFiles(gitops, 'sluice/shop/qa', { 'a.yaml': `x: ${at + 1}\n` }, { message });
  }
  const { testClient } = await import('@sluice/testbed/github/test-client');
  const client = testClient(github, github.createToken());
  await client.rest('POST', `/repos/${gitops}/pulls`, { title: 'T', head: 'sluice/shop/qa', base: 'main' });
}
/** Two pull requests of the branch `topic`, to two branches. */
async function twoPulls({ github }: Stage): Promise<void> {
  for (const branch of ['topic', 'next']) await github.commitFiles(repository, branch, { [branch]: 'x' });
  const { testClient } = await import('@sluice/testbed/github/test-client');
  const client = testClient(github, github.createToken());
  for (const base of ['main', 'next'])
    await client.rest('POST', `/repos/${repository}/pulls`, { title: 'T', head: 'topic', base });
}
function pullOf({ github }: Stage, number: number) {
  const pull = github.repository(repository).pulls.get(number);
  if (pull === undefined) throw new Error(`There is no pull request ${number}`);
  return pull;
}
const waiting = { ...key, 'cancel-waiting': 'true' };
const withPulls = (stage: Stage) => ({ ...waiting, 'pull-request-token': stage.github.createToken() });

describe('the pull request of a deployment that waited for its merge', () => {
  it('is closed, with a word that names the newer run, in two requests', () =>
    withStage(async (stage) => {
      await pullRequest(stage, 1);
      for (const id of [1, 9]) stage.run(id);
      stage.deployment(1, merging);
      stage.deployment(9);
      const before = stage.calls();
      const result = await stage.cancel(9, withPulls(stage));
      expect(said(result)).toMatchObject({ ...done, cancelled: ['1 awaited-merge'] });
      expect(stage.github.repository(gitops).pulls.get(1)?.state).toBe('closed');
      const [comment] = [...stage.github.repository(gitops).comments.values()];
      expect(comment?.body).toContain(`/${repository}/actions/runs/9)`);
      expect(JSON.parse(result.outputs.result ?? '').closedPullRequests).toEqual(['acme/gitops#1']);
      expect(stage.calls().reads - before.reads).toBe(5);
      expect(stage.calls().writes).toMatchObject({
        'POST cancel': 1,
        'POST statuses': 1,
        'POST comments': 1,
        'PATCH pulls': 1,
      });
    }));

  it.each([
    ["holds somebody's own commit", [1, undefined], {}],
    ['holds a commit of the newer run', [1, 9], {}],
    ['is to be left alone', [1], { 'close-pull-requests': 'false' }],
  ])('stays open where it %s', (_, runs, more) =>
    withStage(async (stage) => {
      await pullRequest(stage, ...runs);
      for (const id of [1, 9]) stage.run(id);
      stage.deployment(1, merging);
      stage.deployment(9);
      expect(said(await stage.cancel(9, { ...withPulls(stage), ...more }))).toMatchObject(done);
      expect(stage.github.repository(gitops).pulls.get(1)?.state).toBe('open');
      expect(stage.github.repository(gitops).comments.size).toBe(0);
    }));

  it('that could not be closed keeps its run from being cancelled, makes it incomplete, and says what to do', () =>
    withStage(async (stage) => {
      await pullRequest(stage, 1);
      for (const id of [1, 9]) stage.run(id);
      stage.deployment(1, merging);
      const result = await stage.cancel(9, waiting);
      expect(said(result)).toMatchObject({
        exitCode: 1,
        verdict: 'incomplete',
        reason: 'pull-request-left',
        cancelled: [],
        kept: ['1 pull-request-left', '9 newest'],
      });
      expect(result.annotations.map(({ message }) => message).join()).toContain('pull-request-token');
      expect(stage.ends()).toMatchObject({ 1: 'in_progress' });
    }));

  it.each([
    ['between the two looks', { method: 'POST', path: /statuses$/ }],
    ['in the moment in which it is to be closed', { method: 'PATCH', path: /pulls\/1$/ }],
  ])('that is merged %s keeps its run from being cancelled: what was merged is seen through', (_, at) =>
    withStage(async (stage) => {
      await pullRequest(stage, 1);
      for (const id of [1, 9]) stage.run(id);
      stage.deployment(1, merging);
      stage.deployment(9);
      const pull = stage.github.repository(gitops).pulls.get(1);
      const merges = () => void Object.assign(pull ?? {}, { state: 'closed', mergedAt: 1, closedAt: 1 });
      stage.github.faults.push({ ...at, run: merges });
      const result = await stage.cancel(9, withPulls(stage));
      expect(said(result)).toMatchObject({
        ...{ ...nothing, reason: 'began-meanwhile' },
        kept: ['1 began-first', '9 newest'],
      });
      expect(JSON.parse(result.outputs.result ?? '').notes).toEqual([
        'acme/gitops#1 was merged before it could be closed.',
      ]);
      expect(stage.ends()).toMatchObject({ 1: 'in_progress' });
      expect(stage.github.repository(gitops).comments.size).toBe(0);
    }));

  it('is closed before its run is cancelled, and commented once the run is', () =>
    withStage(async (stage) => {
      await pullRequest(stage, 1);
      for (const id of [1, 9]) stage.run(id);
      stage.deployment(1, merging);
      const before = stage.github.requests.length;
      await stage.cancel(9, withPulls(stage));
      const writes = stage.github.requests
        .slice(before)
        .filter(({ method, path: at }) => method !== 'GET' && !at.endsWith('/graphql'));
      expect(writes.map(({ method, path: at }) => `${method} ${at.replace(/^.*\//, '')}`)).toEqual([
        ...['POST statuses', 'PATCH 1', 'POST cancel', 'POST comments'],
      ]);
    }));

  it('costs no more than five reads, also where a run might be known by its concurrency group', () =>
    withStage(async (stage) => {
      await pullRequest(stage, 1);
      for (const id of [1, 3, 9]) stage.run(id);
      stage.run(2, { status: 'pending' });
      stage.deployment(1, merging);
      stage.deployment(3);
      stage.deployment(9);
      const groups = stage.github.repository(repository).concurrencyGroups;
      groups.set('sluice shop/qa', [{ run: 2, status: 'pending' }]);
      const before = stage.calls();
      const result = await stage.cancel(9, withPulls(stage));
      expect(said(result)).toMatchObject({ ...done, cancelled: ['1 awaited-merge', '3 not-begun'] });
      expect(stage.calls().reads - before.reads).toBe(5);
      expect(said(await stage.cancel(9))).toMatchObject({ ...done, cancelled: ['2 not-started'] });
    }));
});

it('when: succeeded cancels what is paused, as this run is live', () =>
  withStage(async (stage) => {
    stage.run(1, { status: 'waiting' });
    stage.run(2, { status: 'queued' });
    stage.run(3, { status: 'waiting' });
    stage.run(9);
    for (const id of [1, 2]) stage.deployment(id);
    stage.deployment(3, ['queued'], { partial: true });
    stage.deployment(9, ['queued', 'in_progress', 'success']);
    expect(said(await stage.cancel(9, { ...key, when: 'succeeded' }))).toMatchObject({
      ...done,
      ...{ cancelled: ['1 awaited-approval'], kept: ['2 not-paused', '3 partial', '9 newest'] },
    });
  }));

it.each([
  ['queued', ['queued']],
  ['under way', ['queued', 'in_progress']],
  ['failed', ['queued', 'in_progress', 'failure']],
  ['committed, and not seen to run', ['queued', 'in_progress', 'pending']],
])('when: succeeded cancels nothing where the Deployment of this run is %s, and says so', (_, states) =>
  withStage(async (stage) => {
    stage.run(1, { status: 'waiting' });
    stage.run(9);
    stage.deployment(1);
    stage.deployment(9, states);
    const result = await stage.cancel(9, { ...key, when: 'succeeded' });
    expect(said(result)).toMatchObject({ ...nothing, reason: 'not-succeeded' });
    expect(stage.calls().writes).toEqual({});
  }));

it('when: succeeded believes a run without a Deployment, whose step was reached', () =>
  withStage(async (stage) => {
    stage.run(1, { status: 'waiting' });
    stage.run(9);
    stage.deployment(1);
    expect(said(await stage.cancel(9, { ...key, when: 'succeeded' }))).toMatchObject({
      ...done,
      cancelled: ['1 awaited-approval'],
    });
  }));

it('a run that deploys a part only cancels nothing, and says so', () =>
  withStage(async (stage) => {
    stage.run(1, { status: 'queued' });
    stage.run(9);
    stage.deployment(1);
    stage.deployment(9, ['queued'], { partial: true });
    expect(said(await stage.cancel(9))).toMatchObject({ ...nothing, reason: 'own-is-partial' });
  }));

const closing = (state: string) => ({
  pull_request: {
    ...{ number: 5, state, closed_at: '2026-11-20T11:00:00Z' },
    head: { ref: 'topic', repo: { id: 77 } },
  },
});

describe('when: closed', () => {
  const pull = { event: 'pull_request', headBranch: 'topic', headRepository: 77, pulls: [] };
  const inputs = { when: 'closed', 'cancel-started': 'true' };

  it('cancels the runs of the pull request, of all workflows, and not those that the closing started', () =>
    withStage(async (stage) => {
      stage.run(1, { ...pull, status: 'queued' });
      stage.run(2, { ...pull, path: '.github/workflows/other.yml' });
      stage.run(3, { ...pull, headRepository: 78 });
      stage.run(4, { ...pull, headRepository: null });
      stage.run(5, { ...pull, event: 'push' });
      stage.run(6, { ...pull, createdAt: Date.parse('2026-11-20T11:00:00Z') });
      stage.run(9, pull);
      const result = await stage.cancel(9, inputs, { event: closing('closed') });
      expect(said(result)).toMatchObject({
        ...done,
        ...{ cancelled: ['1 not-started', '2 started'], kept: ['6 after-closing', '9 own'], by: '' },
      });
      // The pull request is not there to be read: the event is taken, and that is said.
      expect(result.annotations).toMatchObject([{ level: 'warning' }]);
      expect(stage.calls().reads).toBeLessThanOrEqual(5);
    }));

  it('costs no more than five reads, also where the pull request is no longer listed by its branch', () =>
    withStage(async (stage) => {
      await twoPulls(stage);
      stage.github.repository(repository).pulls.set(1, { ...pullOf(stage, 1), state: 'closed' });
      stage.run(1, { event: 'pull_request', headBranch: 'topic', pulls: [] });
      stage.run(2, { event: 'merge_group', status: 'queued', headBranch: 'gh-readonly-queue/main/pr-1-a' });
      stage.run(9, pull);
      const event = {
        pull_request: { number: 1, state: 'closed', head: { label: 'acme:renamed', ref: 'topic' } },
      };
      const before = stage.calls();
      expect(said(await stage.cancel(9, inputs, { event }))).toMatchObject({
        ...done,
        ...{ cancelled: ['1 started'], kept: ['2 ambiguous', '9 own'] },
      });
      expect(stage.calls().reads - before.reads).toBe(5);
    }));

  it('keeps the runs of a branch of which another pull request is open', () =>
    withStage(async (stage) => {
      await twoPulls(stage);
      stage.github.repository(repository).pulls.set(1, { ...pullOf(stage, 1), state: 'closed' });
      stage.run(1, { event: 'pull_request', headBranch: 'topic', pulls: [], status: 'queued' });
      stage.run(9, pull);
      const event = { pull_request: { number: 1, state: 'closed', head: { label: 'acme:topic' } } };
      expect(said(await stage.cancel(9, inputs, { event }))).toMatchObject({
        ...nothing,
        kept: ['1 ambiguous', '9 own'],
      });
      stage.github.repository(repository).pulls.delete(2);
      expect(said(await stage.cancel(9, inputs, { event }))).toMatchObject({
        ...done,
        cancelled: ['1 not-started'],
      });
    }));

  it('keeps what runs where nothing may tell whether it has begun to deploy', () =>
    withStage(async (stage) => {
      stage.run(1, pull);
      stage.run(9, pull);
      const token = stage.github.githubToken(repository, { actions: 'write', pull_requests: 'read' });
      const result = await stage.cancel(9, inputs, { token, event: closing('closed') });
      expect(said(result)).toMatchObject({ exitCode: 1, verdict: 'incomplete', reason: 'permission-denied' });
      expect(result.outputs.summary).toContain('`deployments: read`');
      expect(stage.ends()).toMatchObject({ 1: 'in_progress' });
    }));

  it('cancels nothing where the pull request is open again', () =>
    withStage(async (stage) => {
      stage.run(1, { ...pull, status: 'queued' });
      stage.run(9, pull);
      const result = await stage.cancel(9, inputs, { event: closing('open') });
      expect(said(result)).toMatchObject({ ...nothing, reason: 'pull-request-open' });
    }));

  it('wants an event of a pull request', () =>
    withStage(async (stage) => {
      const result = await stage.cancel(9, inputs);
      expect(said(result)).toMatchObject({ exitCode: 1, verdict: 'incomplete', reason: 'invalid-input' });
    }));
});

describe('of a branch', () => {
  it('cancels entries that have left the merge queue', () =>
    withStage(async (stage) => {
      const entry = { event: 'merge_group', status: 'queued' } as const;
      await stage.github.commitFiles(repository, 'gh-readonly-queue/main/pr-2-b', { a: 'b' });
      stage.run(1, { ...entry, headBranch: 'gh-readonly-queue/main/pr-1-a' });
      stage.run(2, { ...entry, headBranch: 'gh-readonly-queue/main/pr-2-b' });
      stage.run(9, { event: 'merge_group', headBranch: 'gh-readonly-queue/main/pr-2-b' });
      expect(said(await stage.cancel(9, { scope: 'branch' }))).toMatchObject({
        ...done,
        ...{ cancelled: ['1 left-queue'], kept: ['2 in-queue', '9 own'] },
      });
    }));

  it('cancels nothing where a branch and a tag have the name', () =>
    withStage(async (stage) => {
      await stage.github.commitFiles(repository, 'v1.2.3', { a: 'b' });
      stage.run(1, { status: 'queued', headBranch: 'v1.2.3' });
      stage.run(9, { headBranch: 'v1.2.3' });
      const env = { GITHUB_REF: 'refs/tags/v1.2.3' };
      expect(said(await stage.cancel(9, { scope: 'branch' }, { env }))).toMatchObject({
        ...nothing,
        kept: ['1 ambiguous', '9 newest'],
      });
    }));

  it('keeps the runs of a fork of which two pull requests of one branch are open', () =>
    withStage(async (stage) => {
      await twoPulls(stage);
      const pull = { event: 'pull_request', headBranch: 'topic', headRepository: 77, pulls: [] };
      stage.run(1, { ...pull, status: 'queued' });
      stage.run(9, pull);
      const event = { pull_request: { number: 2, head: { label: 'acme:topic' } } };
      expect(said(await stage.cancel(9, { scope: 'branch' }, { event }))).toMatchObject({
        ...nothing,
        kept: ['1 ambiguous', '9 newest'],
      });
      stage.github.repository(repository).pulls.delete(1);
      expect(said(await stage.cancel(9, { scope: 'branch' }, { event }))).toMatchObject({
        ...done,
        cancelled: ['1 not-started'],
      });
    }));

  it('takes a tag by its whole name', () =>
    withStage(async (stage) => {
      stage.run(1, { status: 'queued', headBranch: 'v1.2.3' });
      stage.run(2, { status: 'queued', headBranch: '1.2.3' });
      stage.run(9, { headBranch: 'v1.2.3' });
      const env = { GITHUB_REF: 'refs/tags/v1.2.3' };
      expect(said(await stage.cancel(9, { scope: 'branch' }, { env }))).toMatchObject({
        ...done,
        ...{ cancelled: ['1 not-started'], kept: ['2 other-branch', '9 newest'] },
      });
    }));

  it('knows the pull request of its own run by the event, where the branch has two', () =>
    withStage(async (stage) => {
      const pull = { event: 'pull_request', headBranch: 'topic' };
      stage.run(1, { ...pull, status: 'queued', pulls: [5] });
      stage.run(2, { ...pull, status: 'queued', pulls: [6] });
      stage.run(3, { ...pull, status: 'queued', pulls: [5, 6] });
      stage.run(9, { ...pull, pulls: [5, 6] });
      const event = { pull_request: { number: 5 } };
      expect(said(await stage.cancel(9, { scope: 'branch' }, { event }))).toMatchObject({
        ...done,
        ...{ cancelled: ['1 not-started'], kept: ['2 other-pull-request', '3 ambiguous', '9 newest'] },
      });
    }));
});
