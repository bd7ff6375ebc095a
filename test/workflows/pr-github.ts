import path from 'node:path';
import { type GitHubStandIn, startGitHub } from '@sluice/testbed/github/start';
import type { CheckRun } from '@sluice/testbed/github/types';
import { jobEnvironment, runBundle } from '@sluice/testbed/runner';
import { type CheckState, requiredCheck } from '@sluice/testbed/workflows/branch-protection';
import type { Result } from '@sluice/testbed/workflows/result';
import type { ActionStart, StepEnd, WorkflowRun } from '@sluice/testbed/workflows/world';
import { asStandIn, root } from './deploy-stage.ts';
import { callers, type Event, requiredName, runPull } from './pr-stage.ts';

export const app = 'finpay/payments-api';
/** Another build than the committed one: the folder of its bundles. */
const built = process.env.SLUICE_BUNDLES;
/** They run as processes; what needs an image or a cluster is given. */
const processes = ['$/actions/skip-ephemeral', '$/actions/pr-ready'];

/** How a job ends in place of its steps, now or later. */
export type Ends = Readonly<Record<string, Result | Promise<Result>>>;

export interface RunOf {
  /** By the ids of the jobs, those of the calling job `pr` without it. */
  readonly ends?: Ends;
  /** The calling workflow; that of the documentation by default. */
  readonly text?: string;
  /** Where it stands. */
  readonly file?: string;
  readonly checksTimeout?: string;
}

/** GitHub with one pull request, number 12, and the runs of its head commit, which may go on beside each other. */
export interface PullGitHub {
  readonly github: GitHubStandIn;
  readonly sha: string;
  readonly labels: string[];
  /** A run that GitHub knows of, and its id. */
  begin(event?: string, file?: string): number;
  /** Puts a check of a run on the commit, or changes the one that is there. */
  report(run: number, name: string, conclusion: CheckRun['conclusion']): void;
  finish(run: number, conclusion: 'success' | 'failure' | 'cancelled'): void;
  /** Runs a caller; each job's token may do what the job asks for, and no more. Its checks are on GitHub while it runs. */
  run(event: Event, of?: RunOf): Promise<WorkflowRun>;
  /** What branch protection says of the commit now. */
  state(name?: string): CheckState;
}

export async function openPullGitHub(): Promise<PullGitHub> {
  const github = await startGitHub();
  await github.createRepository(app, { 'README.md': '# app\n' });
  const sha = await github.commitFiles(app, 'topic', { 'a.txt': 'a\n' });
  const labels: string[] = [];
  const now = Date.now();
  github.repository(app).pulls.set(12, {
    ...{ number: 12, author: 'alice', head: 'topic', base: 'main', createdAt: now, updatedAt: now },
    ...{ title: 'T', body: null, state: 'open', draft: false, labels, reviewers: [], teamReviewers: [] },
    ...{ headSha: sha, baseSha: await github.head(app) },
  });
  const { checkRuns, runs } = github.repository(app);
  const runOf = (id: number) => runs.find((one) => one.id === id);
  let minute = 0;
  const stage: PullGitHub = {
    ...{ github, sha, labels },
    begin(event = 'pull_request', file = 'caller.yml') {
      const id = 101 + runs.length;
      runs.push({
        ...{ id, name: 'pr', path: `.github/workflows/${file}`, event, actor: 'alice' },
        ...{ headBranch: 'topic', headSha: sha, createdAt: 0, status: 'in_progress', conclusion: null },
      });
      return id;
    },
    report(runId, name, conclusion) {
      // One job ends a minute after the other: jobs of a second tell no order.
      minute += 1;
      const status = conclusion === null ? 'in_progress' : 'completed';
      const at = checkRuns.findIndex((one) => one.runId === runId && one.name === name);
      const id = checkRuns[at]?.id ?? checkRuns.length + 1;
      checkRuns.splice(at < 0 ? checkRuns.length : at, 1, {
        ...{ id, app: 'github-actions', name, headSha: sha, runId, status, conclusion, at: minute * 60_000 },
        ...{ title: '', summary: '', text: null },
      });
      const run = runOf(runId);
      if (run !== undefined) run.jobs = [...(run.jobs ?? []).filter((job) => job.name !== name), jobOf()];
      function jobOf() {
        const ended = conclusion === 'failure' || conclusion === 'cancelled' || conclusion === 'skipped';
        const end = conclusion === null ? null : ended ? conclusion : 'success';
        return { id, name, status, conclusion: end, runner: `${runId}, ${name}` } as const;
      }
    },
    finish(id, conclusion) {
      const run = runOf(id);
      if (run === undefined) throw new Error(`There is no run ${id}`);
      run.status = 'completed';
      run.conclusion = conclusion;
    },
    async run(event, { ends = {}, text = callers.caller, file = 'caller.yml', checksTimeout = '4s' } = {}) {
      const id = stage.begin(event.name, file);
      const workflow = text.replaceAll('push-to:', `checks-timeout: '${checksTimeout}'\n      push-to:`);
      const made = await runPull(
        { ...event, sha },
        {
          workflow,
          world: {
            token: (asked) => github.githubToken(app, asStandIn(asked)),
            async job({ path: job, name }) {
              stage.report(id, name, null);
              const result = await ends[job.replace('pr/', '')];
              return result === undefined ? undefined : { result, outputs: {} };
            },
            action: (start) =>
              processes.includes(start.uses) ? bundle(stage, start, event, { id, file }) : { passed: true },
            report: ({ name, conclusion }) => stage.report(id, name, conclusion),
          },
        },
      );
      if (made === undefined) throw new Error('Nothing was started');
      stage.finish(id, made.result === 'skipped' ? 'success' : made.result);
      return made;
    },
    state: (name = requiredName) =>
      requiredCheck(name, {
        checks: checkRuns.map((check) => ({
          ...{ name: check.name, conclusion: check.conclusion ?? undefined, startedAt: check.id },
        })),
      }),
  };
  return stage;
}

async function bundle(
  { github, sha }: PullGitHub,
  { uses, inputs, token, jobPath }: ActionStart,
  event: Event,
  { id, file }: { readonly id: number; readonly file: string },
): Promise<StepEnd> {
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
      GITHUB_WORKFLOW_REF: `${app}/.github/workflows/${file}@refs/pull/12/merge`,
      GITHUB_WORKFLOW_SHA: sha,
      GITHUB_JOB: path.basename(jobPath),
      RUNNER_NAME: `${id}, ${jobPath.replaceAll('/', ' / ')}`,
    }),
  });
  return { passed: exitCode === 0, outputs };
}
