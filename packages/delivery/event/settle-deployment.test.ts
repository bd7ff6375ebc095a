import type { Deployment } from '@sluice/testbed/github/types';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { repository, type Stage, startStage } from '../test-stage.ts';
import { couldNotTell, type Finding } from './finding.ts';
import { openDeployments } from './open-deployments.ts';
import { type Settling, settleDeployment } from './settle-deployment.ts';

let stage: Stage;
beforeEach(async () => {
  stage = await startStage();
});
afterEach(async () => {
  stage.github.expectNoViolations();
  await stage[Symbol.asyncDispose]();
});

const deploymentOf = (id: number): Deployment => {
  const found = stage.github.repository(repository).deployments.get(id);
  if (found === undefined) throw new Error(`there is no Deployment ${id}`);
  return found;
};
const open = () => stage.deployment({}, 'in_progress');

const live: Finding = {
  ...{ verdict: 'live', ok: 'true', reason: 'proven', summary: 'It is live.', evidence: 'observed' },
};

describe('what was found', { timeout: 60_000 }, () => {
  const settle = async (id: number, finding: Finding, given: Partial<Settling> = {}) => {
    const [deployment] = (await openDeployments(stage.home, {})).filter((one) => one.id === id);
    if (deployment === undefined) throw new Error('it is not open');
    const { clock, log } = stage.world();
    return {
      deployment,
      put: () =>
        settleDeployment(deployment, finding, {
          ...{ clock, log, giveUpAfter: undefined, next: '', isDry: false, ...given },
        }),
    };
  };

  it.each([
    ['success', live],
    ['failure', { ...live, verdict: 'failed', ok: 'false' }],
    ['failure', { ...live, verdict: 'drifted', ok: 'false' }],
    ['inactive', { ...live, verdict: 'superseded', ok: 'unknown' }],
    ['in_progress', { ...live, verdict: 'timed-out', ok: 'false' }],
    ['in_progress', { ...live, verdict: 'rolling-out', ok: 'unknown' }],
    ['in_progress', { ...live, verdict: 'refused', ok: 'false' }],
    ['in_progress', couldNotTell('could-not-ask', 'Argo CD is away.')],
  ] as const)('makes it %s (%#)', async (state, finding) => {
    const id = open();
    await (await settle(id, finding)).put();
    expect(stage.states(id).at(-1)).toBe(state);
  });

  it('does not touch one that another run has ended meanwhile', async () => {
    const id = open();
    const { put } = await settle(id, { ...live, verdict: 'failed', ok: 'false' });
    const ended = { ...deploymentOf(id).statuses.at(-1), state: 'success' };
    Object.assign(deploymentOf(id).statuses, { [deploymentOf(id).statuses.length]: ended });
    expect(await put()).not.toHaveProperty('state');
    expect(stage.states(id).at(-1)).toBe('success');
  });

  it('becomes an error where it cannot be told for long enough, and not a moment before', async () => {
    const id = open();
    const last = deploymentOf(id).statuses.at(-1);
    Object.assign(last ?? {}, { createdAt: Date.now() - 10_000 });
    const unknown = couldNotTell('could-not-ask', 'Argo CD is away.');
    await (await settle(id, unknown, { giveUpAfter: 3_600_000 })).put();
    expect(stage.states(id).at(-1)).toBe('in_progress');
    await (await settle(id, unknown, { giveUpAfter: 9_000 })).put();
    expect(stage.states(id).at(-1)).toBe('error');
  });

  it('is written nowhere by a dry run, which retires nothing and starts nothing either', async () => {
    const before = stage.deployment({}, 'in_progress', 'success');
    const id = open();
    const { put } = await settle(id, live, { isDry: true, next: 'promote.yml' });
    expect(await put()).not.toHaveProperty('state');
    expect(stage.states(id).at(-1)).toBe('in_progress');
    expect(stage.states(before).at(-1)).toBe('success');
    expect(stage.github.repository(repository).dispatches).toEqual([]);
  });
});
