import { expect, test } from 'vitest';
import { type BranchScope, planBranch } from './plan-branch.ts';
import { type ClosedScope, planClosed } from './plan-closed.ts';
import { deploymentOf, runOf, told } from './test-runs.ts';

const scope = {
  isAmbiguous: false,
  queue: undefined,
  traced: { deployments: [], since: -1 },
  cancelWaiting: false,
  cancelStarted: false,
};
const own = runOf(9);
const plan = (runs: BranchScope['runs'], more: Partial<BranchScope> = {}) =>
  told(planBranch({ ...scope, own, runs, ...more }));
const queued = { status: 'queued' };
const pull = { event: 'pull_request', branch: 'topic', pulls: [5] };

test.each([
  ['is queued', queued, {}, ['1 not-started']],
  ['is held by its concurrency group', { status: 'pending' }, {}, ['1 not-started']],
  ['waits', { status: 'waiting' }, {}, []],
  ['waits, and is asked for', { status: 'waiting' }, { cancelWaiting: true }, ['1 awaited-approval']],
  ['runs', {}, {}, []],
  ['runs, and is asked for', {}, { cancelStarted: true }, ['1 started']],
  ['is completed', { status: 'completed' }, { cancelStarted: true }, []],
])('an older run of the branch that %s', (_, given, more, expected) => {
  expect(plan([own, runOf(1, given)], more).cancel).toEqual(expected);
});

test.each([
  ['runs', {}, ['queued'], ['1 started']],
  ['runs', {}, ['queued', 'in_progress'], []],
  ['is queued between two jobs', queued, ['queued', 'in_progress'], []],
  ['waits between two jobs', { status: 'waiting' }, ['queued', 'in_progress'], []],
  ['waits for a merge', {}, ['queued', 'in_progress', 'pending'], []],
  ['is queued', queued, ['queued'], ['1 not-started']],
  ['has deployed', {}, ['queued', 'in_progress', 'success'], ['1 started']],
])('an older run that %s and deploys is cancelled only where nothing has begun: %o %o', (_, given, states, expected) => {
  const traced = { deployments: [deploymentOf(1, states)], since: -1 };
  const asked = { cancelStarted: true, cancelWaiting: true, traced };
  const runs = [own, runOf(1, given)];
  expect(plan(runs, asked).cancel).toEqual(expected);
  const [one] = planBranch({ ...scope, ...asked, own, runs }).cancel;
  expect(one?.deployments.length ?? 0).toBe(states.at(-1) === 'queued' ? 1 : 0);
});

test('a run that is older than the Deployments that are read may have begun', () => {
  const traced = { deployments: [], since: 1_000_000 };
  expect(plan([own, runOf(1, queued)], { traced }).keep).toEqual(['1 begun', '9 newest']);
});

test.each([
  ['another workflow of the same name', { workflow: 8 }, undefined],
  ['another branch', { branch: 'release' }, 'other-branch'],
  ['a branch whose name ours ends with', { branch: 'feature/main' }, 'other-branch'],
  ['a fork with a branch of that name', { repository: 2 }, 'other-repository'],
  ['a fork that was deleted', { repository: undefined }, 'other-repository'],
  ['a pull request', { event: 'pull_request' }, 'other-event'],
  ['a schedule', { event: 'schedule' }, 'other-event'],
  ['a dispatch', { event: 'workflow_dispatch' }, 'other-event'],
  ['a comment', { event: 'issue_comment' }, 'other-event'],
])('a push cancels nothing of %s', (_, given, why) => {
  const found = plan([own, runOf(1, { ...queued, ...given })], { cancelStarted: true });
  expect(found).toEqual({ cancel: [], keep: [...(why === undefined ? [] : [`1 ${why}`]), '9 newest'] });
});

test.each([
  ['of the same pull request', { ...pull, ...queued }, ['1 not-started']],
  ['of a fork, of which no run names the pull request', { ...pull, ...queued, pulls: [] }, ['1 not-started']],
  ['of another pull request of the branch', { ...pull, ...queued, pulls: [6] }, []],
  ['of one of two pull requests of the branch', { ...pull, ...queued, pulls: [5, 6] }, []],
  ['of a push to the branch', { ...pull, ...queued, event: 'push' }, []],
  [
    'of pull_request_target, of an older commit',
    { ...pull, ...queued, event: 'pull_request_target' },
    ['1 not-started'],
  ],
  [
    'of pull_request_target, of the same commit',
    { ...pull, ...queued, event: 'pull_request_target', sha: own.sha },
    [],
  ],
])('a run of a pull request and one %s', (_, given, expected) => {
  expect(plan([runOf(1, given)], { own: { ...own, ...pull } }).cancel).toEqual(expected);
});

test.each([
  'issue_comment',
  'repository_dispatch',
  'workflow_run',
  'issues',
])('two runs of %s are about different things', (event) => {
  expect(plan([runOf(1, { ...queued, event })], { own: { ...own, event } }).cancel).toEqual([]);
});

test.each(['schedule', 'workflow_dispatch'])('a newer %s takes the place of an older one', (event) => {
  expect(plan([runOf(1, { ...queued, event })], { own: { ...own, event } }).cancel).toEqual([
    '1 not-started',
  ]);
});

test('where a branch and a tag have one name, nothing is cancelled', () => {
  expect(plan([runOf(1, queued)], { isAmbiguous: true })).toEqual({
    cancel: [],
    keep: ['1 ambiguous', '9 newest'],
  });
});

test('two runs of forks that were deleted may be of two forks', () => {
  const gone = { repository: undefined };
  expect(plan([runOf(1, { ...queued, ...gone })], { own: { ...own, ...gone } }).cancel).toEqual([]);
});

test('an older run that sees a newer one gives way itself only where what has started may be cancelled', () => {
  const runs = [runOf(10, queued), runOf(1, queued)];
  expect(plan(runs)).toEqual({ cancel: ['1 not-started'], keep: ['9 running', '10 newest'] });
  expect(plan(runs, { cancelStarted: true }).cancel).toEqual(['1 not-started', '9 started']);
});

test('entries that have left the merge queue are cancelled, and no others', () => {
  const entry = (id: number, branch: string) => runOf(id, { ...queued, event: 'merge_group', branch });
  const runs = [
    entry(1, 'gh-readonly-queue/main/pr-1-a'),
    entry(2, 'gh-readonly-queue/main/pr-2-b'),
    entry(3, 'main'),
  ];
  const queue = new Set(['gh-readonly-queue/main/pr-2-b']);
  expect(plan(runs, { queue })).toEqual({
    cancel: ['1 left-queue'],
    keep: ['2 in-queue', '3 ambiguous', '9 newest'],
  });
  expect(plan(runs).cancel).toEqual([]);
});

const closed = (runs: ClosedScope['runs'], more: Partial<ClosedScope> = {}) =>
  told(
    planClosed({
      ...{ own: 9, runs, ...scope },
      pull: { number: 5, repository: 1, branch: 'topic', hasTwin: false, closedAt: 2_000_000 },
      ...more,
    }),
  ).cancel;

test.each([
  ['of another workflow', { workflow: 8 }, ['1 not-started']],
  ['that names no pull request', { pulls: [] }, ['1 not-started']],
  ['of another pull request of the branch', { pulls: [6] }, []],
  ['of one of two pull requests of the branch', { pulls: [5, 6] }, []],
  ['of another fork', { repository: 2, pulls: [] }, []],
  ['of a fork that was deleted', { repository: undefined, pulls: [] }, []],
  ['of a push', { event: 'push' }, []],
  ['that the closing has started', { createdAt: 2_000_000 }, []],
  ['that runs', { status: 'in_progress' }, []],
])('of a closed pull request, a run %s', (_, given, expected) => {
  expect(closed([runOf(9, pull), runOf(1, { ...pull, ...queued, ...given })])).toEqual(expected);
});

test('of a pull request of a deleted fork, a run that names it is certain', () => {
  const gone = { number: 5, repository: undefined, branch: 'topic', hasTwin: false, closedAt: undefined };
  const runs = [runOf(1, { ...pull, ...queued, repository: undefined }), runOf(10, { ...pull, ...queued })];
  expect(closed(runs, { pull: gone })).toEqual(['1 not-started']);
  const unnamed = runOf(2, { ...pull, ...queued, repository: undefined, pulls: [] });
  expect(closed([unnamed], { pull: gone })).toEqual([]);
});
