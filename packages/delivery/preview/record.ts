import { SluiceError } from '@sluice/core/errors';
import type { World } from '@sluice/core/run';
import { formatReference } from '@sluice/gitops/reference';
import { type DeploymentHome, type DeploymentKey, isOfKey, reportDeployment } from '../deployment.ts';
import type { DeploymentPayload } from '../deployment-payload.ts';
import { type DeploymentState, describe } from '../deployment-state.ts';
import { lastState } from '../predecessors.ts';
import type { PreviewInputs } from './inputs.ts';
import { nameOf } from './mark.ts';
import { pullGitHub } from './open.ts';

/** One environment for all pull requests: GITHUB_TOKEN cannot delete one (403), so each would leave its own behind. */
export const ENVIRONMENT = 'preview';

const taskOf = (number: number): string => `preview:${nameOf(number)}`;

const keyOf = (project: string, number: number): DeploymentKey => ({
  ...{ project, environment: ENVIRONMENT, tenant: nameOf(number) },
});

/** Of 100 Deployments; more of one pull request nobody makes. */
const MOST_PAGES = 3;
/** One request each: a job's token has 1,000 an hour for the whole repository. */
const MOST_LOOKS = 30;

export function deploymentHome(
  inputs: PreviewInputs,
  world: World,
  url: string,
  signal = world.signal,
): DeploymentHome {
  const { serverUrl, repository, runId } = world.context;
  const [owner = '', repo = ''] = repository.split('/');
  return {
    ...{ github: pullGitHub(inputs, world, signal), owner, repo, hide: world.hide, environmentUrl: url },
    logUrl: `${serverUrl}/${repository}/actions/runs/${runId}`,
  };
}

export interface NewDeployment {
  readonly inputs: PreviewInputs;
  readonly number: number;
  /** The head of the pull request. */
  readonly commit: string;
  /** `sha256:…` of the files. */
  readonly digest: string;
}

/** Creates the Deployment of a pull request's environment, `in_progress`: transient, so that GitHub shows that it goes away. */
export async function createDeployment(
  home: DeploymentHome,
  { inputs, number, commit, digest }: NewDeployment,
  { context }: World,
  created: (id: number) => void,
): Promise<number> {
  const { project, image } = inputs;
  const key = keyOf(project, number);
  const payload: DeploymentPayload = {
    ...{
      schema: 'sluice.deployment.v1',
      project,
      environment: ENVIRONMENT,
      tenant: nameOf(number),
      release: null,
    },
    images: image === undefined ? [] : [{ image: formatReference(image), digest: image.digest ?? null }],
    ...{ sbom: null, plan: digest, wait: null, change: { digest, imagesOnly: false, parts: [] } },
    run: {
      ...{ id: Number(context.runId), attempt: context.runAttempt },
      ...{ workflow: context.workflow, repository: context.repository },
    },
    partial: false,
  };
  const { data } = await home.github.request('POST /repos/{owner}/{repo}/deployments', {
    ...{ owner: home.owner, repo: home.repo, ref: commit, task: taskOf(number), environment: ENVIRONMENT },
    ...{ description: describe(`${key.project} for #${number}`), payload: { ...payload } },
    ...{
      auto_merge: false,
      required_contexts: [],
      transient_environment: true,
      production_environment: false,
    },
  });
  if (!('id' in data))
    throw new SluiceError('platform', 'unexpected-answer', 'GitHub created no Deployment.');
  const id = Number(data.id);
  created(id);
  await reportDeployment(home, id, 'in_progress', `Making the environment of #${number}`);
  return id;
}

const OVER: ReadonlySet<string | undefined> = new Set<DeploymentState>(['inactive', 'failure', 'error']);

/** Sets the Deployments of a pull request's environment `inactive`: all, or those before `id`. What has failed says so on. */
export async function retireDeployments(
  home: DeploymentHome,
  project: string,
  number: number,
  sentence: string,
  before = Number.POSITIVE_INFINITY,
): Promise<void> {
  const found = (await deploymentsOf(home, project, number)).filter((id) => id < before);
  for (const id of found.slice(0, MOST_LOOKS))
    if (!OVER.has(await lastState(home, id))) await reportDeployment(home, id, 'inactive', sentence);
}

/** The newest Deployment of a pull request's environment, and the state that it was given last. */
export async function lastDeployment(
  home: DeploymentHome,
  project: string,
  number: number,
): Promise<{ readonly id: number; readonly state: string | undefined } | undefined> {
  const [id] = await deploymentsOf(home, project, number);
  return id === undefined ? undefined : { id, state: await lastState(home, id) };
}

/** Newest first. */
async function deploymentsOf(
  home: DeploymentHome,
  project: string,
  number: number,
): Promise<readonly number[]> {
  const { github, owner, repo } = home;
  const about = { owner, repo, task: taskOf(number), environment: ENVIRONMENT, per_page: 100 };
  const found: number[] = [];
  for (let page = 1; page <= MOST_PAGES; page++) {
    const { data } = await github.request('GET /repos/{owner}/{repo}/deployments', { ...about, page });
    const ours = data.filter(({ payload }) => isOfKey(payload, keyOf(project, number)));
    found.push(...ours.map(({ id }) => Number(id)));
    if (data.length < about.per_page) break;
  }
  return found.toSorted((a, b) => b - a);
}
