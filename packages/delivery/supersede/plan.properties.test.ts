import { array, assert, boolean, constantFrom, integer, property, record } from 'fast-check';
import { expect, test } from 'vitest';
import { planBranch } from './plan-branch.ts';
import { type DeploymentScope, planDeployments } from './plan-deployments.ts';
import { isLive, type SeenRun } from './runs.ts';
import { standingOf } from './standing.ts';
import { deploymentOf, key, runOf } from './test-runs.ts';

const statuses = ['queued', 'requested', 'pending', 'waiting', 'in_progress', 'completed'] as const;
const histories = [
  [],
  ['queued'],
  ['queued', 'in_progress'],
  ['queued', 'in_progress', 'pending'],
  ['queued', 'in_progress', 'success'],
  ['queued', 'failure'],
  ['queued', 'inactive 3'],
  ['queued', 'in_progress', 'inactive 3'],
];
const timeline = array(
  record({
    status: constantFrom(...statuses),
    history: constantFrom(undefined, ...histories),
    tenant: constantFrom(undefined, 'eu'),
    partial: boolean(),
    named: boolean(),
    branch: constantFrom('main', 'topic'),
    event: constantFrom('push', 'pull_request', 'schedule', 'issue_comment'),
    repository: constantFrom(1, 2, undefined),
    sets: constantFrom([], ['api'], ['worker'], ['api', 'worker']),
  }),
  { minLength: 1, maxLength: 12 },
);
type Timeline = ReturnType<typeof timeline.generate>['value'];

/** Runs 1, 2, 3 …, all created in the same second; the own one runs. */
function worldOf(given: Timeline, own: number) {
  const runs = given.map(({ status, named, branch, event, repository }, at): SeenRun => {
    const names = named ? ['x [sluice shop/qa]'] : ['x'];
    const state = at + 1 === own ? 'in_progress' : status;
    return runOf(at + 1, { status: state, names, branch, event, repository });
  });
  const deployments = given.flatMap(({ history, tenant, partial, sets }, at) =>
    history === undefined
      ? []
      : [
          deploymentOf(at + 1, history, {
            ...{ partial, key: { ...key, ...(tenant && { tenant }) } },
            told: { images: new Set(sets), edits: [], isWhole: true },
          }),
        ],
  );
  return { runs, deployments };
}

const scopeOf = (given: Timeline, at: number, when: DeploymentScope['when'], cancelWaiting: boolean) => {
  const own = (at % given.length) + 1;
  return { own, key, when, cancelWaiting, since: -1, group: new Set<number>(), ...worldOf(given, own) };
};
/** What cancelling does to the runs and their Deployments. */
const afterwards = (scope: DeploymentScope): DeploymentScope => {
  const ended = new Set(planDeployments(scope).cancel.map(({ run }) => run.id));
  const runs = scope.runs.map((run) => (ended.has(run.id) ? { ...run, status: 'completed' } : run));
  return { ...scope, runs };
};
const modes = [
  timeline,
  integer({ min: 0, max: 11 }),
  constantFrom('queued', 'succeeded'),
  boolean(),
] as const;
const settings = { numRuns: 1000 };

test('of deployments only pointless ones are cancelled: older than one that can still deploy, not begun, whole, of the key', () => {
  assert(
    property(...modes, (given, at, when, cancelWaiting) => {
      const scope = scopeOf(given, at, when, cancelWaiting);
      const { cancel, supersededBy } = planDeployments(scope);
      for (const { run } of cancel) {
        const made = scope.deployments.find((one) => one.run === run.id);
        const own = made?.key.tenant === undefined ? made : undefined;
        const goesOn = made && ['queued', 'begun', 'merge'].includes(standingOf(made.statuses));
        expect(made?.partial === true && goesOn === true).toBe(false);
        expect(run.id).toBeLessThan(supersededBy ?? 0);
        expect(isLive(run)).toBe(true);
        if (own === undefined) expect(['in_progress', 'completed']).not.toContain(run.status);
        else {
          expect(['begun', 'ended', 'succeeded']).not.toContain(standingOf(own.statuses));
        }
        if (run.status === 'waiting') expect(cancelWaiting || when === 'succeeded').toBe(true);
      }
    }),
    settings,
  );
});

test('nothing is lost: what a cancelled deployment sets, a newer one that is kept sets', () => {
  assert(
    property(...modes, (given, at, when, cancelWaiting) => {
      const scope = scopeOf(given, at, when, cancelWaiting);
      const { cancel } = planDeployments(scope);
      const gone = new Set(cancel.map(({ run }) => run.id));
      for (const { run, by } of cancel) {
        expect(gone.has(by ?? run.id)).toBe(false);
        const toldOf = (id: number | undefined) =>
          scope.deployments.find((one) => one.run === id && one.key.tenant === undefined)?.told;
        const newer = toldOf(by);
        if (newer === undefined || newer.images.size === 0) continue;
        expect([...newer.images]).toEqual(expect.arrayContaining([...(toldOf(run.id)?.images ?? [])]));
      }
    }),
    settings,
  );
});

test('the newest of a key always survives, and two runs that see each other never cancel both', () => {
  assert(
    property(...modes, (given, at, when, cancelWaiting) => {
      const scope = scopeOf(given, at, when, cancelWaiting);
      const cancelled = new Set<number>();
      let newest = 0;
      // Each live run of the key asks, with the same before its eyes.
      for (const { id, status } of scope.runs) {
        if (status === 'completed') continue;
        const deployment = scope.deployments.find((one) => one.run === id);
        if (deployment === undefined || deployment.key.tenant !== undefined || deployment.partial) continue;
        if (!['queued', 'begun', 'merge', 'succeeded'].includes(standingOf(deployment.statuses))) continue;
        newest = id;
        for (const { run } of planDeployments({ ...scope, own: id, when: 'queued' }).cancel)
          cancelled.add(run.id);
      }
      expect(cancelled.has(newest)).toBe(false);
    }),
    settings,
  );
});

test('a second run of the action changes nothing, and the order in which things are listed neither', () => {
  assert(
    property(...modes, (given, at, when, cancelWaiting) => {
      const scope = scopeOf(given, at, when, cancelWaiting);
      expect(planDeployments(afterwards(scope)).cancel.filter(({ run }) => run.id !== scope.own)).toEqual([]);
      const turned = { ...scope, runs: scope.runs.toReversed(), deployments: scope.deployments.toReversed() };
      expect(planDeployments(turned)).toEqual(planDeployments(scope));
    }),
    settings,
  );
});

test('of a branch the newest survives, what has started too unless it is asked for, and every other key', () => {
  assert(
    property(
      timeline,
      integer({ min: 0, max: 11 }),
      boolean(),
      boolean(),
      (given, at, cancelWaiting, cancelStarted) => {
        const id = (at % given.length) + 1;
        const { runs } = worldOf(given, id);
        const own = runs[id - 1] ?? runOf(id);
        const none = { isAmbiguous: false, queue: undefined, traced: { deployments: [], since: -1 } };
        const plan = planBranch({ ...none, own, runs, cancelWaiting, cancelStarted });
        for (const { run } of plan.cancel) {
          expect(run.id).toBeLessThan(plan.supersededBy ?? 0);
          expect([run.branch, run.event, run.repository]).toEqual([own.branch, own.event, own.repository]);
          if (!cancelStarted) expect(run.status).not.toBe('in_progress');
          if (!cancelWaiting) expect(run.status).not.toBe('waiting');
        }
        const left = new Set(plan.cancel.map(({ run }) => run.id));
        const after = runs.map((run) => (left.has(run.id) ? { ...run, status: 'completed' } : run));
        expect(
          planBranch({ ...none, own, runs: after, cancelWaiting, cancelStarted }).cancel.filter(
            ({ run }) => run.id !== id,
          ),
        ).toEqual([]);
      },
    ),
    settings,
  );
});
