import { at, items, type Json, text } from '@sluice/argocd/json';
import { SluiceError } from '@sluice/core/errors';
import type { DeploymentHome, DeploymentKey } from './deployment.ts';

/** A GitHub Deployment of ours, as a list has it. */
export interface ListedDeployment {
  readonly id: number;
  readonly key: DeploymentKey;
  readonly payload: Json;
  /** `deploy:<project>`, or what else somebody keeps such a Deployment for. */
  readonly task: string;
  /** Of its last status, in capitals (`IN_PROGRESS`, `SUCCESS`); empty where it has none. */
  readonly state: string;
  readonly createdAt: string;
  /** When it got its last status. */
  readonly since: string;
  readonly environmentUrl: string;
  /** Whether it ever was `in_progress`: something may have been changed, however it ended. */
  readonly hasBegun: boolean;
}

export interface DeploymentList {
  /** Newest first. */
  readonly deployments: readonly ListedDeployment[];
  /** Of a task of ours with a payload that this version does not read, newest first: the key is as far as it can be told. */
  readonly unreadable: readonly ListedDeployment[];
  /** False where there are more than are read. */
  readonly isWhole: boolean;
}

const LIST = `query Deployments($owner: String!, $name: String!, $environments: [String!], $after: String) {
  repository(owner: $owner, name: $name) {
    deployments(first: 100, after: $after, environments: $environments, orderBy: { field: CREATED_AT, direction: DESC }) {
      pageInfo { hasNextPage endCursor }
      nodes {
        databaseId task environment payload createdAt
        latestStatus { state createdAt environmentUrl }
        statuses(first: 100) { nodes { state } }
      }
    }
  }
}`;

/** Of 100 Deployments, one request each; ten thousand are more than a repository keeps in use. */
const MOST_PAGES = 100;

/**
 * The Deployments of ours in a repository, newest first, of all pages; in one environment where it is given. By GraphQL, which tells
 * the state of each: the REST list does not, and a request for each would use up the 1,000 an hour of a job's token.
 */
export async function listDeployments(
  home: Pick<DeploymentHome, 'github' | 'owner' | 'repo'>,
  environment: string | undefined,
): Promise<DeploymentList> {
  const environments = environment === undefined ? null : [environment];
  const deployments: ListedDeployment[] = [];
  const unreadable: ListedDeployment[] = [];
  let after: string | undefined;
  for (let page = 1; page <= MOST_PAGES; page++) {
    const asked = { owner: home.owner, name: home.repo, environments, after: after ?? null };
    const list: Page = await home.github.graphql(LIST, asked, parsePage);
    deployments.push(...list.deployments);
    unreadable.push(...list.unreadable);
    if (!list.hasMore) return { deployments, unreadable, isWhole: true };
    after = list.next;
    if (after === undefined) break;
  }
  return { deployments, unreadable, isWhole: false };
}

interface Page extends Omit<DeploymentList, 'isWhole'> {
  readonly hasMore: boolean;
  /** Where the next page begins. */
  readonly next: string | undefined;
}

function parsePage(data: unknown): Page {
  const list = at(data, 'repository', 'deployments');
  const nodes = at(list, 'nodes');
  // Taken for an empty list it would say that nothing is deployed.
  if (!Array.isArray(nodes))
    throw new SluiceError('platform', 'github-refused', 'GitHub answered without a list of Deployments.');
  const all = items(nodes).map((node) => parseNode(node));
  return {
    deployments: all.flatMap(({ type, deployment }) => (type === 'ours' ? deployment : [])),
    unreadable: all.flatMap(({ type, deployment }) => (type === 'unreadable' ? deployment : [])),
    hasMore: at(list, 'pageInfo', 'hasNextPage') === true,
    next: text(at(list, 'pageInfo', 'endCursor')),
  };
}

/** `payload` is JSON as text, and what somebody sent as text is text in it. */
function parseNode(node: Json) {
  const payload = payloadOf(text(at(node, 'payload')) ?? '');
  const own = keyOfPayload(payload);
  const key = own ?? guessedKey(node, payload);
  const type = own !== undefined ? 'ours' : key === undefined ? 'foreign' : 'unreadable';
  const status = at(node, 'latestStatus');
  const deployment: ListedDeployment = {
    id: Number(at(node, 'databaseId')),
    ...{ key: key ?? { project: '', environment: '' }, payload, task: text(at(node, 'task')) ?? '' },
    state: text(at(status, 'state')) ?? '',
    createdAt: text(at(node, 'createdAt')) ?? '',
    since: text(at(status, 'createdAt')) ?? '',
    environmentUrl: text(at(status, 'environmentUrl')) ?? '',
    hasBegun: items(at(node, 'statuses', 'nodes')).some((one) => at(one, 'state') === 'IN_PROGRESS'),
  };
  return { type, deployment } as const;
}

/**
 * Whose a Deployment is whose payload cannot be read: its task is that of ours. What has an empty payload, or one that names no schema
 * of ours, is another tool's.
 */
function guessedKey(node: Json, payload: Json): DeploymentKey | undefined {
  const [, project] = /^deploy:(.+)$/.exec(text(at(node, 'task')) ?? '') ?? [];
  const environment = text(at(node, 'environment'));
  const isText = payload === null && !EMPTY.has(text(at(node, 'payload')) ?? '');
  const isNamed = text(at(payload, 'schema'))?.startsWith('sluice.deployment.') === true;
  if (!project || !environment || !(isText || isNamed)) return undefined;
  const tenant = text(at(payload, 'tenant'));
  return { project, environment, ...(tenant !== undefined && { tenant }) };
}

/** As GitHub gives back what nobody has given. */
const EMPTY: ReadonlySet<string> = new Set(['', '""', 'null', '"{}"', '{}']);

/** The JSON of a payload, which GraphQL gives as text; `null` where it is none. */
export function payloadOf(content: string): Json {
  try {
    const value: Json = JSON.parse(content);
    return typeof value === 'string' ? JSON.parse(value) : value;
  } catch {
    return null;
  }
}

/** Whose deployment a payload of ours is; undefined where it is none of ours. */
export function keyOfPayload(payload: Json): DeploymentKey | undefined {
  const project = text(at(payload, 'project'));
  const environment = text(at(payload, 'environment'));
  const tenant = text(at(payload, 'tenant'));
  if (at(payload, 'schema') !== 'sluice.deployment.v1' || !project || !environment) return undefined;
  return { project, environment, ...(tenant !== undefined && { tenant }) };
}
