import type { GitHub } from '@sluice/core/github';
import type { Change } from '@sluice/gitops/change';
import { type DeploymentState, describe } from './deployment-state.ts';

/** Whose copy of what runs where: two deployments of the same key follow each other. */
export interface DeploymentKey {
  readonly project: string;
  readonly environment: string;
  readonly tenant?: string;
}

export interface DeploymentRun {
  readonly id: number;
  readonly attempt: number;
  readonly workflow: string;
  readonly repository: string;
}

/** What a GitHub Deployment of ours carries, so that others can find it by key and see what it meant to do. */
export interface DeploymentPayload {
  readonly schema: 'sluice.deployment.v1';
  readonly project: string;
  readonly environment: string;
  readonly tenant: string | null;
  readonly release: string | null;
  readonly images: readonly { readonly image: string; readonly digest: string | null }[];
  readonly sbom: { readonly url: string; readonly digest: string } | null;
  readonly plan: string;
  readonly change: Change | { readonly digest: string };
  readonly run: DeploymentRun;
  readonly partial: boolean;
}

/** The repository that holds the Deployments: the one whose workflow runs. */
export interface DeploymentHome {
  readonly github: GitHub;
  readonly owner: string;
  readonly repo: string;
  /** The page of the run. */
  readonly logUrl: string;
}

const task = (project: string): string => `deploy:${project}`;

/**
 * Creates the Deployment of a plan, `queued`. Gives back its id.
 *
 * `auto_merge` and `required_contexts` are sent always: by default GitHub would merge the default branch into `ref` and refuse
 * a commit with a check that is not green (https://docs.github.com/rest/deployments/deployments#create-a-deployment).
 */
export async function queueDeployment(
  home: DeploymentHome,
  input: {
    readonly key: DeploymentKey;
    readonly sha: string;
    readonly payload: DeploymentPayload;
    readonly summary: string;
  },
): Promise<number> {
  const { github, owner, repo } = home;
  const { data } = await github.request('POST /repos/{owner}/{repo}/deployments', {
    owner,
    repo,
    ref: input.sha,
    task: task(input.key.project),
    environment: input.key.environment,
    description: describe(input.summary),
    payload: { ...input.payload },
    auto_merge: false,
    required_contexts: [],
    production_environment: input.key.environment === 'production',
  });
  // 202: GitHub merged the default branch instead; auto_merge: false forbids it.
  if (!('id' in data)) throw new Error(`GitHub created no Deployment: ${data.message ?? 'no message'}`);
  const id = Number(data.id);
  await reportDeployment(home, id, 'queued', input.summary);
  return id;
}

/**
 * Adds a status. Never lets GitHub retire others (`auto_inactive: false`): it goes by the environment's name alone, whatever the project.
 */
export async function reportDeployment(
  home: DeploymentHome,
  id: number,
  state: DeploymentState,
  summary: string,
): Promise<void> {
  await home.github.request('POST /repos/{owner}/{repo}/deployments/{deployment_id}/statuses', {
    owner: home.owner,
    repo: home.repo,
    deployment_id: id,
    state,
    description: describe(summary),
    log_url: home.logUrl,
    auto_inactive: false,
  });
}

function sameKey(payload: unknown, key: DeploymentKey): boolean {
  const value: unknown = typeof payload === 'string' ? parsed(payload) : payload;
  if (typeof value !== 'object' || value === null) return false;
  const tenant: unknown = Reflect.get(value, 'tenant');
  return (
    Reflect.get(value, 'schema') === 'sluice.deployment.v1' &&
    Reflect.get(value, 'project') === key.project &&
    Reflect.get(value, 'environment') === key.environment &&
    (tenant ?? undefined) === key.tenant
  );
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/**
 * Sets our predecessors of the same key `inactive`: those before `id` whose last status is `success`. Walks back from the newest and
 * stops at the first that is inactive already, so a long history costs no more than a short one. Gives back the ids.
 */
export async function retirePredecessors(
  home: DeploymentHome,
  key: DeploymentKey,
  id: number,
): Promise<number[]> {
  const { github, owner, repo } = home;
  const { data } = await github.request('GET /repos/{owner}/{repo}/deployments', {
    owner,
    repo,
    task: task(key.project),
    environment: key.environment,
    per_page: 100,
  });
  const retired: number[] = [];
  const older = data
    .filter((d) => sameKey(d.payload, key))
    .map((d) => Number(d.id))
    .filter((one) => one < id)
    .sort((a, b) => b - a);
  for (const one of older) {
    const state = await lastState(home, one);
    if (state === 'inactive') break;
    if (state !== 'success') continue;
    await reportDeployment(home, one, 'inactive', `Replaced by deployment ${id}`);
    retired.push(one);
  }
  return retired;
}

async function lastState(home: DeploymentHome, id: number): Promise<string | undefined> {
  const { data } = await home.github.request(
    'GET /repos/{owner}/{repo}/deployments/{deployment_id}/statuses',
    {
      owner: home.owner,
      repo: home.repo,
      deployment_id: id,
      per_page: 1,
    },
  );
  return data[0]?.state;
}
