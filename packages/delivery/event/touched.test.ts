import type { Change, Place } from '@sluice/gitops/change';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { file, gitops, manifest, startGitOps } from '../merge/test-arrive.ts';
import { repository, type Stage } from '../test-stage.ts';
import type { OpenDeployment } from './open-deployments.ts';
import { touchedBy } from './touched.ts';
import type { Wake } from './wake.ts';

let stage: Stage;
let before: string;
let after: string;
beforeEach(async () => {
  stage = await startGitOps();
  before = await stage.github.head(gitops);
  after = await stage.github.commitFiles(gitops, 'main', { [file]: manifest('2') });
});
afterEach(() => stage[Symbol.asyncDispose]());

const change = (of = gitops): Change => {
  const place: Place = {
    type: 'container',
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    name: 'shop',
    list: 'containers',
    container: 'app',
  };
  const edit = { place, from: 'registry.example/shop:1', to: 'registry.example/shop:2' };
  return {
    ...{ schema: 'sluice.change.v1', repository: `${stage.github.url}/${of}`, branch: 'main' },
    ...{ commit: before, base: before, files: [{ path: file, edits: [edit] }] },
  };
};
const open = (id: number, changes: OpenDeployment['changes']): OpenDeployment => ({
  ...{ home: stage.home, id, key: { project: 'shop', environment: 'qa' }, createdAt: 0, since: 0 },
  ...{ wait: undefined, changes },
});

/** The ids of those that a run in the GitOps repository finds touched. */
async function touched(all: readonly OpenDeployment[], wake: Wake, where = gitops) {
  const world = stage.world();
  const inputs = stage.inputs({ token: stage.github.createToken({ repositories: [gitops] }) });
  const here = { ...world, context: { ...world.context, repository: where } };
  return (await touchedBy(all, wake, inputs, here)).map(({ id }) => id);
}
const status = (commit: string): Wake => ({ type: 'status', commit });
const dispatch = (commit: string | undefined): Wake => ({
  ...{ type: 'dispatch', commit, sender: 'x', content: {} },
});

describe('the Deployments that a notification is about', { timeout: 60_000 }, () => {
  it('are those whose change the commit holds', async () => {
    const all = [open(1, [change()]), open(2, { unreadable: 'gone' })];
    expect(await touched(all, status(after))).toEqual([1]);
    expect(await touched(all, status(before))).toEqual([]);
  });

  it('are all where it names no commit', async () => {
    const all = [open(1, [change()]), open(2, { unreadable: 'gone' })];
    for (const wake of [{ type: 'none' }, dispatch(undefined)] as const)
      expect(await touched(all, wake)).toEqual([1, 2]);
  });

  it('are none where the commit is made up', async () =>
    expect(await touched([open(1, [change()])], status('f'.repeat(40)))).toEqual([]));

  it.each([
    [418, status],
    [401, dispatch],
  ] as const)('are also those of which Git does not tell (%d): an outage is not "none"', async (code, wake) => {
    stage.github.faults.push({ path: /gitops\.git/, times: 1000, status: code });
    expect(await touched([open(1, [change()])], wake(after))).toEqual([1]);
    expect(stage.warnings.join()).toContain('could not be told');
  });

  it('are those whose manifest has got another name in the commit', async () => {
    const moved = { [file]: '# moved\n', 'apps/web.yaml': manifest('2') };
    expect(
      await touched([open(1, [change()])], status(await stage.github.commitFiles(gitops, 'main', moved))),
    ).toEqual([1]);
  });

  it('are none of another repository than that of the status', async () =>
    expect(await touched([open(1, [change()])], status(after), repository)).toEqual([]));

  it('are none on another server, which is not even asked', async () => {
    const elsewhere = { ...change(), repository: 'https://evil.invalid/acme/gitops' };
    expect(await touched([open(1, [elsewhere])], dispatch(after))).toEqual([]);
  });

  it('are found by a dispatch beside one that the token does not reach, which is warned of', async () => {
    await stage.github.createRepository('acme/secret', { [file]: manifest('2') });
    const all = [open(1, [change('acme/secret')]), open(2, [change()])];
    expect(await touched(all, dispatch(after))).toEqual([2]);
    expect(stage.warnings.join()).toContain('was not looked at');
  });
});
