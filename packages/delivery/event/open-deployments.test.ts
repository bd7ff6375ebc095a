import type { Deployment } from '@sluice/testbed/github/types';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { repository, type Stage, startStage } from '../test-stage.ts';
import { couldNotTell, type Finding } from './finding.ts';
import { openDeployments } from './open-deployments.ts';
import { settleDeployment } from './settle-deployment.ts';

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
const edit = { place: { type: 'value', document: 0, path: 'a' }, from: 1, to: 2 };
const change = {
  ...{ schema: 'sluice.change.v1', repository: 'https://github.example/acme/gitops', branch: 'main' },
  ...{ commit: 'c'.repeat(40), base: 'c'.repeat(40), files: [{ path: 'a.yaml', edits: [edit] }] },
};
/** One that is in progress, with this put into its payload. */
function open(payload: object = { change }): number {
  const id = stage.deployment({}, 'in_progress');
  const { payload: whole } = deploymentOf(id);
  Object.assign(deploymentOf(id), { payload: { ...Object(whole), ...payload } });
  return id;
}
const idsOf = async (wanted = {}) => (await openDeployments(stage.home, wanted)).map(({ id }) => id);

describe('the Deployments that are in progress', { timeout: 60_000 }, () => {
  it('are those whose last status says so, newest first', async () => {
    const ids = [open(), open()];
    for (const states of [['in_progress', 'success'], [], ['pending']] as const)
      stage.deployment({}, ...states);
    expect(await idsOf()).toEqual(ids.toReversed());
  });

  it('are of all pages, with one request for a hundred', async () => {
    const first = open();
    for (let count = 0; count < 230; count++) stage.deployment({}, 'success');
    expect(await idsOf()).toEqual([first]);
    expect(stage.github.requests).toHaveLength(3);
  });

  it('are of the project, environment and tenant that were asked for', async () => {
    const plain = open();
    const eu = stage.deployment({ tenant: 'eu' }, 'in_progress');
    stage.deployment({ project: 'other' }, 'in_progress');
    expect(await idsOf({ project: 'shop', environment: 'qa' })).toEqual([eu, plain]);
    expect(await idsOf({ tenant: 'eu' })).toEqual([eu]);
    expect(await idsOf({ environment: 'production' })).toEqual([]);
  });

  it('are ours: what others keep there is theirs', async () => {
    const id = open();
    for (const payload of ['', 'text', null, [], { schema: 'other' }])
      Object.assign(deploymentOf(stage.deployment({}, 'in_progress')), { payload });
    expect(await idsOf()).toEqual([id]);
  });

  it('are ours also where the payload was sent as text', async () => {
    const id = open();
    Object.assign(deploymentOf(id), { payload: JSON.stringify(deploymentOf(id).payload) });
    expect((await openDeployments(stage.home, {}))[0]).toMatchObject({ id, changes: [{ branch: 'main' }] });
  });

  it.each([
    ['shortened to its digest', { change: { digest: `sha256:${'d'.repeat(64)}` } }, 'only its digest'],
    [
      'of a path that leads out',
      { change: { ...change, files: [{ path: '../x', edits: [edit] }] } },
      'cannot be read',
    ],
    ['none', { change: 'x' }, 'cannot be read'],
    ['with odd conditions', { change, wait: { expect: 0 } }, 'counts as live'],
  ])('say of a change %s that it cannot be told', async (_, payload, words) => {
    open(payload);
    const [one] = await openDeployments(stage.home, {});
    expect(one?.changes).toMatchObject({ unreadable: expect.stringContaining(words) });
  });

  it('need a permission that is named', async () => {
    const { github } = stage;
    const bare = stage.inputs({ 'deployment-token': github.githubToken(repository, { contents: 'read' }) });
    const { homeOf } = await import('../record.ts');
    const home = homeOf(bare, stage.world(), stage.world().signal);
    await expect(openDeployments(home, {})).rejects.toMatchObject({ kind: 'permission' });
  });
});

const live: Finding = {
  ...{ verdict: 'live', ok: 'true', reason: 'proven', summary: 'It is live.', evidence: 'observed' },
};

describe('what was found', { timeout: 60_000 }, () => {
  const settle = async (id: number, finding: Finding, giveUpAfter?: number) => {
    const [deployment] = (await openDeployments(stage.home, {})).filter((one) => one.id === id);
    if (deployment === undefined) throw new Error('it is not open');
    const { clock, log } = stage.world();
    return {
      deployment,
      put: () => settleDeployment(deployment, finding, { clock, log, giveUpAfter, next: '' }),
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
    await (await settle(id, unknown, 3_600_000)).put();
    expect(stage.states(id).at(-1)).toBe('in_progress');
    await (await settle(id, unknown, 9_000)).put();
    expect(stage.states(id).at(-1)).toBe('error');
  });
});
