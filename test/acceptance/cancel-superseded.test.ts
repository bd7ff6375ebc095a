import { describe, expect, it } from 'vitest';
import { done, key, nothing, repository, type Stage, said, startStage } from './cancel-superseded-setup.ts';

async function withStage(test: (stage: Stage) => Promise<void>): Promise<void> {
  await using stage = await startStage();
  await test(stage);
  stage.github.expectNoViolations();
}

describe.concurrent('of deployments', () => {
  it('cancels what has not begun, tells its Deployment who took over, and looks whether it has ended', () =>
    withStage(async (stage) => {
      for (const [id, status] of [
        [1, 'queued'],
        [2, 'in_progress'],
        [3, 'waiting'],
        [4, 'in_progress'],
      ] as const)
        stage.run(id, { status, path: `.github/workflows/${id}.yml` });
      stage.run(9);
      for (const id of [1, 2, 3, 9]) stage.deployment(id);
      stage.deployment(4, ['queued', 'in_progress']);
      const result = await stage.cancel(9);
      expect(said(result)).toEqual({
        ...done,
        cancelled: ['1 not-started', '2 not-begun'],
        kept: ['3 awaits-approval', '4 begun', '9 newest'],
        by: '9',
      });
      expect(stage.ends()).toEqual({
        1: 'cancelled',
        2: 'cancelled',
        3: 'waiting',
        4: 'in_progress',
        9: 'in_progress',
      });
      expect([1, 2, 3, 4].map(stage.states)).toEqual([
        ...[['queued', 'inactive'], ['queued', 'inactive'], ['queued'], ['queued', 'in_progress']],
      ]);
      const told = [...stage.github.repository('acme/app').deployments.values()][0]?.statuses.at(-1);
      expect(told).toMatchObject({
        description: expect.stringMatching(/^Superseded by run 9: /),
        logUrl: `${stage.github.url}/acme/app/actions/runs/9`,
      });
      expect(stage.calls()).toEqual({ reads: 4, writes: { 'POST cancel': 2, 'POST statuses': 2 } });
      expect(result.outputs.summary).toBe('Cancelled runs 1, 2: run 9 makes what is older pointless.');
      const row = `| [3](${stage.github.url}/acme/app/actions/runs/3) \`Deploy\` | kept | \`awaits-approval\`: it waits`;
      expect(result.summary).toContain(row);
      expect(result.stdout).toContain('Run 4: kept: its Deployment has begun');
      expect(result.stdout).toContain(result.outputs.summary);
    }));

  it('asks GitHub once where no other run is there, and changes nothing', () =>
    withStage(async (stage) => {
      stage.run(1, { status: 'completed', conclusion: 'success' });
      stage.run(9);
      expect(said(await stage.cancel(9))).toMatchObject(nothing);
      expect(stage.calls()).toEqual({ reads: 1, writes: {} });
    }));

  it('cancels a run that says its key in its name or by its concurrency group before it has a Deployment', () =>
    withStage(async (stage) => {
      stage.run(1, { status: 'queued', title: 'Deploy 1.4 [sluice shop/qa]' });
      stage.run(2, { status: 'pending' });
      stage.run(3, { status: 'queued', title: 'Deploy 1.4 [sluice shop/qa/eu]' });
      stage.run(9);
      stage.deployment(9);
      const groups = stage.github.repository('acme/app').concurrencyGroups;
      groups.set('sluice shop/qa', [{ run: 2, status: 'pending' }]);
      const result = await stage.cancel(9);
      expect(said(result)).toEqual({
        ...done,
        cancelled: ['1 not-started', '2 not-started'],
        kept: ['9 newest'],
        by: '9',
      });
      // The runs, the Deployments, the group; whether one of them has made a Deployment and begun; and the runs again.
      expect(stage.calls()).toEqual({ reads: 5, writes: { 'POST cancel': 2 } });
    }));

  it('gives way itself, last of all, where a newer one is there', () =>
    withStage(async (stage) => {
      for (const id of [1, 2, 9]) {
        stage.run(id);
        stage.deployment(id);
      }
      const result = await stage.cancel(2);
      expect(said(result)).toEqual({
        ...done,
        cancelled: ['1 not-begun', '2 not-begun'],
        kept: ['9 newest'],
        by: '9',
      });
      const cancels = stage.github.requests.filter(({ path }) => path.endsWith('/cancel'));
      expect(cancels.map(({ path }) => path)).toEqual([
        ...['/api/v3/repos/acme/app/actions/runs/1/cancel', '/api/v3/repos/acme/app/actions/runs/2/cancel'],
      ]);
    }));

  it('does not cancel a run that began before it could be told: who wrote first has won', () =>
    withStage(async (stage) => {
      for (const id of [1, 2, 9]) stage.run(id);
      const { statuses } = stage.deployment(1);
      for (const id of [2, 9]) stage.deployment(id);
      const begins = () => {
        const [queued] = statuses;
        if (queued !== undefined) statuses.push({ ...queued, id: 500_000, state: 'in_progress' });
      };
      stage.github.faults.push({ method: 'POST', path: /statuses$/, run: begins });
      const result = await stage.cancel(9);
      expect(said(result)).toMatchObject({
        ...done,
        cancelled: ['2 not-begun'],
        kept: ['1 began-first', '9 newest'],
      });
      expect(stage.ends()).toMatchObject({ 1: 'in_progress', 2: 'cancelled' });
    }));

  it('does not cancel a run that began somewhere else after the first look', () =>
    withStage(async (stage) => {
      for (const id of [1, 9]) {
        stage.run(id);
        stage.deployment(id);
      }
      const begins = () => void stage.deployment(1, ['queued', 'in_progress'], { environment: 'prod' });
      stage.github.faults.push({ method: 'POST', path: /statuses$/, run: begins });
      expect(said(await stage.cancel(9))).toMatchObject({
        ...{ ...nothing, reason: 'began-meanwhile' },
        kept: ['1 began-first', '9 newest'],
      });
      expect(stage.ends()).toMatchObject({ 1: 'in_progress' });
    }));

  it('does not take for settled what its second look does not hold: it says so, and cancels nothing', () =>
    withStage(async (stage) => {
      for (const id of [1, 9]) {
        stage.run(id);
        stage.deployment(id);
      }
      // Taken, and not in the lists yet.
      stage.github.faults.push({ method: 'POST', path: /statuses$/, status: 201, message: 'Created' });
      expect(said(await stage.cancel(9))).toMatchObject({
        ...{
          exitCode: 1,
          verdict: 'incomplete',
          ok: 'false',
          reason: 'not-recorded',
          kept: ['1 not-recorded', '9 newest'],
        },
      });
      expect(stage.ends()).toMatchObject({ 1: 'in_progress' });
    }));

  it('changes nothing in a dry run, and says what it would cancel', () =>
    withStage(async (stage) => {
      stage.run(1, { status: 'queued' });
      stage.run(9);
      stage.deployment(1);
      const result = await stage.cancel(9, { ...key, 'dry-run': 'true' });
      expect(said(result)).toMatchObject({
        ...done,
        ok: 'unknown',
        reason: 'dry-run',
        cancelled: ['1 not-started'],
      });
      expect(stage.calls().writes).toEqual({});
    }));
});

describe.concurrent('of a branch', () => {
  it('cancels what has not started of the same workflow, event, branch and repository, and nothing else', () =>
    withStage(async (stage) => {
      const queued = { status: 'queued' } as const;
      stage.run(1, queued);
      stage.run(2, { ...queued, workflowId: 77 });
      stage.run(3, { ...queued, headBranch: 'ain' });
      stage.run(4, { ...queued, headRepository: 5 });
      stage.run(5, { ...queued, headRepository: null });
      stage.run(6, { ...queued, event: 'schedule' });
      stage.run(7, { status: 'in_progress' });
      stage.run(9);
      const result = await stage.cancel(9, { scope: 'branch' });
      expect(said(result)).toEqual({
        ...{ ...done, cancelled: ['1 not-started'], by: '9' },
        kept: [
          '3 other-branch',
          '4 other-repository',
          '5 other-repository',
          '6 other-event',
          '7 running',
          '9 newest',
        ],
      });
      // The runs, whether a tag has the name, the Deployments, and the runs again.
      expect(stage.calls()).toEqual({ reads: 4, writes: { 'POST cancel': 1 } });
    }));

  it('cancels what runs where that is asked for, but never a deployment that is half done', () =>
    withStage(async (stage) => {
      for (const id of [1, 2, 9]) stage.run(id);
      stage.deployment(2, ['queued', 'in_progress']);
      const result = await stage.cancel(9, { scope: 'branch', 'cancel-started': 'true' });
      expect(said(result)).toMatchObject({
        ...done,
        cancelled: ['1 started'],
        kept: ['2 begun', '9 newest'],
      });
      expect(stage.calls().reads).toBe(5);
    }));
});

describe.concurrent('what GitHub refuses is told for each run, and fails the step', () => {
  it.each([
    [403, 'Resource not accessible by integration', '1 refused', /lacks `actions: write`/],
    [500, 'Server Error', '1 no-answer', /^1 of 2 runs was not cancelled \(1\): /],
  ])('%i', (status, message, kept, says) =>
    withStage(async (stage) => {
      for (const id of [1, 2]) stage.run(id, { status: 'queued' });
      stage.run(9);
      for (const id of [1, 2, 9]) stage.deployment(id);
      stage.github.faults.push({ path: /runs\/1\/cancel$/, status, message, times: 4 });
      const result = await stage.cancel(9);
      expect(said(result)).toEqual({
        ...{ exitCode: 1, verdict: 'incomplete', ok: 'false', reason: 'not-cancelled', by: '9' },
        ...{ cancelled: ['2 not-started'], kept: [kept, '9 newest'] },
      });
      // One annotation, and none that says it again.
      const annotations = result.annotations.map(({ message }) => message);
      expect(annotations).toEqual([expect.stringContaining(result.outputs.summary ?? '')]);
      expect(result.summary).toContain('**not cancelled**; stops before its first write');
      expect(result.outputs.summary).toMatch(says);
      expect(stage.ends()).toMatchObject({ 1: 'queued', 2: 'cancelled' });
    }));

  it('is incomplete, too, where the list of runs cannot be read: that is not the same as none', () =>
    withStage(async (stage) => {
      stage.github.faults.push({ path: /actions\/runs/, status: 502, times: 5 });
      const result = await stage.cancel(9);
      expect(said(result)).toMatchObject({
        exitCode: 1,
        verdict: 'incomplete',
        ok: 'unknown',
        reason: 'github-unavailable',
      });
    }));

  it('refuses a key that its own Deployment contradicts, before anything is changed', () =>
    withStage(async (stage) => {
      for (const id of [1, 9]) stage.run(id);
      stage.deployment(1, ['queued'], { environment: 'prod' });
      stage.deployment(9);
      const result = await stage.cancel(9, { ...key, environment: 'prod' });
      expect(said(result)).toMatchObject({ exitCode: 1, verdict: 'incomplete', reason: 'invalid-input' });
      expect(result.outputs.summary).toContain('has a Deployment of `shop/qa`, and none of `shop/prod`');
      expect(stage.ends()).toMatchObject({ 1: 'in_progress' });
      expect(stage.calls().writes).toEqual({});
    }));

  it('knows by its id what it sets itself, though its Deployment is not listed yet', () =>
    withStage(async (stage) => {
      for (const id of [1, 2, 9]) stage.run(id);
      const images = (name: string) => ({ images: [{ image: `registry.example/${name}:1`, digest: null }] });
      stage.deployment(1, ['queued'], images('api'));
      stage.deployment(2, ['queued'], images('worker'));
      const own = stage.deployment(9, ['queued'], images('worker'));
      const { deployments } = stage.github.repository(repository);
      // The list is a copy that is a moment older.
      const late = { path: /graphql/, run: () => void deployments.delete(own.id) };
      const there = {
        path: /deployments\/\d+$/,
        method: 'GET',
        run: () => void deployments.set(own.id, own),
      };
      stage.github.faults.push(late, there);
      expect(said(await stage.cancel(9, { ...key, 'deployment-id': String(own.id) }))).toMatchObject({
        ...{ ...done, cancelled: ['2 not-begun'] },
        kept: ['1 sets-other', '9 newest'],
      });
      expect(stage.calls().reads).toBe(5);
    }));

  it('keeps an older run that deploys another image: it would never be deployed', () =>
    withStage(async (stage) => {
      for (const id of [1, 2, 9]) stage.run(id);
      const images = (name: string) => ({ images: [{ image: `registry.example/${name}:1`, digest: null }] });
      stage.deployment(1, ['queued'], images('api'));
      stage.deployment(2, ['queued'], images('worker'));
      stage.deployment(9, ['queued'], images('worker'));
      expect(said(await stage.cancel(9))).toMatchObject({
        ...{ ...done, cancelled: ['2 not-begun'] },
        kept: ['1 sets-other', '9 newest'],
      });
    }));

  it('lists every wrong input', async () => {
    await withStage(async (stage) => {
      const { outputs } = await stage.cancel(9, { 'cancel-started': 'true', 'force-after': '5' });
      for (const name of ['project', 'environment', 'cancel-started', 'force-after'])
        expect(outputs.summary).toContain(`${name}: `);
      expect(stage.calls().reads).toBe(0);
    });
  });
});
