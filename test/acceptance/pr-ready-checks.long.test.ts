import type { CheckRun, WorkflowRun } from '@sluice/testbed/github/types';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { app, blocked, file, needs, openStage, ready, runId, type Stage, said } from './pr-ready-setup.ts';

let stage: Stage;
let lastId = 0;
beforeEach(async () => {
  stage = await openStage('on: pull_request\njobs: {}\n');
  stage.run({ id: runId });
});
afterEach(async () => {
  stage.github.expectNoViolations();
  await stage.github.close();
});

const other = '.github/workflows/e2e.yml';
/** A check of a job of a run. */
function check(
  name: string,
  conclusion: CheckRun['conclusion'],
  run: number | undefined,
  more: Partial<CheckRun> = {},
) {
  lastId += 1;
  stage.github.repository(app).checkRuns.push({
    ...{
      id: lastId,
      app: 'github-actions',
      name,
      headSha: stage.sha,
      title: '',
      summary: '',
      text: null,
      at: 0,
    },
    ...{ status: conclusion === null ? 'in_progress' : 'completed', conclusion },
    ...(run === undefined ? {} : { runId: run }),
    ...more,
  });
}
const ended = (id: number, more: Partial<WorkflowRun> = {}) =>
  stage.run({ id, name: 'E2E', path: other, status: 'completed', conclusion: 'success', ...more });
const status = (context: string, state: 'success' | 'failure' | 'pending', creator = 'ci[bot]') => {
  lastId += 1;
  stage.github.repository(app).statuses.push({ id: lastId, sha: stage.sha, context, state, creator, at: 0 });
};
const event = () => ({ pull_request: { number: 7, head: { sha: stage.sha } } });
const ask = (
  checks: string,
  inputs: Readonly<Record<string, string>> = {},
  more: Parameters<Stage['gate']>[1] = {},
) => stage.gate({ checks, timeout: '0s', ...inputs }, { event: event(), ...more });

describe('checks of other workflows', () => {
  it('are ready when they succeeded on the head commit, beside the jobs that are needed', async () => {
    ended(11);
    check('e2e (linux)', 'success', 11);
    status('ci/circleci', 'success');
    const result = await ask('e2e (*) workflow=e2e.yml app=github-actions\nci/*', {
      needs: needs({ build: 'success' }),
    });
    expect(said(result)).toEqual({ ...ready, reason: 'all-succeeded' });
    expect(result.outputs.summary).toBe('Ready: build and 2 checks succeeded.');
    const alone = await ask('ci/* app=ci');
    expect(said(alone)).toEqual({ ...ready, reason: 'all-succeeded' });
  });

  it.each([
    ['failure', 'check-failed', 'false'],
    ['cancelled', 'check-failed', 'false'],
    ['timed_out', 'check-failed', 'false'],
    ['neutral', 'check-failed', 'false'],
    ['skipped', 'check-skipped', 'unknown'],
    ['action_required', 'check-parked', 'unknown'],
    [null, 'check-pending', 'unknown'],
  ] as const)('block with %s', async (conclusion, reason, ok) => {
    ended(11);
    check('e2e', conclusion, 11);
    if (conclusion === 'skipped') ended(12, { conclusion: 'action_required' });
    const result = await ask('e2e');
    expect(said(result)).toEqual({
      ...blocked,
      ok: reason === 'check-skipped' ? 'false' : ok,
      reason,
      blocking: ['e2e'],
    });
  });

  it('are looked at on the head of a merge group, and on the pushed commit', async () => {
    ended(11, { event: 'merge_group' });
    check('e2e', 'success', 11);
    const group = {
      event: { merge_group: { head_sha: stage.sha } },
      env: { GITHUB_EVENT_NAME: 'merge_group' },
    };
    expect(said(await ask('e2e', {}, group))).toMatchObject(ready);
    const push = { event: {}, env: { GITHUB_EVENT_NAME: 'push', GITHUB_SHA: stage.sha } };
    expect(said(await ask('e2e', {}, push))).toMatchObject(ready);
    const empty = { event: {}, env: { GITHUB_EVENT_NAME: 'merge_group', GITHUB_SHA: stage.sha } };
    expect(said(await ask('e2e', {}, empty))).toMatchObject({ ...blocked, reason: 'checks-not-read' });
  });
});

describe('what is there', () => {
  it('nothing is no success: a pattern without a check, and fewer than the minimum', async () => {
    ended(11);
    check('e2e (1)', 'success', 11);
    const missing = await ask('e2e');
    expect(said(missing)).toEqual({ ...blocked, ok: 'unknown', reason: 'check-missing', blocking: ['e2e'] });
    expect(said(await ask('e2e (*)', { minimum: '2' }))).toMatchObject({
      ...blocked,
      ...{ reason: 'check-missing', blocking: [] },
    });
    check('e2e (2)', 'success', 11);
    expect(said(await ask('e2e (*)', { minimum: '2' }))).toMatchObject(ready);
  });

  it('all pages are read: the one that failed is among 250', async () => {
    ended(11);
    for (let at = 0; at < 250; at += 1) check(`leg (${at})`, at === 3 ? 'failure' : 'success', 11);
    expect(said(await ask('leg (*)', { minimum: '250' }))).toMatchObject({
      ...blocked,
      blocking: ['leg (3)'],
    });
  });

  it('this run does not count, by its id and not by its name; an App that leads to it does', async () => {
    check('ready', null, runId);
    check('build', 'failure', runId);
    ended(11);
    check('ready', 'success', 11);
    check('build', 'success', 11);
    expect(said(await ask('*'))).toMatchObject(ready);
    const detailsUrl = `https://github.com/${app}/actions/runs/${runId}/job/1`;
    check('scan', 'failure', undefined, { app: 'scanner', detailsUrl });
    check('report', 'failure', undefined, { detailsUrl: `https://github.com/${app}/runs/5` });
    expect(said(await ask('*'))).toMatchObject({ ...blocked, blocking: ['scan', 'report'] });
  });

  it('a job of the same name in another workflow is another check', async () => {
    ended(11);
    stage.run({
      id: 12,
      name: 'Lint',
      path: '.github/workflows/lint.yml',
      status: 'completed',
      conclusion: 'failure',
    });
    check('test', 'success', 11);
    check('test', 'failure', 12);
    expect(said(await ask('test'))).toMatchObject({ ...blocked, blocking: ['test'] });
    expect(said(await ask('test workflow=E2E'))).toMatchObject(ready);
    expect(said(await ask('test workflow=lint.yml'))).toMatchObject(blocked);
  });

  it('a run for a label that skipped the build hides neither its failure nor its success', async () => {
    ended(11, { name: 'pr', path: file });
    check('pr / build', 'failure', 11);
    ended(12, { name: 'pr', path: file });
    check('pr / build', 'skipped', 12);
    check('pr / build', 'skipped', runId);
    const pattern = '* / build workflow=pr';
    expect(said(await ask(pattern))).toMatchObject({ ...blocked, reason: 'check-failed' });
    ended(13, { name: 'pr', path: file });
    check('pr / build', 'success', 13);
    expect(said(await ask(pattern))).toMatchObject(ready);
  });

  describe('./build is the build of this caller in another run of this workflow', () => {
    /** The gate as pr.yml has it, in the run that a label has started. */
    const beside = (caller = 'pr') =>
      ask('./build', {}, { env: { GITHUB_JOB: 'built', RUNNER_NAME: `of ${caller}` } });
    beforeEach(() => {
      const own = stage.github.repository(app).runs.find(({ id }) => id === runId);
      const job = (id: number, caller: string) =>
        ({
          id,
          name: `${caller} / built`,
          status: 'in_progress',
          conclusion: null,
          runner: `of ${caller}`,
        }) as const;
      if (own !== undefined) own.jobs = [job(801, 'pr'), job(802, 'api')];
      check('pr / build', 'skipped', runId);
      check('api / build', 'skipped', runId);
      ended(11, { name: 'pr', path: file });
    });

    it('and of no other caller', async () => {
      check('pr / build', 'failure', 11);
      check('api / build', 'success', 11);
      expect(said(await beside('pr'))).toMatchObject({
        ...blocked,
        reason: 'check-failed',
        blocking: ['pr / build'],
      });
      expect(said(await beside('api'))).toMatchObject(ready);
    });

    it('and of no other workflow file or event, whatever the workflow is called', async () => {
      ended(12, { name: 'pr', path: other });
      check('pr / build', 'success', 12);
      ended(13, { name: 'pr', path: file, event: 'push' });
      check('pr / build', 'success', 13);
      expect(said(await beside())).toMatchObject({
        ...blocked,
        reason: 'check-missing',
        blocking: ['./build'],
      });
    });

    it('and where this job is not found among those of its run nothing is known', async () => {
      check('pr / build', 'success', 11);
      const result = await ask('./build', {}, { env: { GITHUB_JOB: 'ready' } });
      expect(said(result)).toMatchObject({ ...blocked, ok: 'unknown', reason: 'checks-not-read' });
    });
  });

  describe('the success of an older run does not stand in for a newer one', () => {
    beforeEach(() => {
      ended(11);
      check('test', 'success', 11);
      check('lint', 'success', 11);
    });

    it('that skipped the check because another one failed', async () => {
      ended(12, { conclusion: 'failure' });
      check('build', 'failure', 12, { at: 5_000 });
      check('test', 'skipped', 12, { at: 6_000 });
      expect(said(await ask('test'))).toMatchObject({
        ...blocked,
        reason: 'check-skipped',
        blocking: ['test'],
      });
    });

    it.each([
      ['has not come to it', { status: 'in_progress', conclusion: null }, 'check-pending'],
      ['waits for approval', { conclusion: 'action_required' }, 'check-parked'],
      ['has no job at all', { conclusion: 'failure' }, 'check-failed'],
    ] as const)('that %s', async (_, run, reason) => {
      ended(12, run);
      const result = await ask('test');
      expect(said(result)).toMatchObject({ ...blocked, reason, blocking: ['test'] });
      expect(result.outputs.summary).toContain('is of an older run');
    });

    it('but a run for a label does not hide it, though its environment failed', async () => {
      ended(12, { conclusion: 'failure' });
      check('test', 'skipped', 12, { at: 1_000 });
      check('preview', 'failure', 12, { at: 60_000 });
      expect(said(await ask('test'))).toMatchObject(ready);
    });
  });

  it('of the statuses of one context the newest counts, whoever gave it, unless the entry names who', async () => {
    status('ci/x', 'pending', 'alice');
    status('ci/x', 'success', 'bob');
    expect(said(await ask('ci/x'))).toMatchObject(ready);
    expect(said(await ask('ci/x app=alice'))).toMatchObject({ ...blocked, reason: 'check-pending' });
    status('ci/x', 'failure', 'alice');
    expect(said(await ask('ci/x'))).toMatchObject({ ...blocked, reason: 'check-failed' });
    expect(said(await ask('ci/x app=bob'))).toMatchObject(ready);
  });

  it('a pattern with * waits for the end of the runs that it has checks of', async () => {
    ended(11, { status: 'in_progress', conclusion: null });
    check('lint', 'success', 11);
    const result = await ask('* workflow=E2E');
    expect(said(result)).toMatchObject({ ...blocked, ok: 'unknown', reason: 'check-pending' });
    expect(result.outputs.summary).toContain('a run of E2E (pull_request) has not ended');
  });

  it('of a run that was run again the last attempt counts, whatever the first one said', async () => {
    ended(11, { attempt: 2, jobs: [{ id: 900, name: 'e2e', status: 'completed', conclusion: 'success' }] });
    check('e2e', 'failure', 11);
    expect(said(await ask('e2e'))).toMatchObject(ready);
    const again = stage.github.repository(app).runs.find(({ id }) => id === 11);
    if (again !== undefined)
      Object.assign(again, { status: 'in_progress', conclusion: null, attempt: 3, jobs: [] });
    check('e2e', 'success', 11);
    expect(said(await ask('e2e'))).toMatchObject({ ...blocked, ok: 'unknown', reason: 'check-pending' });
  });

  it('a run that waits for approval is said to', async () => {
    stage.run({ id: 11, name: 'E2E', path: other, status: 'completed', conclusion: 'action_required' });
    const result = await ask('e2e');
    expect(said(result)).toEqual({ ...blocked, ok: 'unknown', reason: 'check-parked', blocking: ['e2e'] });
    expect(result.outputs.summary).toContain('a run of E2E waits for approval');
    expect(result.annotations[0]?.message).toContain('has to approve');
  });
});

describe('waiting', () => {
  it('goes on until the check has ended, and pays nothing for what has not changed', async () => {
    ended(11, { status: 'in_progress', conclusion: null });
    check('e2e', null, 11);
    const { checkRuns } = stage.github.repository(app);
    setTimeout(() => {
      const [found] = checkRuns;
      if (found !== undefined) checkRuns[0] = { ...found, status: 'completed', conclusion: 'success' };
    }, 3000);
    const result = await ask('e2e workflow=E2E', { timeout: '1m' });
    expect(said(result)).toMatchObject(ready);
    expect(result.log).toContain('waiting: check e2e (E2E, pull_request) is in progress');
    expect(stage.github.requests.filter((one) => one.status === 304).length).toBeGreaterThanOrEqual(2);
    expect(stage.calls().some((call) => call.includes('statuses'))).toBe(false);
  });

  it('ends with what is known when the run is cancelled', async () => {
    check('e2e', null, undefined);
    const result = await ask('e2e', { timeout: '10m' }, { kill: { signal: 'SIGINT', after: 3000 } });
    expect(said(result)).toEqual({ ...blocked, ok: 'unknown', reason: 'cancelled', blocking: [] });
  });

  it('is not begun where a job blocks', async () => {
    const result = await ask('e2e', { needs: needs({ build: 'failure' }), timeout: '10m' });
    expect(said(result)).toMatchObject({ ...blocked, reason: 'job-failed', blocking: ['build'] });
    expect(stage.calls()).toEqual([]);
  });
});

describe('what could not be read is never taken for nothing', () => {
  it.each([
    ['checks', { actions: 'read', statuses: 'read' }],
    ['actions', { checks: 'read', statuses: 'read' }],
    ['statuses', { checks: 'read', actions: 'read' }],
  ] as const)('without the permission %s: read', async (name, permissions) => {
    ended(11);
    check('e2e', 'success', 11);
    const result = await ask('e2e', { timeout: '10m' }, { permissions });
    expect(said(result)).toEqual({ ...blocked, ok: 'unknown', reason: 'checks-not-read', blocking: [] });
    expect(result.annotations[0]?.message).toContain(`\`${name}: read\``);
  });

  it('while the API is away', async () => {
    const away = { env: { GITHUB_API_URL: 'http://127.0.0.1:9/api/v3' } };
    const result = await ask('e2e', { timeout: '10m' }, away);
    expect(said(result)).toEqual({ ...blocked, ok: 'unknown', reason: 'checks-not-read', blocking: [] });
  });

  it('where the second page fails', async () => {
    ended(11);
    for (let at = 0; at < 120; at += 1) check(`leg (${at})`, 'success', 11);
    stage.github.faults.push({ path: /check-runs.*page=2/, status: 502, times: 99 });
    expect(said(await ask('leg (*)'))).toMatchObject({ ...blocked, reason: 'checks-not-read' });
  });
});

it('the page tells what its first sentence has not told', async () => {
  const pageOf = async (checks: string): Promise<string> => (await ask(checks)).summary;
  expect((await pageOf('d')).split('no check is like').length - 1).toBe(1);
  expect((await pageOf('a\nb\nc\nd')).split('no check is like').length - 1).toBe(3 + 4);
});

it('a word that looks like workflow= and is none is warned of', async () => {
  const result = await ask('e2e worklow=E2E');
  expect(result.annotations.map(({ message }) => message).join()).toContain(
    '`worklow=` is taken as part of the name',
  );
});

it('patterns that are wrong, and a minimum of nothing, are input errors', async () => {
  const result = await stage.gate({ checks: 'workflow=x\ne2e app=' });
  expect(said(result)).toMatchObject({ ...blocked, reason: 'invalid-input' });
  expect(said(await stage.gate({ needs: needs({ a: 'success' }), minimum: '2' }))).toMatchObject({
    ...blocked,
    reason: 'invalid-input',
  });
});
