import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { repository, type Stage, startStage } from '../test-stage.ts';
import { openDeployments } from './open-deployments.ts';

let stage: Stage;
beforeEach(async () => {
  stage = await startStage();
});
afterEach(async () => {
  stage.github.expectNoViolations();
  await stage[Symbol.asyncDispose]();
});

const edit = { place: { type: 'value', document: 0, path: 'a' }, from: 1, to: 2 };
const change = {
  ...{ schema: 'sluice.change.v1', repository: 'https://github.example/acme/gitops', branch: 'main' },
  ...{ commit: 'c'.repeat(40), base: 'c'.repeat(40), files: [{ path: 'a.yaml', edits: [edit] }] },
};
/** One that is in progress, with this put into its payload. */
function open(payload: object = { change }): number {
  const id = stage.deployment({}, 'in_progress');
  const { payload: whole } = stage.deploymentOf(id);
  Object.assign(stage.deploymentOf(id), { payload: { ...Object(whole), ...payload } });
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
      Object.assign(stage.deploymentOf(stage.deployment({}, 'in_progress')), { payload });
    expect(await idsOf()).toEqual([id]);
  });

  it('are deployments: that of a pull request has a run of its own', async () => {
    const [plain, preview] = [open(), open()];
    Object.assign(stage.deploymentOf(preview), { task: 'preview:pr-12' });
    expect(await idsOf()).toEqual([plain]);
  });

  it('are ours also where the payload was sent as text', async () => {
    const id = open();
    Object.assign(stage.deploymentOf(id), { payload: JSON.stringify(stage.deploymentOf(id).payload) });
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
