import { expect, test } from 'vitest';
import { type DeploymentScope, planDeployments } from './plan-deployments.ts';
import type { SeenRun } from './runs.ts';
import { deploymentOf, key, runOf, told } from './test-runs.ts';
import type { TracedDeployment } from './traced-deployments.ts';

interface Case {
  readonly own?: number;
  readonly runs: readonly SeenRun[];
  readonly deployments?: readonly TracedDeployment[];
  readonly more?: Partial<DeploymentScope>;
}
const plan = ({ own = 9, runs, deployments = [], more = {} }: Case) =>
  planDeployments({
    ...{ own, key, runs, deployments, since: -1, group: new Set<number>(), when: 'queued' },
    cancelWaiting: false,
    ...more,
  });
const cancels = (given: Case) => told(plan(given)).cancel;
const named = (id: number, status: string, name = 'Deploy [sluice shop/qa]') =>
  runOf(id, { status, names: ['deploy', name] });
const own = runOf(9);

test.each([
  ['queued', 'queued', ['queued'], '1 not-started'],
  ['requested', 'requested', ['queued'], '1 not-started'],
  ['held by its concurrency group', 'pending', ['queued'], '1 not-started'],
  ['running, with nothing changed', 'in_progress', ['queued'], '1 not-begun'],
  ['running, its Deployment made and not told yet', 'in_progress', [], '1 not-begun'],
  ['told by another run, and still there', 'in_progress', ['queued', 'inactive 8'], '1 not-begun'],
])('an older deployment is cancelled that is %s', (_, status, states, expected) => {
  const deployments = [deploymentOf(1, states), deploymentOf(9)];
  expect(told(plan({ runs: [own, runOf(1, { status })], deployments }))).toEqual({
    cancel: [expected],
    keep: ['9 newest'],
  });
});

test.each([
  ['changes something', 'in_progress', ['queued', 'in_progress'], '1 begun'],
  ['changes something, and is queued between two jobs', 'queued', ['queued', 'in_progress'], '1 begun'],
  ['began before the word of a newer one', 'in_progress', ['queued', 'in_progress', 'inactive 8'], '1 begun'],
  ['is live', 'in_progress', ['queued', 'in_progress', 'success'], '1 ended'],
  ['failed, and is to be approved again', 'waiting', ['queued', 'in_progress', 'failure'], '1 ended'],
  ['waits for an approval', 'waiting', ['queued'], '1 awaits-approval'],
  ['waits for a merge', 'in_progress', ['queued', 'in_progress', 'pending'], '1 awaits-merge'],
  ['has a status that nobody knows', 'paused', ['queued'], '1 unknown-status'],
])('an older deployment is kept that %s', (_, status, states, expected) => {
  const deployments = [deploymentOf(1, states), deploymentOf(9)];
  expect(told(plan({ runs: [own, runOf(1, { status })], deployments }))).toEqual({
    cancel: [],
    keep: [expected, '9 newest'],
  });
});

test.each([
  ['an approval', 'waiting', ['queued'], {}, ['1 awaited-approval']],
  ['a merge', 'in_progress', ['queued', 'in_progress', 'pending'], {}, ['1 awaited-merge']],
  [
    'merges in several repositories',
    'in_progress',
    ['queued', 'in_progress', 'pending'],
    { several: true },
    [],
  ],
  ['an approval, of a part', 'waiting', ['queued'], { partial: true }, []],
] as const)('with cancel-waiting, what waits for %s', (_, status, states, given, expected) => {
  const deployments = [deploymentOf(1, states, given), deploymentOf(9)];
  const runs = [own, runOf(1, { status })];
  expect(cancels({ runs, deployments, more: { cancelWaiting: true } })).toEqual(expected);
});

test('what is completed is neither cancelled nor does it make anything pointless', () => {
  const runs = [runOf(12, { status: 'completed' }), own, runOf(1, { status: 'completed' })];
  expect(told(plan({ runs, deployments: [1, 9, 12].map((id) => deploymentOf(id)) }))).toEqual({
    cancel: [],
    keep: ['9 newest'],
  });
});

test.each([
  ['tenant', { key: { ...key, tenant: 'eu' } }],
  ['project', { key: { ...key, project: 'cart' } }],
  ['environment', { key: { ...key, environment: 'production' } }],
])('a deployment of another %s is left alone', (_, given) => {
  const deployments = [deploymentOf(1, ['queued'], given), deploymentOf(9)];
  expect(told(plan({ runs: [own, runOf(1)], deployments }))).toEqual({ cancel: [], keep: ['9 newest'] });
});

test('an older run that sees a newer one gives way itself, last of all; the newest is never cancelled', () => {
  const runs = [4, 3, 2, 1].map((id) => runOf(id));
  const deployments = [1, 2, 3, 4].map((id) => deploymentOf(id));
  expect(plan({ own: 2, runs, deployments })).toMatchObject({ supersededBy: 4 });
  expect(told(plan({ own: 2, runs, deployments }))).toEqual({
    cancel: ['1 not-begun', '3 not-begun', '2 not-begun'],
    keep: ['4 newest'],
  });
});

test('a re-run of an old run is as old as it was: it gives way to what is newer', () => {
  const deployments = [deploymentOf(9), deploymentOf(2, ['queued'], { id: 500 })];
  expect(cancels({ own: 2, runs: [runOf(9, { status: 'waiting' }), runOf(2)], deployments })).toEqual([
    '2 not-begun',
  ]);
});

test.each([
  ['failed', ['queued', 'in_progress', 'failure']],
  ['was rejected', ['queued', 'inactive']],
  ['gave way itself', ['queued', 'inactive 11']],
])('a newer run whose deployment %s makes nothing pointless', (_, states) => {
  const deployments = [deploymentOf(9), deploymentOf(10, states)];
  expect(cancels({ runs: [runOf(10), own], deployments })).toEqual([]);
});

test('a run of which its name or its group says the key gives way while it has not started', () => {
  const group = new Set([3, 4]);
  const runs = [
    own,
    named(1, 'queued'),
    named(2, 'in_progress'),
    runOf(3, { status: 'pending' }),
    runOf(4),
    named(5, 'waiting'),
  ];
  expect(told(plan({ runs, more: { group } }))).toEqual({
    cancel: ['1 not-started', '3 not-started'],
    keep: ['2 may-have-begun', '4 may-have-begun', '5 awaits-approval', '9 newest'],
  });
});

test.each([
  '[sluice shop/qa/eu]',
  '[sluice shop/production]',
  'sluice shop/qa',
  '[sluice cart-shop/qa]',
])('the name %s is of another key, or none', (name) => {
  expect(cancels({ runs: [own, named(1, 'queued', name)] })).toEqual([]);
});

test('a name alone makes nothing else pointless: anybody can give one to a pull request', () => {
  const runs = [named(10, 'queued'), own, runOf(1)];
  const found = plan({ runs, deployments: [deploymentOf(1), deploymentOf(9)] });
  expect(told(found)).toEqual({ cancel: ['1 not-begun'], keep: ['9 newest', '10 newer'] });
  expect(found.supersededBy).toBe(9);
});

test('what is queued is cancelled back to the first that deploys a part; what waits behind it is cancelled as well', () => {
  const runs = [own, ...[1, 2, 4, 5].map((id) => runOf(id)), runOf(3, { status: 'waiting' })];
  const deployments = [1, 2, 3, 5, 9].map((id) => deploymentOf(id));
  const part = deploymentOf(4, ['queued'], { partial: true });
  const more = { cancelWaiting: true };
  expect(told(plan({ runs, deployments: [...deployments, part], more }))).toEqual({
    cancel: ['3 awaited-approval', '5 not-begun'],
    keep: ['1 behind-partial', '2 behind-partial', '4 partial', '9 newest'],
  });
  const begun = deploymentOf(4, ['queued', 'in_progress'], { partial: true });
  expect(cancels({ runs, deployments: [...deployments, begun], more })).toHaveLength(4);
});

test('a run that deploys a part cancels nothing, and nothing gives way to it', () => {
  const deployments = [deploymentOf(1), deploymentOf(9, ['queued'], { partial: true })];
  expect(cancels({ runs: [own, runOf(1)], deployments })).toEqual([]);
  expect(cancels({ own: 1, runs: [own, runOf(1)], deployments })).toEqual([]);
});

test('a run that deploys elsewhere too gives way when all of it is pointless', () => {
  const eu = { ...key, tenant: 'eu' };
  const runs = [own, runOf(1)];
  const both = [deploymentOf(1), deploymentOf(1, ['queued'], { id: 11, key: eu }), deploymentOf(9)];
  expect(told(plan({ runs, deployments: both })).keep).toContain('1 deploys-elsewhere');
  expect(cancels({ runs, deployments: [...both, deploymentOf(9, ['queued'], { id: 91, key: eu })] })).toEqual(
    ['1 not-begun'],
  );
  const half = [deploymentOf(1), deploymentOf(1, ['queued', 'in_progress'], { id: 11, key: eu })];
  const newer = [deploymentOf(9), deploymentOf(9, ['queued'], { id: 91, key: eu })];
  expect(cancels({ runs, deployments: [...half, ...newer] })).toEqual([]);
  const done = [deploymentOf(1), deploymentOf(1, ['queued', 'in_progress', 'success'], { id: 11, key: eu })];
  expect(cancels({ runs, deployments: [...done, deploymentOf(9)] })).toEqual(['1 not-begun']);
});

test('when: succeeded cancels what is paused, and nothing else', () => {
  const runs = [own, runOf(1), runOf(2, { status: 'waiting' }), runOf(3), runOf(4, { status: 'queued' })];
  const waits = deploymentOf(3, ['queued', 'in_progress', 'pending']);
  const older = [deploymentOf(1), deploymentOf(2), waits, deploymentOf(4)];
  const more = { when: 'succeeded' } as const;
  const live = deploymentOf(9, ['queued', 'in_progress', 'success']);
  expect(told(plan({ runs, deployments: [...older, live], more }))).toEqual({
    cancel: ['2 awaited-approval', '3 awaited-merge'],
    keep: ['1 not-paused', '4 not-paused', '9 newest'],
  });
  const failed = deploymentOf(9, ['queued', 'in_progress', 'failure']);
  expect(cancels({ runs, deployments: [...older, failed], more })).toEqual([]);
  const later = deploymentOf(3, ['queued', 'in_progress', 'success']);
  const newer = { ...deploymentOf(9, ['queued', 'in_progress', 'failure']) };
  expect(cancels({ runs, deployments: [deploymentOf(2), later, newer], more })).toEqual([
    '2 awaited-approval',
  ]);
});

test.each([
  ['succeeded', 'none-succeeded'],
  ['queued', 'none-newer'],
] as const)('where nothing newer counts no older run is called newer: when %s', (when, why) => {
  const runs = [own, runOf(1), runOf(2, { status: 'waiting' })];
  const failed = deploymentOf(9, ['queued', 'in_progress', 'failure']);
  const deployments = [deploymentOf(1, ['queued', 'failure']), deploymentOf(2, ['queued', 'error']), failed];
  expect(told(plan({ runs, deployments, more: { when } }))).toEqual({
    cancel: [],
    keep: [`1 ${why}`, `2 ${why}`, '9 own'],
  });
});

test('a run that is older than the Deployments that are read is kept, whatever they say: it may have made another', () => {
  const runs = [own, runOf(1, { createdAt: 500 }), runOf(2, { createdAt: 501 }), named(3, 'waiting')];
  const old = { ...named(4, 'waiting'), createdAt: 500 };
  const deployments = [1, 2, 9].map((id) => deploymentOf(id));
  const more = { since: 500, cancelWaiting: true };
  expect(told(plan({ runs: [...runs, old], deployments, more }))).toEqual({
    cancel: ['2 not-begun', '3 awaited-approval'],
    keep: ['1 may-have-begun', '4 may-have-begun', '9 newest'],
  });
});

const sets = (...images: readonly string[]) => ({
  told: { images: new Set(images), edits: [], isWhole: true },
});

test.each([
  ['the same', sets('api'), sets('api'), ['1 not-begun']],
  ['a part of it', sets('api'), sets('api', 'worker'), ['1 not-begun']],
  ['something else', sets('api'), sets('worker'), []],
  ['more', sets('api', 'worker'), sets('api'), []],
  ['what nobody says', {}, sets('api'), ['1 not-begun']],
])('an older deployment that sets %s', (_, older, newer, expected) => {
  const deployments = [deploymentOf(1, ['queued'], older), deploymentOf(9, ['queued'], newer)];
  const found = told(plan({ runs: [own, runOf(1)], deployments }));
  expect(found.cancel).toEqual(expected);
  expect(found.keep).toEqual(expected.length > 0 ? ['9 newest'] : ['1 sets-other', '9 newest']);
});

test('of several newer ones it gives way to the newest that sets what it sets, and is told so', () => {
  const deployments = [
    ...[1, 5].map((id) => deploymentOf(id, ['queued'], sets('api'))),
    ...[3, 9].map((id) => deploymentOf(id, ['queued'], sets('worker'))),
  ];
  const runs = [1, 3, 5, 9].map((id) => runOf(id));
  const found = plan({ runs, deployments });
  expect(found.cancel.map(({ run, by }) => [run.id, by])).toEqual([
    [1, 5],
    [3, 9],
  ]);
  expect(told(found).keep).toEqual(['5 sets-other', '9 newest']);
});

test('what gives way itself makes nothing else pointless', () => {
  const deployments = [
    ...[deploymentOf(1, ['queued'], sets('api')), deploymentOf(3)],
    deploymentOf(9, ['queued'], sets('worker')),
  ];
  expect(told(plan({ runs: [1, 3, 9].map((id) => runOf(id)), deployments }))).toEqual({
    cancel: ['3 not-begun'],
    keep: ['1 sets-other', '9 newest'],
  });
});

test('an older run whose deployment nothing newer sets does not give way', () => {
  const deployments = [
    deploymentOf(9, ['queued'], sets('api')),
    deploymentOf(12, ['queued'], sets('worker')),
  ];
  const found = plan({ runs: [own, runOf(12)], deployments });
  expect(told(found)).toEqual({ cancel: [], keep: ['9 sets-other', '12 newest'] });
  expect(found.supersededBy).toBeUndefined();
});

test('a run of two environments goes on where the newer one of the other sets something else', () => {
  const prod = { ...key, environment: 'prod' };
  const deployments = [
    ...[deploymentOf(1), deploymentOf(1, ['queued'], { id: 11, key: prod, ...sets('api') })],
    ...[deploymentOf(9), deploymentOf(9, ['queued'], { id: 91, key: prod, ...sets('worker') })],
  ];
  expect(told(plan({ runs: [runOf(1), own], deployments })).keep).toContain('1 deploys-elsewhere');
});
