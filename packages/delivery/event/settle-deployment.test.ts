import type { ApplicationResult } from '@sluice/argocd/page/outcome';
import { createGitHub } from '@sluice/core/github';
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
    const ended = { ...stage.deploymentOf(id).statuses.at(-1), state: 'success' };
    Object.assign(stage.deploymentOf(id).statuses, { [stage.deploymentOf(id).statuses.length]: ended });
    expect(await put()).not.toHaveProperty('state');
    expect(stage.states(id).at(-1)).toBe('success');
  });

  it('becomes an error where it cannot be told for long enough, and not a moment before', async () => {
    const id = open();
    const last = stage.deploymentOf(id).statuses.at(-1);
    Object.assign(last ?? {}, { createdAt: Date.now() - 10_000 });
    const unknown = couldNotTell('could-not-ask', 'Argo CD is away.');
    await (await settle(id, unknown, { giveUpAfter: 3_600_000 })).put();
    expect(stage.states(id).at(-1)).toBe('in_progress');
    await (await settle(id, unknown, { giveUpAfter: 9_000 })).put();
    expect(stage.states(id).at(-1)).toBe('error');
  });

  const application = { name: 'shop', namespace: 'argocd', server: 'https://argocd.example', revision: '' };
  const none = { missing: [], messages: [], images: [] } as const;
  const needsSync = { ...application, ...none, verdict: 'failed', reason: 'needs-sync' } as const;
  const waitedFor = (...others: readonly ApplicationResult[]): Finding => {
    const told = {
      verdict: 'failed',
      ok: 'false',
      reason: 'needs-sync',
      summary: 'It is OutOfSync.',
    } as const;
    const applications = [needsSync, ...others];
    return {
      ...{ ...told, evidence: 'observed' },
      waited: { ...told, result: { schema: '', applications }, outputs: {}, page: '' },
    };
  };

  it('is not live yet where a person has to sync it, until it is given up', async () => {
    const id = open();
    const others = [
      { ...needsSync, verdict: 'live', reason: 'proven' },
      { ...needsSync, verdict: 'timed-out', reason: 'timed-out' },
    ] as const;
    for (const finding of [waitedFor(), waitedFor(...others)]) {
      for (const giveUpAfter of [undefined, Number.POSITIVE_INFINITY]) {
        const put = await (await settle(id, finding, { giveUpAfter })).put();
        expect(put).toMatchObject({ finding: { verdict: 'timed-out', ok: 'false', reason: 'needs-sync' } });
        expect(stage.states(id).at(-1)).toBe('in_progress');
      }
    }
    await (await settle(id, waitedFor(), { giveUpAfter: 0 })).put();
    expect(stage.states(id).at(-1)).toBe('failure');
  });

  it('has failed where besides the sync something else has', async () => {
    const id = open();
    const degraded = { ...needsSync, reason: 'degraded' } as const;
    await (await settle(id, waitedFor(degraded))).put();
    expect(stage.states(id).at(-1)).toBe('failure');
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

  it('is not given up while a pull request is open: a review takes as long as it takes', async () => {
    const id = open();
    const finding: Finding = { ...live, verdict: 'pending', ok: 'unknown', reason: 'not-on-branch' };
    expect(await (await settle(id, finding, { giveUpAfter: 0 })).put()).toMatchObject({ finding });
    expect(stage.states(id).at(-1)).toBe('in_progress');
  });

  it('stands where what comes after it fails, which is noted', async () => {
    stage.deployment({}, 'in_progress', 'success');
    const id = open();
    stage.github.faults.push({ method: 'POST', path: /statuses$/, skip: 1, status: 422, message: 'no' });
    const note = expect.stringContaining(`The Deployments before ${id} could not be set to inactive`);
    expect(await (await settle(id, live)).put()).toMatchObject({ finding: live, state: 'success', note });
  });
});

describe('the next workflow', { timeout: 60_000 }, () => {
  const promoted = async (puts: number, ...states: readonly ('success' | 'in_progress')[]) => {
    const { context, clock, log, fetch } = stage.world();
    const { workflows, dispatches } = stage.github.repository(repository);
    workflows.set('promote.yml', ['deployment-id']);
    const token = stage.github.githubToken(repository, { deployments: 'write', actions: 'write' });
    const github = createGitHub({ ...context, clock, log, fetch, credential: { type: 'token', token } });
    const id = stage.deployment({}, 'in_progress', ...states);
    const [found] = await openDeployments({ ...stage.home, github }, {});
    if (found === undefined) throw new Error('it is not open');
    stage.github.faults.push({ method: 'POST', path: /statuses$/, times: puts, delay: 700 });
    const settling = { clock, log, giveUpAfter: undefined, next: 'promote.yml', isDry: false };
    const put = () => settleDeployment(found, live, settling);
    await Promise.all(Array.from({ length: puts }, put));
    return { id, states: stage.states(id), dispatches };
  };

  it('is started once where two runs see the same at the same time', async () => {
    const { id, states, dispatches } = await promoted(2);
    expect(states.slice(-2)).toEqual(['success', 'success']);
    expect(dispatches).toMatchObject([{ workflow: 'promote.yml', inputs: { 'deployment-id': String(id) } }]);
  });

  it('is started again for a Deployment that was begun again', async () => {
    const { dispatches } = await promoted(1, 'success', 'in_progress');
    expect(dispatches).toHaveLength(1);
  });
});
