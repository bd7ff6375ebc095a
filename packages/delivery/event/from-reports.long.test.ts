import type { Change, Place } from '@sluice/gitops/change';
import type { CheckRun } from '@sluice/testbed/github/types';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { file, gitops, manifest, startGitOps } from '../merge/test-arrive.ts';
import type { Stage } from '../test-stage.ts';
import { fromReports } from './from-reports.ts';
import { locate } from './locate.ts';
import type { Wake } from './wake.ts';

let stage: Stage;
let base: string;
let ours: string;
beforeEach(async () => {
  stage = await startGitOps();
  base = await stage.github.head(gitops);
  ours = await stage.github.commitFiles(gitops, 'main', { [file]: manifest('2') });
});
afterEach(() => stage[Symbol.asyncDispose]());

const image = 'registry.example/shop:2';
const place: Place = {
  ...{ type: 'container', apiVersion: 'apps/v1', kind: 'Deployment', name: 'shop' },
  ...{ list: 'containers', container: 'app' },
};
const changeAt = (commit: string): Change => ({
  ...{
    schema: 'sluice.change.v1',
    repository: `${stage.github.url}/${gitops}`,
    branch: 'main',
    commit,
    base,
  },
  files: [{ path: file, edits: [{ place, from: 'registry.example/shop:1', to: image }] }].map((one) => ({
    ...one,
    edits: one.edits.map((edit) => ({ ...edit, image })),
  })),
});

/** A second is the unit of a report's time. */
const second = (later = 0) => new Date(Math.floor(Date.now() / 1000 + later) * 1000);

function notify(commit: string, more: Record<string, unknown> = {}, run: Partial<CheckRun> = {}): void {
  const { checkRuns } = stage.github.repository(gitops);
  const report = {
    ...{ schema: 'sluice.notification.v1', argocd: 'https://eu.example', application: 'shop' },
    ...{ namespace: 'argocd', path: 'apps', repository: `${stage.github.url}/${gitops}.git` },
    ...{ revision: commit, syncedRevision: commit, sync: 'Synced', health: 'Healthy', phase: 'Succeeded' },
    ...{ images: [image], at: second(), healthSince: second(-60), ...more },
  };
  checkRuns.push({
    ...{
      id: checkRuns.length + 1,
      app: 'argocd',
      name: 'argocd/argocd/shop',
      headSha: commit,
      at: Date.now(),
    },
    ...{ status: 'completed', conclusion: 'success', title: '', summary: '', text: JSON.stringify(report) },
    ...run,
  });
}

/** Check runs of somebody's tests. */
function noise(commit: string, count: number): void {
  for (let index = 0; index < count; index++)
    notify(commit, {}, { app: 'github-actions', name: `test ${index}`, text: '' });
}

const failed = { health: 'Degraded', phase: 'Failed' };
const wakeAt = (commit: string): Wake => ({ type: 'check-run', commit });
const sweep: Wake = { type: 'none' };

async function found(
  wake: Wake,
  more: Readonly<Record<string, string>> = {},
  located: string | undefined = undefined,
) {
  const world = stage.world();
  const token = stage.github.createToken({ repositories: [gitops] });
  const how = { deployment: 'verify', images: '', verify: 'healthy', notifier: 'argocd' };
  const inputs = stage.inputs({ ...how, settle: '10s', token, ...more });
  const here = { ...world, context: { ...world.context, repository: gitops } };
  const { openGitOps } = await import('@sluice/argocd/gitops-repository');
  await using repository = await openGitOps(changeAt(base).repository, inputs, here);
  const commit = located ?? (await locate(repository, changeAt(base)));
  return fromReports({ createdAt: Date.now() - 10_000 }, [changeAt(commit ?? '')], wake, inputs, here);
}
const live = { verdict: 'live', ok: 'true' };
const open = { verdict: 'unknown', ok: 'unknown', reason: 'not-reported' };

describe('what notifications say of a change', { timeout: 60_000 }, () => {
  it('is live where they show it', async () => {
    notify(ours);
    expect(await found(wakeAt(ours))).toMatchObject(live);
  });

  it('is read from all pages of the check runs', async () => {
    notify(ours);
    noise(ours, 120);
    notify(ours, { application: 'shop-us', ...failed }, { name: 'argocd/argocd/shop-us' });
    expect(await found(wakeAt(ours))).toMatchObject({ verdict: 'failed', reason: 'reported' });
  });

  it('cannot be told of a commit with more check runs than are read', async () => {
    notify(ours);
    noise(ours, 1000);
    expect(await found(wakeAt(ours))).toMatchObject({
      ...open,
      summary: expect.stringContaining('more check runs'),
    });
  });

  it.each([
    [[failed, {}]],
    [[{}, failed]],
  ])('is of each Argo CD, also where both have an application of one name (%#)', async (reports) => {
    for (const [index, more] of reports.entries())
      notify(ours, { argocd: `https://${index}.example`, at: second(index), ...more });
    expect(await found(wakeAt(ours))).toMatchObject({ verdict: 'failed', reason: 'reported' });
    expect(await found(wakeAt(ours), { expect: '2' })).toMatchObject({ verdict: 'failed' });
  });

  it('is one application, however often it is told', async () => {
    for (const later of [0, 0, 1]) notify(ours, { at: second(later) });
    expect(await found(wakeAt(ours), { expect: '2' })).toMatchObject({
      ...open,
      summary: expect.stringContaining('1 application'),
    });
  });

  it.each([
    ['Failed', failed, 'failed'],
    ['OutOfSync', { sync: 'OutOfSync' }, 'unknown'],
    ['of another folder', { path: 'elsewhere' }, 'unknown'],
  ])('is not the older word where the newer one at the next commit is %s', async (_, more, verdict) => {
    notify(ours);
    const next = await stage.github.commitFiles(gitops, 'main', { 'other/x.yaml': 'a: 1\n' });
    notify(next, { at: second(5), ...more });
    for (const wake of [wakeAt(ours), sweep])
      expect(await found(wake), JSON.stringify(wake)).toMatchObject({ verdict });
  });

  it('is no success where one second tells of both', async () => {
    for (const more of [{}, { sync: 'OutOfSync' }, {}]) notify(ours, { at: second(), ...more });
    expect(await found(wakeAt(ours))).toMatchObject(open);
  });

  it.each([
    [1, live],
    [50, live],
    [60, { ...open, summary: expect.stringContaining('more than 60 commits') }],
  ])('is found by a sweep after %d unrelated commits, unless they are too many', async (count, expected) => {
    notify(ours);
    for (let index = 0; index < count; index++)
      await stage.github.commitFiles(gitops, 'main', { 'other/x.yaml': `a: ${index}\n` });
    expect(await found(sweep)).toMatchObject(expected);
  });

  it('is overwritten, as Git says, whether a notification came or not', async () => {
    await stage.github.commitFiles(gitops, 'main', { [file]: manifest('1') }, { author: 'bob' });
    expect(await found(sweep)).toMatchObject({ verdict: 'drifted', reason: 'overwritten' });
    expect(await found(sweep, { 'require-evidence': 'observed' })).toMatchObject({ verdict: 'drifted' });
  });

  it('is live also where the manifest has got another name since', async () => {
    notify(ours);
    await stage.github.commitFiles(gitops, 'main', { [file]: '# moved\n', 'apps/web.yaml': manifest('2') });
    for (const wake of [wakeAt(ours), sweep]) expect(await found(wake)).toMatchObject(live);
  });

  it('is overwritten where the manifest is gone, or another version stands in its new place', async () => {
    notify(ours);
    await stage.github.commitFiles(gitops, 'main', { [file]: '# gone\n' });
    expect(await found(sweep)).toMatchObject({ verdict: 'drifted' });
    await stage.github.commitFiles(gitops, 'main', { 'apps/web.yaml': manifest('3') });
    expect(await found(sweep)).toMatchObject({ verdict: 'drifted' });
  });

  it('cannot be told where the applications are chosen by a selector', async () => {
    notify(ours);
    expect(await found(wakeAt(ours), { selector: 'team=shop' })).toMatchObject({
      ...open,
      summary: expect.stringContaining('selector: team=shop'),
    });
  });
});
