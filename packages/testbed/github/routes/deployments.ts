import { notFound, unprocessable, validationFailed } from '../errors.ts';
import { resolveRevision } from '../objects.ts';
import { renderDeployment, renderStatus } from '../render/deployment.ts';
import type { Deployment, DeploymentState, DeploymentStatus, Reply } from '../types.ts';
import { type Call, param, type Routes, text, violation } from './route.ts';

/** The longest description of a status, in characters: GitHub answers 422 beyond it. */
const LONGEST_DESCRIPTION = 140;

const states: readonly DeploymentState[] = [
  'error',
  'failure',
  'inactive',
  'in_progress',
  'queued',
  'pending',
  'success',
];

/** Newest first. */
const newest = (call: Call): Deployment[] => [...call.repository.deployments.values()].reverse();

function listDeployments(call: Call): Reply {
  const filters: readonly [string, (deployment: Deployment) => string][] = [
    ['sha', (deployment) => deployment.sha],
    ['ref', (deployment) => deployment.ref],
    ['task', (deployment) => deployment.task],
    ['environment', (deployment) => deployment.statuses.at(-1)?.environment ?? deployment.environment],
  ];
  const found = newest(call).filter((deployment) =>
    filters.every(([name, field]) => {
      const wanted = call.query.get(name);
      return wanted === null || wanted === 'none' || wanted === field(deployment);
    }),
  );
  return { status: 200, body: found.map((one) => renderDeployment(call.hub.links, call.repository, one)) };
}

/** A branch, a tag or a commit. */
async function commitOf(call: Call, ref: string): Promise<string | undefined> {
  for (const name of [`refs/heads/${ref}`, `refs/tags/${ref}`, ref]) {
    const sha = await resolveRevision(call.repository.dir, `${name}^{commit}`);
    if (sha !== undefined) return sha;
  }
  return undefined;
}

async function createDeployment(call: Call): Promise<Reply> {
  const { hub, body, repository, token } = call;
  // The defaults merge the default branch into the ref and ask for green checks: never wanted where the gate is elsewhere.
  if (body.auto_merge !== false) violation(call, 'A deployment was created without auto_merge: false.');
  const contexts = body.required_contexts;
  if (!Array.isArray(contexts) || contexts.length > 0) {
    violation(call, 'A deployment was created without required_contexts: [].');
  }
  const ref = text(body, 'ref') ?? '';
  const sha = await commitOf(call, ref);
  if (sha === undefined) return unprocessable(`No ref found for: ${ref}`, call.docs);
  const environment = text(body, 'environment') ?? 'production';
  const deployment: Deployment = {
    id: hub.nextId(),
    sha,
    ref,
    task: text(body, 'task') ?? 'deploy',
    environment,
    payload: body.payload ?? {},
    description: text(body, 'description') ?? null,
    transient: body.transient_environment === true,
    production:
      body.production_environment === true ||
      (body.production_environment === undefined && environment === 'production'),
    creator: token.actor,
    createdAt: hub.now(),
    updatedAt: hub.now(),
    statuses: [],
  };
  repository.deployments.set(deployment.id, deployment);
  return { status: 201, body: renderDeployment(hub.links, repository, deployment) };
}

const deploymentOf = (call: Call): Deployment | undefined =>
  call.repository.deployments.get(Number(param(call, 'deployment_id')));

function getDeployment(call: Call): Reply {
  const deployment = deploymentOf(call);
  if (deployment === undefined) return notFound(call.docs);
  return { status: 200, body: renderDeployment(call.hub.links, call.repository, deployment) };
}

function listStatuses(call: Call): Reply {
  const deployment = deploymentOf(call);
  if (deployment === undefined) return notFound(call.docs);
  const newestFirst = [...deployment.statuses].reverse();
  const render = (status: DeploymentStatus): object =>
    renderStatus(call.hub.links, call.repository, deployment, status);
  return { status: 200, body: newestFirst.map(render) };
}

/** What `auto_inactive` does: by the environment's name alone, whatever the task; neither transient nor production ones. */
function retireOthers(call: Call, deployment: Deployment, environment: string): void {
  for (const other of call.repository.deployments.values()) {
    const last = other.statuses.at(-1);
    const prior = other.id < deployment.id && !other.transient && !other.production;
    if (!prior || last?.state !== 'success' || last.environment !== environment) continue;
    other.statuses.push({
      ...last,
      id: call.hub.nextId(),
      state: 'inactive',
      description: '',
      createdAt: call.hub.now(),
    });
  }
}

function createStatus(call: Call): Reply {
  const { hub, body, repository, token } = call;
  const deployment = deploymentOf(call);
  if (deployment === undefined) return notFound(call.docs);
  const description = text(body, 'description') ?? '';
  if (description.length > LONGEST_DESCRIPTION) {
    violation(
      call,
      `The description of a status has ${description.length} characters: ${LONGEST_DESCRIPTION} are allowed.`,
    );
    const message = `description is too long (maximum is ${LONGEST_DESCRIPTION} characters)`;
    return validationFailed(
      [{ resource: 'DeploymentStatus', field: 'description', code: 'custom', message }],
      call.docs,
    );
  }
  const logUrl = text(body, 'log_url') ?? text(body, 'target_url') ?? '';
  const environmentUrl = text(body, 'environment_url') ?? '';
  if ([logUrl, environmentUrl].some((url) => url !== '' && !/^https?:\/\//.test(url))) {
    violation(call, 'An address of a status begins with neither http:// nor https://.');
    return validationFailed(
      [{ resource: 'DeploymentStatus', field: 'target_url', code: 'invalid' }],
      call.docs,
    );
  }
  const state = states.find((one) => one === body.state) ?? 'error';
  const environment =
    text(body, 'environment') ?? deployment.statuses.at(-1)?.environment ?? deployment.environment;
  const status: DeploymentStatus = {
    id: hub.nextId(),
    state,
    description,
    environment,
    environmentUrl,
    logUrl,
    creator: token.actor,
    createdAt: hub.now(),
  };
  deployment.statuses.push(status);
  deployment.updatedAt = hub.now();
  if (state === 'success' && body.auto_inactive !== false) retireOthers(call, deployment, environment);
  return { status: 201, body: renderStatus(hub.links, repository, deployment, status) };
}

const reads = { permission: 'deployments', access: 'read' } as const;
const writes = { permission: 'deployments', access: 'write' } as const;
const docs = 'deployments/deployments';

export const deploymentRoutes: Routes = {
  'GET /repos/{owner}/{repo}/deployments': {
    ...reads,
    docs: `${docs}#list-deployments`,
    handle: listDeployments,
  },
  'POST /repos/{owner}/{repo}/deployments': {
    ...writes,
    docs: `${docs}#create-a-deployment`,
    handle: createDeployment,
  },
  'GET /repos/{owner}/{repo}/deployments/{deployment_id}': {
    ...reads,
    docs: `${docs}#get-a-deployment`,
    handle: getDeployment,
  },
  'GET /repos/{owner}/{repo}/deployments/{deployment_id}/statuses': {
    ...reads,
    docs: 'deployments/statuses#list-deployment-statuses',
    handle: listStatuses,
  },
  'POST /repos/{owner}/{repo}/deployments/{deployment_id}/statuses': {
    ...writes,
    docs: 'deployments/statuses#create-a-deployment-status',
    handle: createStatus,
  },
};
