import { describe, expect, it } from 'vitest';
import { done, nothing, type Stage, said, startStage } from './cancel-superseded-setup.ts';

async function withStage(test: (stage: Stage) => Promise<void>): Promise<void> {
  await using stage = await startStage();
  await test(stage);
  stage.github.expectNoViolations();
}

describe.concurrent('a run of a branch that deploys', () => {
  it('is kept where it has begun, also while it is queued between two jobs or waits for the next', () =>
    withStage(async (stage) => {
      for (const [id, status] of [
        [1, 'queued'],
        [2, 'pending'],
        [3, 'waiting'],
        [4, 'in_progress'],
      ] as const) {
        stage.run(id, { status });
        stage.deployment(id, ['queued', 'in_progress']);
      }
      stage.run(9);
      const asked = { scope: 'branch', 'cancel-waiting': 'true', 'cancel-started': 'true' };
      expect(said(await stage.cancel(9, asked))).toMatchObject({
        ...nothing,
        kept: ['1 begun', '2 begun', '3 begun', '4 begun', '9 newest'],
      });
    }));

  it('is told before it is cancelled, and kept where it begins in that moment', () =>
    withStage(async (stage) => {
      for (const id of [1, 2]) stage.run(id, { status: 'waiting' });
      const [{ statuses }] = [stage.deployment(1)];
      stage.deployment(2);
      stage.run(9);
      const begins = () => {
        const [queued] = statuses;
        if (queued !== undefined) statuses.push({ ...queued, id: 500_000, state: 'in_progress' });
      };
      stage.github.faults.push({ method: 'POST', path: /statuses$/, run: begins });
      expect(said(await stage.cancel(9, { scope: 'branch', 'cancel-waiting': 'true' }))).toMatchObject({
        ...{ ...done, cancelled: ['2 awaited-approval'] },
        kept: ['1 began-first', '9 newest'],
      });
      const [last] = [...stage.github.repository('acme/app').deployments.values()].slice(-1);
      expect(last?.statuses.at(-1)).toMatchObject({
        state: 'inactive',
        description: 'Superseded by run 9: a newer run of the same branch or pull request.',
      });
      expect(stage.calls().reads).toBeLessThanOrEqual(5);
    }));

  it.each([
    ['whether a tag has the name of the branch', /git\/ref\/tags/],
    ['the Deployments', /graphql/],
  ])('is not cancelled where %s cannot be read: nobody knows', (_, path) =>
    withStage(async (stage) => {
      stage.run(1, { status: 'queued' });
      stage.run(9);
      stage.github.faults.push({ path, status: 403, message: 'Resource not accessible by integration' });
      const result = await stage.cancel(9, { scope: 'branch' });
      expect(said(result)).toMatchObject({ exitCode: 1, verdict: 'incomplete', ok: 'unknown' });
      expect(stage.ends()).toMatchObject({ 1: 'queued' });
    }));
});

it('tells what was cancelled where the runs cannot be read afterwards', () =>
  withStage(async (stage) => {
    stage.run(1, { status: 'queued' });
    stage.run(9);
    const breaks = () =>
      void stage.github.faults.push({ method: 'GET', path: /actions\/runs/, status: 502, times: 40 });
    stage.github.faults.push({ method: 'POST', path: /cancel$/, run: breaks });
    const result = await stage.cancel(9, { scope: 'branch' });
    expect(said(result)).toMatchObject({
      ...{ exitCode: 1, verdict: 'incomplete', ok: 'unknown', reason: 'not-confirmed' },
      kept: ['1 unseen', '9 newest'],
    });
    expect(result.stdout).toContain('What became of the runs could not be read');
  }));

it('ends by force only what GitHub took', () =>
  withStage(async (stage) => {
    for (const id of [1, 9]) stage.run(id, { status: id === 9 ? 'in_progress' : 'queued' });
    stage.github.faults.push({ method: 'POST', path: /1\/cancel$/, status: 409, message: 'Cannot cancel' });
    const result = await stage.cancel(9, { scope: 'branch', 'force-after': '1s' });
    expect(said(result)).toMatchObject({ exitCode: 1, kept: ['1 still-there', '9 newest'] });
    expect(stage.calls().writes).toEqual({ 'POST cancel': 1 });
  }));
