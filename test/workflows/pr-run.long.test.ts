import path from 'node:path';
import { type GitHubStandIn, startGitHub } from '@sluice/testbed/github/start';
import type { CheckRun } from '@sluice/testbed/github/types';
import { jobEnvironment, runBundle } from '@sluice/testbed/runner';
import { requiredCheck } from '@sluice/testbed/workflows/branch-protection';
import type { Result } from '@sluice/testbed/workflows/result';
import type { ActionStart, StepEnd, WorkflowRun } from '@sluice/testbed/workflows/world';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { asStandIn, root } from './deploy-stage.ts';
import { callers, type Event, events, requiredName, runPull } from './pr-stage.ts';

const app = 'finpay/payments-api';
/** Another build than the committed one: the folder of its bundles. */
const built = process.env.SLUICE_BUNDLES;
/** They run as processes; what needs an image or a cluster is given. */
const processes = ['$/actions/skip-ephemeral', '$/actions/pr-ready'];

let github: GitHubStandIn;
let sha: string;
let labels: string[];
let runs: number;

beforeEach(async () => {
  github = await startGitHub();
  await github.createRepository(app, { 'README.md': '# app\n' });
  sha = await github.commitFiles(app, 'topic', { 'a.txt': 'a\n' });
  [labels, runs] = [[], 100];
  const now = Date.now();
  github.repository(app).pulls.set(12, {
    ...{ number: 12, author: 'alice', head: 'topic', base: 'main', createdAt: now, updatedAt: now },
    ...{ title: 'T', body: null, state: 'open', draft: false, labels, reviewers: [], teamReviewers: [] },
    ...{ headSha: sha, baseSha: await github.head(app) },
  });
});
afterEach(async () => {
  github.expectNoViolations();
  await github.close();
});

function report(runId: number, name: string, conclusion: CheckRun['conclusion']): void {
  const { checkRuns } = github.repository(app);
  const status = conclusion === null ? 'in_progress' : 'completed';
  const id = checkRuns.length + 1;
  checkRuns.push({
    ...{ id, app: 'github-actions', name, headSha: sha, runId, status, conclusion, at: id },
    ...{ title: '', summary: '', text: null },
  });
}

function begin(): number {
  runs += 1;
  github.repository(app).runs.push({
    ...{ id: runs, name: 'pr', path: '.github/workflows/caller.yml', event: 'pull_request', actor: 'alice' },
    ...{ headBranch: 'topic', headSha: sha, createdAt: 0, status: 'in_progress', conclusion: null },
  });
  return runs;
}

/** A run of the documented caller; each job's token may do what the job asks for, and no more. Its checks are on GitHub afterwards. */
async function run(event: Event, ends: Readonly<Record<string, Result>> = {}): Promise<WorkflowRun> {
  const id = begin();
  const made = await runPull(
    { ...event, sha },
    {
      workflow: callers.caller.replace('push-to:', "checks-timeout: '4s'\n      push-to:"),
      world: {
        token: (asked) => github.githubToken(app, asStandIn(asked)),
        job: ({ path: job }) => {
          const result = ends[job.replace('pr/', '')];
          return result === undefined ? undefined : { result, outputs: {} };
        },
        action: (start) => (processes.includes(start.uses) ? bundle(start, event, id) : { passed: true }),
      },
    },
  );
  if (made === undefined) throw new Error('Nothing was started');
  for (const { name, conclusion } of made.checks) report(id, name, conclusion);
  return made;
}

async function bundle({ uses, inputs, token }: ActionStart, event: Event, id: number): Promise<StepEnd> {
  const name = path.basename(uses);
  const pull_request = event.pull && { number: event.pull.number, head: { sha, ref: 'topic' } };
  const { exitCode, outputs } = await runBundle({
    action: path.join(root, 'actions', name),
    ...(built === undefined ? {} : { bundle: path.join(built, `${name}.js`) }),
    inputs,
    token,
    event: { action: event.action, ...(pull_request && { pull_request }), merge_group: { head_sha: sha } },
    env: jobEnvironment(github, app, {
      ...{ GITHUB_EVENT_NAME: event.name, GITHUB_RUN_ID: `${id}`, GITHUB_SHA: sha, GITHUB_WORKFLOW: 'pr' },
    }),
  });
  return { passed: exitCode === 0, outputs };
}

/** What branch protection says of the commit now. */
function state() {
  const checks = github.repository(app).checkRuns.map(({ name, conclusion, id }) => ({
    ...{ name, conclusion: conclusion ?? undefined, startedAt: id },
  }));
  return requiredCheck(requiredName, { checks });
}

const ran = ({ jobs }: WorkflowRun) =>
  Object.entries(jobs).flatMap(([job, { result }]) => (result === 'skipped' ? [] : [job.replace('pr/', '')]));

describe('pr.yml with the bundles of skip-ephemeral and pr-ready', { timeout: 60_000 }, () => {
  test('opened: everything runs, and it is green', async () => {
    expect(ran(await run(events.opened))).toEqual(
      expect.arrayContaining(['labels', 'build', 'preview', 'ready']),
    );
    expect(state()).toBe('passed');
  });

  test('a label that was set after the event is heeded, in whatever case', async () => {
    labels.push('Skip-Ephemeral');
    const made = await run(events.opened);
    expect(ran(made)).not.toContain('preview');
    expect(made.jobs.pr?.outputs).toMatchObject({ skip: 'true' });
    expect(state()).toBe('passed');
  });

  test('a red build stays red, however many labels come', async () => {
    await run(events.opened, { build: 'failure' });
    labels.push('skip-ephemeral');
    for (const event of [events.labeled, events.unlabeled]) {
      expect((await run(event)).jobs['pr/built']?.result).toBe('failure');
      expect(state()).toBe('failed');
    }
  });

  test('a build that succeeded is not built again, and two labels later it is still known', async () => {
    await run(events.opened, { preview: 'failure' });
    expect(state()).toBe('failed');
    labels.push('skip-ephemeral');
    for (const event of [events.labeled, events.labeled]) {
      const made = await run(event);
      expect(ran(made)).not.toContain('build');
      expect(made.jobs['pr/built']?.outputs.image).toBe(`ghcr.io/finpay/payments-api:pr-12-${sha}`);
      expect(state()).toBe('passed');
    }
  });

  test('a build that runs is waited for', async () => {
    const id = begin();
    report(id, 'pr / build', null);
    const finish = setTimeout(() => {
      const { checkRuns } = github.repository(app);
      const at = checkRuns.findIndex(({ runId }) => runId === id);
      const [found] = checkRuns.splice(at, 1);
      if (found !== undefined)
        checkRuns.splice(at, 0, { ...found, status: 'completed', conclusion: 'success' });
    }, 500);
    expect((await run(events.labeled)).jobs['pr/built']?.result).toBe('success');
    clearTimeout(finish);
    expect(state()).toBe('passed');
  });

  test('a build that failed and was run again is judged by its last attempt', async () => {
    await run(events.opened, { build: 'failure' });
    const first = github.repository(app).runs.at(-1);
    if (first === undefined) throw new Error('There was no run');
    first.attempt = 2;
    first.jobs = [{ id: 900, name: 'pr / build', status: 'completed', conclusion: 'success' }];
    expect((await run(events.labeled)).jobs['pr/built']?.result).toBe('success');
  });

  test('from a fork a token that only reads is enough, before and after a label', async () => {
    expect(ran(await run(events['opened from a fork']))).toEqual(
      expect.arrayContaining(['labels', 'build', 'ready']),
    );
    expect(state()).toBe('passed');
    labels.push('skip-ephemeral');
    expect(ran(await run(events['labeled from a fork'])).toSorted()).toEqual([
      'built',
      'labels',
      'pr',
      'ready',
    ]);
    expect(state()).toBe('passed');
  });

  test('a build that nobody began is never green, nor one of another workflow', async () => {
    const id = begin();
    const { runs: all } = github.repository(app);
    const last = all.pop();
    if (last !== undefined) all.push({ ...last, name: 'ci', path: '.github/workflows/ci.yml' });
    report(id, 'ci / build', 'success');
    await run(events.labeled);
    expect(state()).toBe('failed');
  });

  test('where GitHub does not answer, an environment is deployed, and a label’s run is not green', async () => {
    await run(events.opened);
    github.faults.push({ method: 'GET', path: /check-runs/, status: 403, times: 100 });
    expect((await run(events.labeled)).jobs['pr/built']?.result).toBe('failure');
    expect(state()).toBe('failed');
  });

  test('a merge group is built, without an environment and without a call', async () => {
    const before = github.requests.length;
    const made = await run(events['merge group']);
    expect(ran(made).toSorted()).toEqual(['build', 'labels', 'pr', 'ready']);
    expect(github.requests.length).toBe(before);
    expect(state()).toBe('passed');
  });
});
