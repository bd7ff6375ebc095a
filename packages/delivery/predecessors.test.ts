import { afterEach, beforeEach, expect, it } from 'vitest';
import { retirePredecessors } from './predecessors.ts';
import { key, type Stage, startStage } from './test-stage.ts';

let stage: Stage;
beforeEach(async () => {
  stage = await startStage();
});
afterEach(async () => {
  stage.github.expectNoViolations();
  await stage[Symbol.asyncDispose]();
});

it('retires those of the same project, environment and tenant that succeeded, and no others', async () => {
  const ours = stage.deployment({}, 'in_progress', 'success');
  const others = [
    stage.deployment({}, 'failure'),
    stage.deployment({}, 'error'),
    stage.deployment({}, 'in_progress'),
    stage.deployment({}, 'pending'),
    stage.deployment({ tenant: 'eu' }, 'success'),
    stage.deployment({ project: 'cart' }, 'success'),
    stage.deployment({ environment: 'production' }, 'success'),
  ];
  const before = others.map(stage.states);
  const id = stage.deployment({}, 'in_progress', 'success');
  expect(await retirePredecessors(stage.home, key, id)).toEqual([ours]);
  expect(stage.states(ours).at(-1)).toBe('inactive');
  expect(others.map(stage.states)).toEqual(before);
  expect(stage.states(id).at(-1)).toBe('success');
});

it('of a tenant retires that tenant’s', async () => {
  const eu = stage.deployment({ tenant: 'eu' }, 'success');
  const us = stage.deployment({ tenant: 'us' }, 'success');
  const id = stage.deployment({ tenant: 'eu' }, 'success');
  expect(await retirePredecessors(stage.home, { ...key, tenant: 'eu' }, id)).toEqual([eu]);
  expect(stage.states(us).at(-1)).toBe('success');
});

it('finds a success below a superseded deployment, which is inactive and has retired nobody', async () => {
  const first = stage.deployment({}, 'success');
  stage.deployment({}, 'inactive');
  const id = stage.deployment({}, 'success');
  expect(await retirePredecessors(stage.home, key, id)).toEqual([first]);
});

it('leaves a newer success alone, however late this run ends', async () => {
  const id = stage.deployment({}, 'success');
  const newer = stage.deployment({}, 'success');
  expect(await retirePredecessors(stage.home, key, id)).toEqual([]);
  expect(stage.states(newer).at(-1)).toBe('success');
  const newest = stage.deployment({}, 'success');
  expect(await retirePredecessors(stage.home, key, newest)).toEqual([newer, id]);
});

it('finds them below more than a page of other tenants’, and looks at twenty at most', async () => {
  const lost = stage.deployment({}, 'success');
  const ours: number[] = [];
  for (let index = 0; index < 20; index++) ours.push(stage.deployment({}, 'success'));
  for (let index = 0; index < 130; index++) stage.deployment({ tenant: `t${index}` }, 'success');
  const id = stage.deployment({}, 'success');
  expect(await retirePredecessors(stage.home, key, id)).toEqual(ours.toReversed());
  expect(stage.states(lost).at(-1)).toBe('success');
});
