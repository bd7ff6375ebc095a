import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Stage } from '../test-stage.ts';
import { file, gitops, manifest, pullOf, run, startGitOps } from './test-arrive.ts';

let stage: Stage;
beforeEach(async () => {
  stage = await startGitOps();
});
afterEach(async () => {
  stage.github.expectNoViolations();
  await stage[Symbol.asyncDispose]();
});

describe('a pull request that is waited for', { timeout: 60_000 }, () => {
  it.each([
    'merge',
    'squash',
    'rebase',
  ] as const)('and merged by %s ends merged, at the commit of the base branch that holds the change', async (method) => {
    let sha = '';
    const outcome = await run(stage, async () => {
      sha = await stage.github.mergePullRequest(gitops, 1, 'alice', method);
    });
    expect(outcome).toMatchObject({ verdict: 'merged', ok: 'true', reason: 'merged' });
    expect(outcome.outputs).toMatchObject({ 'commit-sha': sha, 'pull-request-number': '1' });
    expect(JSON.parse(outcome.outputs.change ?? '')).toMatchObject({ branch: 'main', commit: sha });
  });

  it('and closed is a failure', async () => {
    const outcome = await run(stage, () => Object.assign(pullOf(stage), { state: 'closed', closedAt: 1 }));
    expect(outcome).toMatchObject({ verdict: 'failed', ok: 'false', reason: 'pull-request-closed' });
    expect(outcome.summary).toContain('#1 of acme/gitops');
  });

  it('and closed, with its change on the branch in another way, is on the branch', async () => {
    const outcome = await run(stage, async () => {
      await stage.github.commitFiles(gitops, 'main', { [file]: manifest('2') });
      Object.assign(pullOf(stage), { state: 'closed', closedAt: 1 });
    });
    expect(outcome).toMatchObject({ verdict: 'committed', reason: 'committed' });
    expect(outcome.outputs['commit-sha']).toBe(await stage.github.head(gitops));
  });

  it('and merged into another branch is a failure', async () => {
    await stage.github.commitFiles(gitops, 'next', { 'README.md': 'next' });
    const outcome = await run(stage, async () => {
      Object.assign(pullOf(stage), { base: 'next' });
      await stage.github.mergePullRequest(gitops, 1);
    });
    expect(outcome).toMatchObject({ verdict: 'failed', reason: 'pull-request-retargeted' });
    expect(outcome.summary).toContain('merged into next');
  });

  it.each([
    'merge',
    'squash',
    'rebase',
  ] as const)('and merged by %s with another value, by a reviewer, is a failure that names who and what', async (method) => {
    const outcome = await run(stage, async () => {
      const more = { author: 'bob', message: 'Not this one' };
      await stage.github.commitFiles(gitops, pullOf(stage).head, { [file]: manifest('1.9') }, more);
      await stage.github.mergePullRequest(gitops, 1, 'alice', method);
    });
    expect(outcome).toMatchObject({ verdict: 'failed', ok: 'false', reason: 'merged-without' });
    expect(outcome.summary).toMatch(/by (alice|bob) <.*> set apps\/shop\.yaml, .*:2 to .*:1\.9/);
  });

  const trailers = 'Sluice-Project: shop\nSluice-Environment: qa\nSluice-Run: acme/app/43/1';

  it('and merged without its value is a failure, also where a newer run touched another place of the file', async () => {
    const outcome = await run(stage, async () => {
      const newer = { message: `Deploy sidecar 7\n\n${trailers}` };
      await stage.github.commitFiles(gitops, 'main', { [file]: `# sidecar\n${manifest('1')}` }, newer);
      const dropped = { [file]: manifest('1'), 'note.md': 'dropped' };
      await stage.github.commitFiles(gitops, pullOf(stage).head, dropped, { author: 'bob' });
      await stage.github.mergePullRequest(gitops, 1, 'alice', 'squash');
    });
    expect(outcome).toMatchObject({ verdict: 'failed', ok: 'false', reason: 'merged-without' });
    expect(outcome.summary).toContain('holds registry.example/shop:1, not registry.example/shop:2');
  });

  it('and squashed with a newer run of the same deployment in it is superseded', async () => {
    const outcome = await run(stage, async () => {
      const newer = { message: `Deploy shop 3\n\n${trailers}` };
      await stage.github.commitFiles(gitops, pullOf(stage).head, { [file]: manifest('3') }, newer);
      await stage.github.mergePullRequest(gitops, 1, 'alice', 'squash');
    });
    expect(outcome).toMatchObject({ verdict: 'superseded', ok: 'unknown', reason: 'superseded' });
  });

  it('and taken over by a newer run of the same deployment is superseded, before anybody merges it', async () => {
    const outcome = await run(stage, () =>
      stage.github.commitFiles(
        gitops,
        pullOf(stage).head,
        { [file]: manifest('3') },
        { message: `Deploy shop 3\n\n${trailers}` },
      ),
    );
    expect(outcome).toMatchObject({ verdict: 'superseded', ok: 'unknown', reason: 'superseded' });
  });

  it('and still open when the time is over is timed out, with what keeps it', async () => {
    stage.github.repository(gitops).gates.add('main');
    const outcome = await run(stage, () => {}, { 'merge-timeout': '1s' });
    expect(outcome).toMatchObject({ verdict: 'timed-out', ok: 'false', reason: 'not-merged' });
    expect(outcome.summary).toContain('ask for a review or a check');
    expect(outcome.page).toContain('/acme/gitops/pull/1');
  });

  it('says which of its workflow runs wait for an approval', async () => {
    stage.github.repository(gitops).parksBotRuns = true;
    const token = stage.github.githubToken(gitops);
    await run(stage, () => {}, { token, 'merge-timeout': '7s' });
    expect(stage.warnings.join('\n')).toContain('1 workflow run of the pull request waits for approval: CI');
  });

  it('costs no rate limit while nothing changes', async () => {
    await run(stage, () => {}, { 'merge-timeout': '14s' });
    const looks = stage.github.requests.filter(({ path }) => /\/pulls\/1$/.test(path));
    expect(looks.map(({ status }) => status)).toEqual([200, 304, 304, 304]);
  });

  it('survives an outage of GitHub', async () => {
    const away = { path: /\/pulls\/\d+$/, status: 502 };
    const outcome = await run(
      stage,
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
      stage,
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
