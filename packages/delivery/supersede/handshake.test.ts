import { SluiceError } from '@sluice/core/errors';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { closeDeployment } from '../close.ts';
import { reportDeployment } from '../deployment.ts';
import { type DeploymentRecord, openRecord } from '../record.ts';
import { key, repository, type Stage, startStage } from '../test-stage.ts';
import { supersededText } from './standing.ts';

let stage: Stage;
beforeEach(async () => {
  stage = await startStage();
});
afterEach(async () => {
  stage.github.expectNoViolations();
  await stage[Symbol.asyncDispose]();
});

const open = (id: number, signal?: AbortSignal) =>
  openRecord(stage.inputs({ 'deployment-id': String(id) }), stage.world(signal));
const supersede = (id: number) =>
  reportDeployment(stage.home, id, 'inactive', supersededText(9, 'a newer deployment.'));
const reads = () => stage.github.requests.filter(({ method }) => method === 'GET').length;

describe('a run that is about to change something', () => {
  it('stops where a newer one has taken its place, and keeps saying so', async () => {
    const id = stage.deployment();
    const record = await open(id);
    await supersede(id);
    await expect(record.begin()).rejects.toThrow('Run 9 took its place');
    expect(record.supersededBy()).toBe(9);
    expect(stage.states(id)).toEqual(['queued', 'inactive', 'in_progress']);
    await expect(record.begin()).rejects.toThrow('Run 9 took its place');
  });

  it('goes on where it was first, by one more read, and once', async () => {
    const id = stage.deployment();
    const record = await open(id);
    const before = reads();
    await record.begin();
    expect(reads() - before).toBe(1);
    await supersede(id);
    await record.begin();
    expect(record.supersededBy()).toBeUndefined();
    expect(reads() - before).toBe(1);
  });

  it('goes on where only an earlier attempt was superseded', async () => {
    const id = stage.deployment();
    await supersede(id);
    await reportDeployment(stage.home, id, 'queued', 'Planned again');
    const record = await open(id);
    await record.begin();
    expect(record.supersededBy()).toBeUndefined();
  });

  it('stops where it cannot be seen whether one has', async () => {
    const id = stage.deployment();
    const record = await open(id);
    stage.github.faults.push({
      method: 'GET',
      path: /statuses/,
      status: 403,
      message: 'Resource not accessible',
    });
    await expect(record.begin()).rejects.toThrow(/`deployments: read`/);
    expect(record.supersededBy()).toBeUndefined();
  });
});

it.each([
  ['before it has begun', async () => undefined, ['queued', 'inactive']],
  [
    'while it waits for a merge',
    async (record: DeploymentRecord) => {
      await record.begin();
      await record.wait('Waiting for pull request #1');
    },
    ['queued', 'in_progress', 'pending', 'inactive'],
  ],
  [
    'after it has begun, and was told too late: how it ended is said',
    (record: DeploymentRecord) => record.begin(),
    ['queued', 'in_progress', 'inactive', 'error'],
  ],
])('a run that is cancelled because it is superseded leaves that word as the last: %s', async (_, before, states) => {
  const controller = new AbortController();
  const id = stage.deployment();
  const record = await open(id, controller.signal);
  await before(record);
  await supersede(id);
  controller.abort(new SluiceError('platform', 'cancelled', 'The run was cancelled.'));
  await record.fail(new Error('the connection was cut'));
  expect(stage.states(id)).toEqual(states);
});

it('the job that tidies up does not take the word of a newer run that came too late for how it ended', async () => {
  const id = stage.deployment();
  await (await open(id)).begin();
  await supersede(id);
  const inputs = stage.inputs({ deployment: 'close', 'deployment-id': String(id) });
  expect(await closeDeployment(inputs, stage.world())).toMatchObject({ reason: 'interrupted' });
  expect(stage.states(id)).toEqual(['queued', 'in_progress', 'inactive', 'error']);
});

it('the job that tidies up says which run took over, and writes nothing', async () => {
  const id = stage.deployment(key);
  await supersede(id);
  const inputs = stage.inputs({ deployment: 'close', 'deployment-id': String(id) });
  expect(await closeDeployment(inputs, stage.world())).toMatchObject({
    ...{ verdict: 'superseded', ok: 'unknown', reason: 'gave-way' },
    summary: 'Superseded by run 9: nothing was changed.',
    page: expect.stringContaining(`/${repository}/actions/runs/9)`),
  });
  expect(stage.states(id)).toEqual(['queued', 'inactive']);
});
