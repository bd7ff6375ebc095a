import { describe, expect, it } from 'vitest';
import { deploy } from '../deploy.ts';
import { patienceOf } from './arrive.ts';
import { gitops, run, startGitOps } from './test-arrive.ts';

describe('verify: merged', { timeout: 30_000 }, () => {
  it('ends merged, at the commit of the base branch that holds the change', async () => {
    await using stage = await startGitOps();
    let sha = '';
    const outcome = await run(stage, async () => {
      sha = await stage.github.mergePullRequest(gitops, 1, 'alice', 'squash');
    });
    expect(outcome).toMatchObject({ verdict: 'merged', ok: 'true', reason: 'merged' });
    expect(outcome.outputs['commit-sha']).toBe(sha);
    stage.github.expectNoViolations();
  });

  it('has nothing to wait for after a direct commit, which stays committed', async () => {
    await using stage = await startGitOps();
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
