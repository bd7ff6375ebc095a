import type { Clock } from '@sluice/core/clock';
import { type ArgoCdStandIn, startArgoCd } from '@sluice/testbed/argocd/stand-in';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { deploy } from '../deploy.ts';
import type { Stage } from '../test-stage.ts';
import { gitops, manifest, startGitOps } from './test-arrive.ts';

const web = manifest('1').replaceAll('shop', 'web');

let stage: Stage;
let argocd: ArgoCdStandIn;
beforeEach(async () => {
  stage = await startGitOps();
  await stage.github.commitFiles(gitops, 'main', { 'apps/web.yaml': web });
  argocd = await startArgoCd({ gitBase: stage.github.root });
  await argocd.createApplication({
    ...{ name: 'shop', repoURL: `${stage.github.url}/${gitops}.git`, path: 'apps' },
    ...{ targetRevision: 'main', automated: true, deployed: true },
  });
});
afterEach(async () => {
  stage.github.expectNoViolations();
  await argocd.close();
  await stage[Symbol.asyncDispose]();
});

/** The time of a review passes at once, and that of a rollout as it does. */
function reviewClock(isMerged: () => boolean): Clock {
  let ahead = 0;
  return {
    now: () => Date.now() + ahead,
    async sleep(ms, signal) {
      if (!isMerged()) ahead += ms;
      await new Promise((resolve) => setTimeout(resolve, isMerged() ? ms : 5));
      signal?.throwIfAborted();
    },
  };
}

/** A deployment by a pull request: what happens while it is reviewed, and with its merge. */
async function reviewed(meanwhile: () => void, atMerge: () => void) {
  let isMerged = false;
  const path = /\/pulls\/\d+$/;
  const merge = async () => {
    await stage.github.mergePullRequest(gitops, 1, 'alice', 'squash');
    isMerged = true;
    atMerge();
    void argocd.poll('shop');
  };
  stage.github.faults.push({ path, skip: 1, run: async () => meanwhile() }, { path, skip: 9, run: merge });
  const inputs = stage.inputs({
    ...{ repository: gitops, path: 'apps', token: stage.github.createToken(), commit: 'pull-request' },
    ...{ verify: 'healthy', 'merge-timeout': '1h', scope: 'application', timeout: '20s' },
    ...{ settle: '1s', 'degraded-grace': '2s' },
    ...{ 'argocd-server': argocd.url, 'argocd-token': argocd.token({ actions: ['get'] }) },
  });
  return deploy(inputs, { ...stage.world(), clock: reviewClock(() => isMerged) });
}

it('what was broken before the review and mended in it is not excused when the merge breaks it', {
  timeout: 60_000,
}, async () => {
  argocd.setHealth('shop', 'web', 'Degraded');
  const outcome = await reviewed(
    () => argocd.setHealth('shop', 'web', 'Healthy'),
    () => argocd.setHealth('shop', 'web', 'Degraded'),
  );
  expect(outcome).toMatchObject({ verdict: 'failed', reason: 'degraded', ok: 'false' });
});

it('what broke in the review, by somebody else, is not taken for the doing of the merge', {
  timeout: 60_000,
}, async () => {
  const outcome = await reviewed(
    () => argocd.setHealth('shop', 'web', 'Degraded'),
    () => {},
  );
  expect(outcome).toMatchObject({ verdict: 'live', ok: 'true' });
});
