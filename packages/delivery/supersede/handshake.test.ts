import { SluiceError } from '@sluice/core/errors';
import type { GitHub } from '@sluice/core/github';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { closeDeployment } from '../close.ts';
import { reportDeployment } from '../deployment.ts';
import { type DeploymentRecord, openRecord } from '../record.ts';
import { key, repository, type Stage, startStage } from '../test-stage.ts';
import { readSuperseder } from './handshake.ts';
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

describe('a list of statuses that does not hold yet what was written is an old one', () => {
  const begun = { id: 2, state: 'in_progress', description: '' };
  const word = { id: 1, state: 'inactive', description: supersededText(9, 'a newer deployment.') };
  async function look(...lists: readonly (readonly object[])[]) {
    let asked = 0;
    const refuse = () => Promise.reject(new Error('only statuses are asked for'));
    const request = () => Promise.resolve({ data: lists[Math.min(asked++, lists.length - 1)] });
    const github: GitHub = { ...stage.home.github, request: Object(request), graphql: refuse };
    const newer = await readSuperseder({ ...stage.home, github }, 5, 2, async () => undefined);
    return { newer, asked };
  }

  it('is asked for again, and may have lacked the word of a newer run', async () => {
    expect(await look([], [begun, word])).toEqual({ newer: 9, asked: 2 });
    expect(await look([], [begun])).toEqual({ newer: undefined, asked: 2 });
    expect(await look([word])).toEqual({ newer: 9, asked: 1 });
  });

  it('never lets the first write pass', async () => {
    await expect(look([])).rejects.toThrow('does not list what was just written');
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
