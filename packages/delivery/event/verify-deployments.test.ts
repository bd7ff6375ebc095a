import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { payloadWait } from '../payload-wait.ts';
import { repository, type Stage, startStage } from '../test-stage.ts';
import { verifyDeployments } from './verify-deployments.ts';

let stage: Stage;
beforeEach(async () => {
  stage = await startStage();
});
afterEach(async () => {
  stage.github.expectNoViolations();
  await stage[Symbol.asyncDispose]();
});

/** A sweep that can tell of none of them, and has waited for long enough. */
const sweep = (more: Readonly<Record<string, string>> = {}) =>
  verifyDeployments(
    stage.inputs({
      ...{ images: '', verify: '', project: '', environment: '' },
      deployment: 'sweep',
      ...more,
    }),
    stage.world(),
  );

describe('a sweep', { timeout: 60_000 }, () => {
  it('goes on where one Deployment cannot be written, and tells of that one', async () => {
    const ids = Array.from({ length: 6 }, () => stage.deployment({}, 'in_progress'));
    const path = new RegExp(`/deployments/${ids[1]}/statuses$`);
    stage.github.faults.push({ method: 'POST', path, times: 9, status: 422, message: 'no' });
    const outcome = await sweep();
    const last = ids.map((id) => stage.states(id).at(-1));
    expect(last).toEqual(['error', 'in_progress', 'error', 'error', 'error', 'error']);
    expect(outcome).toMatchObject({ verdict: 'unknown', ok: 'unknown' });
    const told = { id: ids[1], verdict: 'unknown', reason: 'not-recorded', state: '' };
    expect(outcome.result).toMatchObject({
      deployments: expect.arrayContaining([expect.objectContaining(told)]),
    });
    expect(outcome.page).toContain(`Deployment ${ids[1]} could not be brought up to date`);
  });

  it('leaves alone what its own run still waits for, and no longer than that run may', async () => {
    const minute = 60_000;
    const ages = [5, 16, 18].map((age) => age * minute);
    const ids = ages.map((age) => {
      const id = stage.deployment({}, 'in_progress');
      const found = stage.github.repository(repository).deployments.get(id);
      Object.assign(found?.statuses.at(-1) ?? {}, { createdAt: Date.now() - age });
      const wait = payloadWait(stage.inputs({ timeout: '15m' }));
      Object.assign(found ?? {}, { payload: { ...Object(found?.payload), wait } });
      return id;
    });
    await sweep({ 'sweep-after': '1m', 'give-up-after': '1m' });
    expect(ids.map((id) => stage.states(id).at(-1))).toEqual(['in_progress', 'in_progress', 'error']);
  });

  it('that finds nothing names where it looked, and where else Deployments may be', async () => {
    const outcome = await sweep();
    expect(outcome).toMatchObject({ verdict: 'pending', reason: 'nothing-open' });
    expect(outcome.summary).toContain(`in progress in ${repository} that`);
    expect(outcome.hint).toContain('`deployment-repositories`');
    const named = await sweep({ 'deployment-repositories': repository });
    expect(named).not.toHaveProperty('hint');
    expect(named.page).toContain(repository);
    const young = stage.deploymentOf(stage.deployment({}, 'in_progress')).statuses.at(-1);
    Object.assign(young ?? {}, { createdAt: Date.now() });
    expect(await sweep()).not.toHaveProperty('hint');
  });

  it('that is a dry run tells what it finds, and writes nothing', async () => {
    const id = stage.deployment({}, 'in_progress');
    expect(await sweep({ 'dry-run': 'true' })).toMatchObject({ verdict: 'unknown', reason: 'gave-up' });
    expect(stage.states(id).at(-1)).toBe('in_progress');
  });
});
