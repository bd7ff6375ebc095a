import { systemClock } from '@sluice/core/clock';
import { readContext } from '@sluice/core/context';
import { parseInputs } from '@sluice/core/contract';
import { systemExec } from '@sluice/core/exec';
import { createGitHub } from '@sluice/core/github';
import { silentLog } from '@sluice/core/log';
import { createMasker } from '@sluice/core/mask';
import type { Fact, World } from '@sluice/core/run';
import type { Plan } from '@sluice/gitops/bump/bump-plan';
import { type GitHubStandIn, startGitHub } from '@sluice/testbed/github/start';
import type { Deployment } from '@sluice/testbed/github/types';
import { deployProblems } from './check-inputs.ts';
import { type DeploymentHome, type DeploymentKey, taskOf } from './deployment.ts';
import { deploymentPayload } from './deployment-payload.ts';
import type { DeploymentState } from './deployment-state.ts';
import { type DeployInputs, deployInputs } from './inputs.ts';

export const repository = 'acme/app';
export const key: DeploymentKey = { project: 'shop', environment: 'qa' };

export const plan: Plan = {
  change: {
    schema: 'sluice.change.v1',
    repository: 'https://github.example/acme/gitops',
    branch: 'main',
    commit: 'c'.repeat(40),
    base: 'c'.repeat(40),
    ...key,
    run: 'acme/app/42/3',
    files: [],
  },
  digest: `sha256:${'d'.repeat(64)}`,
  decision: { type: 'write' },
  files: [],
  executable: new Set(),
  images: [],
  missing: [],
  problems: [],
  skipped: [],
  warnings: [],
  sources: [],
};

/** What the run's masker hides. */
export const secretOfRun = 's3cr3t-header-value';

/** GitHub's stand-in with the repository of a workflow, and what of the world a Deployment of it needs. */
export interface Stage extends AsyncDisposable {
  readonly github: GitHubStandIn;
  readonly sha: string;
  readonly home: DeploymentHome;
  /** What the log has warned of. */
  readonly warnings: readonly string[];
  /** What a run has said of itself before its outcome. */
  readonly learned: readonly Fact[];
  world(signal?: AbortSignal): World;
  /** As a step's inputs; the token may write Deployments. */
  inputs(more?: Readonly<{ [name: string]: string }>): DeployInputs;
  /** A Deployment of ours, with these statuses after `queued`. */
  deployment(of?: Partial<DeploymentKey>, ...states: readonly DeploymentState[]): number;
  /** The Deployment as GitHub holds it; one that is not there fails the test. */
  deploymentOf(id: number): Deployment;
  /** The states of a Deployment, oldest first. */
  states(id: number): readonly string[];
}

export async function startStage(): Promise<Stage> {
  const github = await startGitHub();
  const sha = await github.createRepository(repository, { 'README.md': '# app\n' });
  const token = github.githubToken(repository, { deployments: 'write' });
  const warnings: string[] = [];
  const learned: Fact[] = [];
  const { add, hide } = createMasker();
  add(secretOfRun);
  const env = {
    PATH: process.env.PATH,
    GITHUB_SERVER_URL: github.url,
    GITHUB_API_URL: github.apiUrl,
    GITHUB_GRAPHQL_URL: github.graphqlUrl,
    GITHUB_REPOSITORY: repository,
    GITHUB_RUN_ID: '42',
    GITHUB_RUN_ATTEMPT: '3',
    GITHUB_WORKFLOW: 'deploy',
    GITHUB_SHA: sha,
  };
  const context = readContext(env);
  const log = { ...silentLog, warning: (message: string) => void warnings.push(message) };
  const ports = { log, clock: systemClock, fetch: globalThis.fetch };
  const credential = { type: 'token', token } as const;
  const home: DeploymentHome = {
    github: createGitHub({ ...context, ...ports, credential }),
    owner: 'acme',
    repo: 'app',
    logUrl: 'https://github.example/acme/app/actions/runs/42',
    environmentUrl: '',
    hide,
  };
  let lastId = 0;
  const found = (id: number) => github.repository(repository).deployments.get(id);
  return {
    ...{ github, sha, home, warnings, learned },
    world: (signal = new AbortController().signal) => ({
      ...{ context, env, ...ports, exec: systemExec, signal },
      learn: (fact) => void learned.push(fact),
      hide,
    }),
    inputs(more = {}) {
      const given = {
        ...{ token, 'deployment-token': token, images: 'registry.example/shop:2', verify: 'committed' },
        ...{ project: key.project, environment: key.environment, ...more },
      };
      const variables = Object.entries(given).map(([name, value]) => [`INPUT_${name.toUpperCase()}`, value]);
      return parseInputs(deployInputs, Object.fromEntries(variables), deployProblems);
    },
    deployment(of = {}, ...states) {
      const whose = { ...key, ...of };
      const { environment } = whose;
      const about = { environment, creator: 'github-actions[bot]', createdAt: 0 };
      const deployment: Deployment = {
        ...about,
        ...{ id: ++lastId, sha, ref: sha, task: taskOf(whose), description: null, updatedAt: 0 },
        ...{
          payload: deploymentPayload([], whose, [{ plan }], context),
          transient: false,
          production: false,
        },
        statuses: ['queued' as const, ...states].map((state) => {
          return { ...about, id: ++lastId, state, description: '', environmentUrl: '', logUrl: '' };
        }),
      };
      github.repository(repository).deployments.set(deployment.id, deployment);
      return deployment.id;
    },
    deploymentOf(id) {
      const deployment = found(id);
      if (deployment === undefined) throw new Error(`there is no Deployment ${id}`);
      return deployment;
    },
    states: (id) => found(id)?.statuses.map(({ state }) => state) ?? [],
    async [Symbol.asyncDispose]() {
      await github.close();
    },
  };
}
