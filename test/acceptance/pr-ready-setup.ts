import path from 'node:path';
import { type GitHubStandIn, startGitHub } from '@sluice/testbed/github/start';
import type { Permissions, RunJob, WorkflowRun } from '@sluice/testbed/github/types';
import { jobEnvironment, type RunOptions, type RunResult, runBundle } from '@sluice/testbed/runner';

export const app = 'acme/app';
export const file = '.github/workflows/pr.yml';
/** Of the run in which the gate is. */
export const runId = 9_000_000_001;

const action = path.resolve(import.meta.dirname, '../../actions/pr-ready');
const built = process.env.SLUICE_BUNDLES;

/** The JSON of `needs`, from results by the names of jobs. */
export const needs = (results: Readonly<Record<string, string>>): string =>
  JSON.stringify(
    Object.fromEntries(Object.entries(results).map(([name, result]) => [name, { result, outputs: {} }])),
  );

const reading: Permissions = { contents: 'read', actions: 'read', checks: 'read', statuses: 'read' };

/** What of a run's end the tests compare. */
export const said = ({ exitCode, outputs }: RunResult) => ({
  exitCode,
  ...Object.fromEntries(
    ['verdict', 'ok', 'reason', 'success', 'failure'].map((name) => [name, outputs[name]]),
  ),
  blocking: JSON.parse(outputs['blocking-jobs'] ?? ''),
});

export const ready = {
  exitCode: 0,
  verdict: 'ready',
  ok: 'true',
  success: 'true',
  failure: 'false',
  blocking: [],
};
export const blocked = { exitCode: 1, verdict: 'blocked', success: 'false', failure: 'true' };

export interface Stage {
  readonly github: GitHubStandIn;
  /** The commit that has the workflow file. */
  readonly sha: string;
  /** A run of a workflow for that commit. */
  run(run: Partial<WorkflowRun> & { readonly id: number; readonly jobs?: readonly RunJob[] }): void;
  gate(
    inputs: Readonly<Record<string, string>>,
    more?: Partial<RunOptions> & { readonly permissions?: Permissions },
  ): Promise<RunResult>;
  /** Requests since the start, as `GET /repos/…`, without queries. */
  calls(): readonly string[];
}

/** A repository with a workflow file, and a gate that runs in it. */
export async function openStage(workflow: string): Promise<Stage> {
  const github = await startGitHub();
  const sha = await github.createRepository(app, { [file]: workflow });
  return {
    github,
    sha,
    run: ({ id, ...run }) =>
      void github.repository(app).runs.push({
        ...{ id, name: 'pr', path: file, event: 'pull_request', headBranch: 'topic', headSha: sha },
        ...{ actor: 'alice', createdAt: 0, status: 'in_progress', conclusion: null, ...run },
      }),
    gate: (inputs, { permissions = reading, env, ...more } = {}) =>
      runBundle({
        action,
        ...(built === undefined ? {} : { bundle: path.join(built, 'pr-ready.js') }),
        inputs,
        token: github.githubToken(app, permissions),
        env: jobEnvironment(github, app, {
          GITHUB_EVENT_NAME: 'pull_request',
          GITHUB_JOB: 'ready',
          GITHUB_RUN_ID: String(runId),
          GITHUB_WORKFLOW_REF: `${app}/${file}@refs/pull/7/merge`,
          GITHUB_WORKFLOW_SHA: sha,
          ...env,
        }),
        ...more,
      }),
    calls: () => github.requests.map(({ method, path: asked }) => `${method} ${asked.replace(/\?.*/, '')}`),
  };
}
