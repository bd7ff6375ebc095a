import type { Change } from '@sluice/gitops/change';
import { expect, describe as group, it } from 'vitest';
import {
  configMap,
  type Fixture,
  folder,
  gitops,
  image,
  seen,
  startFixture,
} from './argo-sync-wait-setup.ts';

const branch = 'environments/production';

/** An application whose manifests are rendered to a branch, running the first version. */
const hydrated = (fixture: Fixture, more: { hydrateTo?: { targetBranch: string } } = {}) =>
  fixture.deployed({
    hydrator: { syncSource: { targetBranch: branch, path: 'payments' }, ...more },
  });

/** A change of a value that is no image. */
async function ofColor(fixture: Fixture, color: string): Promise<Change> {
  const base = await fixture.github.head(gitops);
  const path = `${folder}/settings.yaml`;
  const commit = await fixture.commit({ [path]: configMap(color) });
  const place = { type: 'value', document: 0, path: 'data.color' } as const;
  const edits = [{ place, from: 'blue', to: color }];
  return {
    ...{ schema: 'sluice.change.v1', repository: `${fixture.github.url}/${gitops}`, branch: 'main' },
    ...{ commit, base, files: [{ path, edits }] },
  };
}

const waitFor = (fixture: Fixture, change: Change, timeout = '25s') =>
  fixture.run({ change: JSON.stringify(change), timeout });

group.concurrent('an application with a hydrated source', { timeout: 60_000 }, () => {
  it('is found by its dry source, and live when the commit rendered from the change is', async () => {
    await using fixture = await startFixture({ timing: { hydration: 1500 } });
    await hydrated(fixture);
    const change = await fixture.change();
    const run = await waitFor(fixture, change);
    expect(seen(run)).toMatchObject({ exitCode: 0, verdict: 'live' });
    expect(run.outputs.revision).not.toBe(change.commit);
    expect(fixture.argocd.liveImages('payments')).toEqual([image('1.4.2')]);
  });

  it('shows what a value does by the rendered commits before and after it', async () => {
    await using fixture = await startFixture();
    await hydrated(fixture);
    const run = await waitFor(fixture, await ofColor(fixture, 'red'));
    expect(seen(run)).toMatchObject({ exitCode: 0, verdict: 'live' });
    expect(fixture.argocd.live('payments').get('ConfigMap/settings')).toMatchObject({
      data: { color: 'red' },
    });
  });

  it('shows one that does nothing by the same', async () => {
    await using fixture = await startFixture();
    await hydrated(fixture);
    const change = await ofColor(fixture, 'blue');
    const [file] = change.files;
    const edits = [{ ...file?.edits[0], from: 'green', to: 'blue' }];
    const run = await fixture.run({
      change: JSON.stringify({ ...change, files: [{ path: file?.path, edits }] }),
      timeout: '20s',
    });
    expect(seen(run)).toMatchObject({ exitCode: 1, verdict: 'unknown' });
  });

  it('is live where the rendered commit is merged on from another branch, by what is noted beside it', async () => {
    await using fixture = await startFixture();
    await hydrated(fixture);
    await fixture.argocd.updateSpec('payments', (spec) => ({
      ...spec,
      ...(spec.sourceHydrator && {
        sourceHydrator: { ...spec.sourceHydrator, hydrateTo: { targetBranch: `${branch}-next` } },
      }),
    }));
    const change = await fixture.change();
    const running = waitFor(fixture, change, '40s');
    // Somebody merges what was rendered: the commit that is synced is another one than the hydrator's.
    const next = `${branch}-next`;
    const read = async (path: string): Promise<string | undefined> =>
      (await fixture.github.readFile(gitops, next, path).catch(() => undefined))?.toString();
    while ((await read('hydrator.metadata')) === undefined)
      await new Promise((resolve) => setTimeout(resolve, 200));
    const paths = ['payments/manifest.yaml', 'payments/hydrator.metadata', 'hydrator.metadata'];
    const files = await Promise.all(paths.map(async (path) => [path, (await read(path)) ?? ''] as const));
    await fixture.github.commitFiles(gitops, branch, Object.fromEntries(files));
    const run = await running;
    expect(seen(run)).toMatchObject({ exitCode: 0, verdict: 'live' });
  });

  it('has failed where the hydrator cannot render the change, in its words', async () => {
    await using fixture = await startFixture();
    await hydrated(fixture);
    fixture.argocd.faults.failHydration('payments', 'kustomize build failed: accumulating resources');
    const run = await waitFor(fixture, await fixture.change());
    expect(seen(run)).toMatchObject({ exitCode: 1, verdict: 'failed', reason: 'hydration-failed' });
    expect(run.outputs.summary).toContain('accumulating resources');
  });

  it('waits out what keeps the hydrator away for a while', async () => {
    await using fixture = await startFixture();
    await hydrated(fixture);
    const away = 'rpc error: code = Unavailable desc = connection refused';
    fixture.argocd.faults.failHydration('payments', away);
    const change = await fixture.change();
    setTimeout(() => fixture.argocd.faults.failHydration('payments', undefined), 4000);
    const run = await waitFor(fixture, change, '40s');
    expect(seen(run)).toMatchObject({ exitCode: 0, verdict: 'live' });
  });
});
