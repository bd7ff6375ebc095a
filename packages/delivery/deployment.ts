import { SluiceError } from '@sluice/core/errors';
import type { GitHub } from '@sluice/core/github';
import type { DeploymentPayload } from './deployment-payload.ts';
import { type DeploymentState, describe } from './deployment-state.ts';

/** Whose copy of what runs where: two deployments of the same key follow each other. */
export interface DeploymentKey {
  readonly project: string;
  readonly environment: string;
  readonly tenant?: string;
}

/** The repository that holds the Deployments: the one whose workflow runs. */
export interface DeploymentHome {
  readonly github: GitHub;
  readonly owner: string;
  readonly repo: string;
  /** The page of the run. */
  readonly logUrl: string;
  /** Where what was deployed can be seen; empty where nobody said. */
  readonly environmentUrl: string;
  /** Takes secrets out of a sentence: GitHub masks nothing in a Deployment. */
  readonly hide: (text: string) => string;
}

/** As which GitHub lists the Deployments of a project. */
export const taskOf = ({ project }: DeploymentKey): string => `deploy:${project}`;

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
    /** Told the id as soon as there is one: saying that it is queued may fail. */
    readonly created?: (id: number) => void;
  },
): Promise<number> {
  const { github, owner, repo } = home;
  const { data } = await github.request('POST /repos/{owner}/{repo}/deployments', {
    owner,
    repo,
    ref: input.sha,
    task: taskOf(input.key),
    environment: input.key.environment,
    description: describe(home.hide(input.summary)),
    payload: { ...input.payload },
    auto_merge: false,
    required_contexts: [],
    production_environment: input.key.environment === 'production',
  });
  // 202: GitHub merged the default branch instead; auto_merge: false forbids it.
  if (!('id' in data)) throw new Error(`GitHub created no Deployment: ${data.message ?? 'no message'}`);
  const id = Number(data.id);
  input.created?.(id);
  await reportDeployment(home, id, 'queued', input.summary);
  return id;
}

/**
 * Adds a status. Never lets GitHub retire others (`auto_inactive: false`): it goes by the environment's name alone, whatever the project.
 * Gives back the status's id.
 */
export async function reportDeployment(
  home: DeploymentHome,
  id: number,
  state: DeploymentState,
  summary: string,
): Promise<number> {
  const { data } = await home.github.request(
    'POST /repos/{owner}/{repo}/deployments/{deployment_id}/statuses',
    {
      owner: home.owner,
      repo: home.repo,
      deployment_id: id,
      state,
      // Before it is cut: half a secret is no longer known as one.
      description: describe(home.hide(summary)),
      log_url: home.logUrl,
      ...(home.environmentUrl === '' ? {} : { environment_url: home.environmentUrl }),
      auto_inactive: false,
    },
  );
  return Number(data.id);
}

/** Throws a SluiceError `invalid-input` where a Deployment is not one of the key: then no status of ours belongs on it. */
export async function checkDeployment(home: DeploymentHome, key: DeploymentKey, id: number): Promise<void> {
  const { github, owner, repo } = home;
  const route = 'GET /repos/{owner}/{repo}/deployments/{deployment_id}';
  const { data } = await github.request(route, { owner, repo, deployment_id: id });
  if (isOfKey(data.payload, key)) return;
  const whose = key.tenant === undefined ? '' : ` for ${key.tenant}`;
  throw new SluiceError(
    'input',
    'invalid-input',
    `An input is wrong: deployment-id: ${id} is not a Deployment of ${key.project} in ${key.environment}${whose}.`,
    {
      hint: 'Pass the output `deployment-id` of the step with `deployment: queue`, and the same project, environment and tenant.',
    },
  );
}

/** Whether the payload of a Deployment is one of ours, of this key. */
export function isOfKey(payload: unknown, key: DeploymentKey): boolean {
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
