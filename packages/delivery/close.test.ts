import { afterEach, beforeEach, expect, it } from 'vitest';
import { closeDeployment } from './close.ts';
import { key, repository, type Stage, startStage } from './test-stage.ts';

let stage: Stage;
beforeEach(async () => {
  stage = await startStage();
});
afterEach(async () => {
  stage.github.expectNoViolations();
  await stage[Symbol.asyncDispose]();
});

const close = (id: number, more = {}) =>
  closeDeployment(stage.inputs({ deployment: 'close', 'deployment-id': String(id), ...more }), stage.world());

it.each([
  ['that waits for its approval', [], 'inactive', 'refused', 'not-begun'],
  ['that has begun', ['in_progress'], 'error', 'unknown', 'interrupted'],
] as const)('a Deployment %s is ended', async (_, before, state, verdict, reason) => {
  const id = stage.deployment(key, ...before);
  const found = await close(id);
  expect(found).toMatchObject({
    verdict,
    reason,
    outputs: { 'deployment-id': String(id), changed: 'false' },
  });
  expect(stage.states(id)).toEqual(['queued', ...before, state]);
  const told = stage.github.repository(repository).deployments.get(id)?.statuses.at(-1);
  expect(told?.description).toBe(found.summary);
});

it.each([
  'success',
  'failure',
  'error',
  'pending',
  'inactive',
] as const)('a Deployment that says %s keeps saying so', async (state) => {
  const id = stage.deployment(key, 'in_progress', state);
  expect(await close(id)).toMatchObject({ verdict: 'unknown', ok: 'unknown', reason: 'interrupted' });
  expect(stage.states(id)).toEqual(['queued', 'in_progress', state]);
});

it('a dry run writes nothing', async () => {
  const id = stage.deployment(key);
  expect(await close(id, { 'dry-run': 'true' })).toMatchObject({ verdict: 'refused' });
  expect(stage.states(id)).toEqual(['queued']);
});

it('a Deployment of something else is refused, and left alone', async () => {
  const id = stage.deployment({ project: 'cart' });
  await expect(close(id)).rejects.toThrow('is not a Deployment of shop in qa');
  expect(stage.states(id)).toEqual(['queued']);
});
