import path from 'node:path';
import { type GitHubOptions, type GitHubStandIn, startGitHub } from '@sluice/testbed/github/start';
import type { Deployment, DeploymentState, WorkflowRun } from '@sluice/testbed/github/types';
import { jobEnvironment, type RunOptions, type RunResult, runBundle } from '@sluice/testbed/runner';

/** Another build than the committed one: the folder of its bundles. */
const built = process.env.SLUICE_BUNDLES;
/** What is run. */
export const supersedeBundle = {
  action: path.resolve(import.meta.dirname, '../../actions/cancel-superseded'),
  ...(built === undefined ? {} : { bundle: path.join(built, 'cancel-superseded.js') }),
} as const;
export const repository = 'acme/app';
/** A second of which all runs are. */
const second = Date.parse('2026-11-20T10:00:00Z');

type Inputs = Readonly<Record<string, string>>;
interface Given extends Partial<Deployment> {
  readonly tenant?: string;
  readonly environment?: string;
  readonly partial?: boolean;
  /** Where its change is made. */
  readonly gitops?: string;
  readonly images?: readonly unknown[];
}

export interface Stage extends AsyncDisposable {
  readonly github: GitHubStandIn;
  /** A run of `deploy.yml`, which runs, unless told otherwise. */
  run(id: number, given?: Partial<WorkflowRun>): WorkflowRun;
  /** The Deployment of a run, with these states; `inactive 9` is the word of run 9. */
  deployment(run: number, states?: readonly string[], given?: Given): Deployment;
  /** Cancels as a step of the run `own`. */
  cancel(own: number, inputs?: Inputs, more?: Partial<RunOptions>): Promise<RunResult>;
  /** How many requests read, and how many of each write there were. */
  calls(): { readonly reads: number; readonly writes: Readonly<Record<string, number>> };
  /** The state and conclusion of each run, by id. */
  ends(): Readonly<Record<string, string>>;
  states(run: number): readonly string[];
}

export const key: Inputs = { project: 'shop', environment: 'qa' };

export async function startStage(options: GitHubOptions = {}): Promise<Stage> {
  const github = await startGitHub(options);
  const sha = await github.createRepository(repository, { 'README.md': 'App\n' });
  const state = github.repository(repository);
  const deploymentsOf = (run: number): readonly Deployment[] =>
    [...state.deployments.values()].filter(({ payload }) => Object(payload).run?.id === run);
  let last = 100_000;
  return {
    github,
    run(id, given = {}) {
      const run: WorkflowRun = {
        ...{ id, name: 'Deploy', path: '.github/workflows/ship.yml', event: 'push', headBranch: 'main' },
        ...{ headSha: id.toString(16).padStart(40, '0'), actor: 'alice', createdAt: second },
        ...{ status: 'in_progress', conclusion: null },
        ...given,
      };
      state.runs.push(run);
      return run;
    },
    deployment(run, states = ['queued'], given = {}) {
      const {
        tenant = null,
        environment = 'qa',
        partial = false,
        gitops = 'acme/gitops',
        images,
        ...more
      } = given;
      const [owner, name] = [...repository.split('/')];
      last += 1;
      const payload = {
        ...{ schema: 'sluice.deployment.v1', project: 'shop', environment, tenant, partial },
        ...{ images, change: { repository: `${github.url}/${gitops}`, branch: 'main', files: [] } },
        run: { id: run, attempt: 1, workflow: 'Deploy', repository: `${owner}/${name}` },
      };
      const made: Deployment = {
        ...{ id: last, sha, ref: sha, task: 'deploy:shop', environment, payload, description: null },
        ...{ transient: false, production: false, creator: 'github-actions[bot]' },
        ...{ createdAt: second, updatedAt: second, statuses: [] },
        ...more,
      };
      for (const one of states) {
        last += 1;
        const [word = '', by] = one.split(' ');
        const description = by === undefined ? '' : `Superseded by run ${by}: a newer deployment.`;
        const links = { environment, environmentUrl: '', logUrl: '', creator: 'github-actions[bot]' };
        made.statuses.push({ id: last, state: stateOf(word), description, ...links, createdAt: second });
      }
      state.deployments.set(made.id, made);
      return made;
    },
    cancel: (own, inputs = key, more = {}) =>
      runBundle({
        ...{ ...supersedeBundle, inputs },
        token: github.githubToken(repository),
        ...more,
        env: { ...jobEnvironment(github, repository, { GITHUB_RUN_ID: String(own) }), ...more.env },
      }),
    calls() {
      const isRead = ({ method, path: at }: { method: string; path: string }): boolean =>
        method === 'GET' || at === '/api/graphql';
      const writes: Record<string, number> = {};
      for (const one of github.requests.filter((request) => !isRead(request))) {
        const kind = `${one.method} ${one.path.replace(/^.*\/(?=[a-z])|\?.*/g, '').replace(/\/\d+$/, '')}`;
        writes[kind] = (writes[kind] ?? 0) + 1;
      }
      return { reads: github.requests.filter(isRead).length, writes };
    },
    ends: () => Object.fromEntries(state.runs.map((run) => [run.id, run.conclusion ?? run.status])),
    states: (run) => deploymentsOf(run).flatMap(({ statuses }) => statuses.map((one) => one.state)),
    async [Symbol.asyncDispose]() {
      await github.close();
    },
  };
}

const words: readonly DeploymentState[] = [
  ...(['queued', 'in_progress', 'pending', 'success', 'failure', 'error', 'inactive'] as const),
];
function stateOf(word: string): DeploymentState {
  const found = words.find((one) => one === word);
  if (found === undefined) throw new Error(`${word} is no state of a Deployment`);
  return found;
}

/** The outputs that a table can hold. */
export const said = ({ exitCode, outputs }: RunResult) => ({
  exitCode,
  ...Object.fromEntries(['verdict', 'ok', 'reason'].map((name) => [name, outputs[name]])),
  cancelled: list(outputs.cancelled),
  kept: list(outputs.kept),
  by: outputs['superseded-by'],
});

function list(text = ''): readonly string[] {
  const entries: unknown = JSON.parse(text);
  return Array.isArray(entries) ? entries.map(({ id, reason }) => `${id} ${reason}`) : [];
}

export const done = { exitCode: 0, verdict: 'cancelled', ok: 'true', reason: 'superseded' };
export const nothing = {
  exitCode: 0,
  verdict: 'nothing',
  ok: 'true',
  reason: 'nothing-superseded',
  cancelled: [],
};
