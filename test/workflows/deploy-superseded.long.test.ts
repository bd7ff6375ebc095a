import { expect, test, vi } from 'vitest';
import { type Fixture, gitops, withFixture } from '../acceptance/root-setup.ts';
import { deployments, results, ship, states } from './deploy-stage.ts';

vi.setConfig({ testTimeout: 300_000 });

/** A run of the workflow that calls deploy.yml. */
function addRun({ github }: Fixture, id: number, given: object = {}): void {
  github.repository('acme/app').runs.push({
    ...{ id, name: 'Ship', path: '.github/workflows/ship.yml', event: 'push', headBranch: 'main' },
    ...{ headSha: 'a'.repeat(40), actor: 'alice', createdAt: 0, status: 'in_progress', conclusion: null },
    ...given,
  });
}

/** Whether GitHub has cancelled a run. */
const isCancelled = ({ github }: Fixture, id: number): boolean =>
  github.repository('acme/app').runs.some((run) => run.id === id && run.conclusion === 'cancelled');

function refuseCancelling({ github }: Fixture): void {
  github.faults.push({ path: /\/cancel$/, status: 403, message: 'Resource not accessible by integration' });
}

test('of ten runs of one key at once exactly one comes to its gate and deploys: the newest', () =>
  withFixture(async (stage) => {
    await stage.deployed();
    const ids = Array.from({ length: 10 }, (_, at) => 1001 + at);
    for (const id of ids) addRun(stage, id);
    const runs = await Promise.all(
      ids.map(async (id) => {
        const gate = async () => (isCancelled(stage, id) ? 'cancelled' : 'approved');
        return [id, await ship(stage, { run: id, gate })] as const;
      }),
    );
    const ends = Object.fromEntries(runs.map(([id, run]) => [id, run.outputs.verdict]));
    expect(ends).toEqual({ ...Object.fromEntries(ids.map((id) => [id, 'superseded'])), 1010: 'live' });
    expect(ids.filter((id) => !isCancelled(stage, id))).toEqual([1010]);
    expect(await stage.ours()).toHaveLength(1);
    for (const made of deployments(stage)) {
      const isNewest = Object(made.payload).run.id === 1010;
      expect(states(made).at(-1)).toBe(isNewest ? 'success' : 'inactive');
    }
  }));

test('a run that is superseded while it waits for its approval says by which, where that is asked for', () =>
  withFixture(async (stage) => {
    await stage.deployed();
    for (const id of [1001, 1002]) addRun(stage, id);
    const [first] = stage.github.repository('acme/app').runs;
    const waits = await ship(stage, {
      run: 1001,
      async gate() {
        if (first !== undefined) first.status = 'waiting';
        const newer = await ship(stage, { run: 1002, inputs: { 'cancel-waiting': true } });
        expect(newer).toMatchObject({ result: 'success', outputs: { verdict: 'live' } });
        return isCancelled(stage, 1001) ? 'cancelled' : 'approved';
      },
    });
    expect(results(waits)).toEqual({ plan: 'success', apply: 'cancelled', close: 'success' });
    expect(waits.outputs).toMatchObject({
      ...{ verdict: 'superseded', summary: 'Superseded by run 1002: nothing was changed.' },
    });
    expect(deployments(stage).map(states)).toEqual([
      ...[
        ['queued', 'inactive'],
        ['queued', 'in_progress', 'success'],
      ],
    ]);
  }));

test('a run that waits for its pull request to be merged ends with it, closed, where that is asked for', () =>
  withFixture(async (stage) => {
    await stage.deployed();
    for (const id of [1001, 1002]) addRun(stage, id);
    const { pulls, comments } = stage.github.repository(gitops);
    const waiting = vi.waitFor(() => expect(states(deployments(stage)[0]).at(-1)).toBe('pending'), {
      timeout: 60_000,
    });
    const gone = vi.waitUntil(() => isCancelled(stage, 1001), { timeout: 90_000 });
    const older = ship(stage, {
      ...{ run: 1001, lost: gone },
      inputs: { commit: 'pull-request', 'merge-timeout': '80s' },
    });
    await waiting;
    const newer = await ship(stage, { run: 1002, inputs: { 'cancel-waiting': true } });
    expect(newer).toMatchObject({ result: 'success', outputs: { verdict: 'live' } });
    expect(isCancelled(stage, 1001)).toBe(true);
    expect(pulls.get(1)?.state).toBe('closed');
    expect([...comments.values()].map(({ body }) => body)).toEqual([expect.stringContaining('/runs/1002')]);
    expect((await older).result).toBe('failure');
    expect(deployments(stage).map((made) => states(made).at(-1))).toEqual(['inactive', 'success']);
  }));

test('a run that waits for its merge, and that GitHub does not let it cancel, ends with its pull request closed', () =>
  withFixture(async (stage) => {
    await stage.deployed();
    for (const id of [1001, 1002]) addRun(stage, id);
    refuseCancelling(stage);
    const older = ship(stage, {
      ...{ run: 1001, inputs: { commit: 'pull-request', 'merge-timeout': '80s' } },
    });
    await vi.waitFor(() => expect(states(deployments(stage)[0]).at(-1)).toBe('pending'), { timeout: 60_000 });
    const newer = await ship(stage, { run: 1002, inputs: { 'cancel-waiting': true } });
    expect(newer.outputs.verdict).toBe('live');
    const { outputs } = await older;
    // Who has closed it, nothing tells: a person may have.
    expect(outputs).toMatchObject({ verdict: 'failed', summary: expect.stringContaining('closed') });
    expect(deployments(stage).map((made) => states(made).at(-1))).toEqual(['failure', 'success']);
  }));

test('where GitHub does not let it cancel, the plan goes on, and the older run stops before its first write', () =>
  withFixture(async (stage) => {
    await stage.deployed();
    for (const id of [1001, 1002]) addRun(stage, id);
    refuseCancelling(stage);
    const older = await ship(stage, {
      run: 1001,
      async gate() {
        const newer = await ship(stage, { run: 1002 });
        expect(newer).toMatchObject({ result: 'success', outputs: { verdict: 'live' } });
        return 'approved';
      },
    });
    expect(isCancelled(stage, 1001)).toBe(false);
    expect(results(older)).toEqual({ plan: 'success', apply: 'success', close: 'skipped' });
    expect(older.outputs.verdict).toBe('superseded');
    expect(await stage.ours()).toHaveLength(1);
  }));

test('without it, nothing is asked of the runs', () =>
  withFixture(async (stage) => {
    await stage.deployed();
    addRun(stage, 1001, { status: 'queued' });
    const run = await ship(stage, { run: 1002, inputs: { 'cancel-superseded': false } });
    expect(run.outputs.verdict).toBe('live');
    expect(stage.github.requests.filter(({ path }) => path.includes('/actions/runs'))).toEqual([]);
  }));
