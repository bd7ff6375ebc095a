import type { Clock } from '@sluice/core/clock';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { deploy } from '../deploy.ts';
import type { DeployOutcome } from '../outcome.ts';
import { type Stage, startStage } from '../test-stage.ts';
import { patienceOf } from './arrive.ts';

const gitops = 'acme/gitops';
const file = 'apps/shop.yaml';
const manifest = (tag: string) =>
  `apiVersion: apps/v1
kind: Deployment
metadata: { name: shop }
spec:
  selector: { matchLabels: { app: shop } }
  template:
    metadata: { labels: { app: shop } }
    spec: { containers: [{ name: app, image: "registry.example/shop:${tag}" }] }
`;

let stage: Stage;
beforeEach(async () => {
  stage = await startStage();
  await stage.github.createRepository(gitops, { [file]: manifest('1') });
});
afterEach(async () => {
  stage.github.expectNoViolations();
  await stage[Symbol.asyncDispose]();
});

const pull = () => {
  const found = [...stage.github.repository(gitops).pulls.values()].at(-1);
  if (found === undefined) throw new Error('there is no pull request');
  return found;
};

/** Whoever sleeps wakes up at once, and it is so much later. */
function fastClock(): Clock {
  let ahead = 0;
  return {
    now: () => Date.now() + ahead,
    async sleep(ms, signal) {
      ahead += ms;
      await new Promise((resolve) => setTimeout(resolve, 5));
      signal?.throwIfAborted();
    },
  };
}

/** A run that waits for its pull request; `act` happens when it has looked at it first. */
async function run(
  act: () => unknown,
  more: Readonly<Record<string, string>> = {},
  signal?: AbortSignal,
): Promise<DeployOutcome> {
  stage.github.faults.push({ path: /\/pulls\/\d+$/, run: async () => void (await act()) });
  const inputs = stage.inputs({
    ...{ repository: gitops, path: 'apps', token: stage.github.createToken(), commit: 'pull-request' },
    ...{ verify: 'merged', 'merge-timeout': '8s', ...more },
  });
  return deploy(inputs, { ...stage.world(signal), clock: fastClock() });
}

describe('a pull request that is waited for', { timeout: 60_000 }, () => {
  it.each([
    'merge',
    'squash',
    'rebase',
  ] as const)('and merged by %s ends merged, at the commit of the base branch that holds the change', async (method) => {
    let sha = '';
    const outcome = await run(async () => {
      sha = await stage.github.mergePullRequest(gitops, 1, 'alice', method);
    });
    expect(outcome).toMatchObject({ verdict: 'merged', ok: 'true', reason: 'merged' });
    expect(outcome.outputs).toMatchObject({ 'commit-sha': sha, 'pull-request-number': '1' });
    expect(JSON.parse(outcome.outputs.change ?? '')).toMatchObject({ branch: 'main', commit: sha });
  });

  it('and closed is a failure', async () => {
    const outcome = await run(() => Object.assign(pull(), { state: 'closed', closedAt: 1 }));
    expect(outcome).toMatchObject({ verdict: 'failed', ok: 'false', reason: 'pull-request-closed' });
    expect(outcome.summary).toContain('#1 of acme/gitops');
  });

  it('and closed, with its change on the branch in another way, is on the branch', async () => {
    const outcome = await run(async () => {
      await stage.github.commitFiles(gitops, 'main', { [file]: manifest('2') });
      Object.assign(pull(), { state: 'closed', closedAt: 1 });
    });
    expect(outcome).toMatchObject({ verdict: 'committed', reason: 'committed' });
    expect(outcome.outputs['commit-sha']).toBe(await stage.github.head(gitops));
  });

  it('and merged into another branch is a failure', async () => {
    await stage.github.commitFiles(gitops, 'next', { 'README.md': 'next' });
    const outcome = await run(async () => {
      Object.assign(pull(), { base: 'next' });
      await stage.github.mergePullRequest(gitops, 1);
    });
    expect(outcome).toMatchObject({ verdict: 'failed', reason: 'pull-request-retargeted' });
    expect(outcome.summary).toContain('merged into next');
  });

  it('and merged with another value, by a reviewer, is a failure that names who and what', async () => {
    const outcome = await run(async () => {
      await stage.github.commitFiles(gitops, pull().head, { [file]: manifest('1.9') }, { author: 'bob' });
      await stage.github.mergePullRequest(gitops, 1);
    });
    expect(outcome).toMatchObject({ verdict: 'failed', reason: 'merged-without' });
    expect(outcome.summary).toMatch(/by bob <.*> set apps\/shop\.yaml, .*:2 to .*:1\.9/);
  });

  it('and taken over by a newer run of the same deployment is superseded, before anybody merges it', async () => {
    const trailers = 'Sluice-Project: shop\nSluice-Environment: qa\nSluice-Run: acme/app/43/1';
    const outcome = await run(() =>
      stage.github.commitFiles(
        gitops,
        pull().head,
        { [file]: manifest('3') },
        { message: `Deploy shop 3\n\n${trailers}` },
      ),
    );
    expect(outcome).toMatchObject({ verdict: 'superseded', ok: 'unknown', reason: 'superseded' });
  });

  it('and still open when the time is over is timed out, with what keeps it', async () => {
    stage.github.repository(gitops).gates.add('main');
    const outcome = await run(() => {}, { 'merge-timeout': '1s' });
    expect(outcome).toMatchObject({ verdict: 'timed-out', ok: 'false', reason: 'not-merged' });
    expect(outcome.summary).toContain('ask for a review or a check');
    expect(outcome.page).toContain('/acme/gitops/pull/1');
  });

  it('says which of its workflow runs wait for an approval', async () => {
    stage.github.repository(gitops).parksBotRuns = true;
    const token = stage.github.githubToken(gitops);
    await run(() => {}, { token, 'merge-timeout': '7s' });
    expect(stage.warnings.join('\n')).toContain('1 workflow run of the pull request waits for approval: CI');
  });

  it('costs no rate limit while nothing changes', async () => {
    await run(() => {}, { 'merge-timeout': '14s' });
    const looks = stage.github.requests.filter(({ path }) => /\/pulls\/1$/.test(path));
    expect(looks.map(({ status }) => status)).toEqual([200, 304, 304, 304]);
  });

  it('survives an outage of GitHub', async () => {
    const away = { path: /\/pulls\/\d+$/, status: 502 };
    const outcome = await run(
      async () => {
        stage.github.faults.push(away, away, away, away, away);
        await stage.github.mergePullRequest(gitops, 1);
      },
      { 'merge-timeout': '40s' },
    );
    expect(outcome.verdict).toBe('merged');
  });

  it('is on the record as pending, also where the run is cancelled meanwhile', async () => {
    const id = stage.deployment();
    const controller = new AbortController();
    const running = run(
      () => setTimeout(() => controller.abort(new Error('cancelled')), 500),
      { 'deployment-id': String(id), 'merge-timeout': '9999h' },
      controller.signal,
    );
    await expect(running).rejects.toThrow('cancelled');
    expect(stage.states(id)).toEqual(['queued', 'in_progress', 'pending', 'pending']);
    const last = stage.github.repository('acme/app').deployments.get(id)?.statuses.at(-1);
    expect(last?.description).toMatch(/^The run was cancelled\. Waiting for pull request #1 of acme\/gitops/);
  });
});

describe('a direct commit', () => {
  it('has no pull request to wait for, and stays committed', async () => {
    const inputs = { repository: gitops, path: 'apps', token: stage.github.createToken(), verify: 'merged' };
    const outcome = await deploy(stage.inputs(inputs), stage.world());
    expect(outcome).toMatchObject({ verdict: 'committed', ok: 'true', reason: 'committed' });
  });
});

describe('how long is waited', () => {
  const given = {
    verify: 'healthy',
    mode: 'wait',
    timeout: 900,
    'merge-timeout': undefined,
    'auto-merge': 'false',
  } as const;
  it.each([
    ['not at all for a person, where what is live is asked for', {}, undefined],
    ['for GitHub where auto-merge is on', { 'auto-merge': 'true' }, { timeoutMs: 900, onlyArmed: true }],
    ['as long as `merge-timeout` says', { 'merge-timeout': 5 }, { timeoutMs: 5, onlyArmed: false }],
    ['for anybody with `verify: merged`', { verify: 'merged' }, { timeoutMs: 900, onlyArmed: false }],
    ['not at all with `verify: committed`', { verify: 'committed', 'merge-timeout': 5 }, undefined],
    [
      'for one look with `mode: once`',
      { mode: 'once', 'merge-timeout': 5 },
      { timeoutMs: 0, onlyArmed: false },
    ],
    ['not at all with `mode: event`', { mode: 'event', 'merge-timeout': 5 }, undefined],
  ] as const)('%s', (_, more, expected) => expect(patienceOf({ ...given, ...more })).toEqual(expected));
});
