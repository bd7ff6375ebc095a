import { at, items, type Json, text } from '@sluice/argocd/json';
import type { DeploymentHome, DeploymentKey } from './deployment.ts';

/** A GitHub Deployment of ours, as a list has it. */
export interface ListedDeployment {
  readonly id: number;
  readonly key: DeploymentKey;
  readonly payload: Json;
  /** Of its last status, in capitals (`IN_PROGRESS`, `SUCCESS`); empty where it has none. */
  readonly state: string;
  readonly createdAt: string;
  /** When it got its last status. */
  readonly since: string;
  readonly environmentUrl: string;
}

export interface DeploymentList {
  /** Newest first. */
  readonly deployments: readonly ListedDeployment[];
  /** False where there are more than are read. */
  readonly isWhole: boolean;
}

const LIST = `query Deployments($owner: String!, $name: String!, $environments: [String!], $after: String) {
  repository(owner: $owner, name: $name) {
    deployments(first: 100, after: $after, environments: $environments, orderBy: { field: CREATED_AT, direction: DESC }) {
      pageInfo { hasNextPage endCursor }
      nodes { databaseId payload createdAt latestStatus { state createdAt environmentUrl } }
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
  let after: string | undefined;
  for (let page = 1; page <= MOST_PAGES; page++) {
    const asked = { owner: home.owner, name: home.repo, environments, after: after ?? null };
    const list: Page = await home.github.graphql(LIST, asked, parsePage);
    deployments.push(...list.deployments);
    if (!list.hasMore) return { deployments, isWhole: true };
    after = list.next;
    if (after === undefined) break;
  }
  return { deployments, isWhole: false };
}

interface Page {
  readonly deployments: readonly ListedDeployment[];
  readonly hasMore: boolean;
  /** Where the next page begins. */
  readonly next: string | undefined;
}

function parsePage(data: unknown): Page {
  const list = at(data, 'repository', 'deployments');
  return {
    deployments: items(at(list, 'nodes')).flatMap((node) => parseNode(node) ?? []),
    hasMore: at(list, 'pageInfo', 'hasNextPage') === true,
    next: text(at(list, 'pageInfo', 'endCursor')),
  };
}

/** `payload` is JSON as text, and what somebody sent as text is text in it. */
function parseNode(node: Json): ListedDeployment | undefined {
  const payload = payloadOf(text(at(node, 'payload')) ?? '');
  const key = keyOfPayload(payload);
  if (key === undefined) return undefined;
  const status = at(node, 'latestStatus');
  return {
    id: Number(at(node, 'databaseId')),
    ...{ key, payload },
    state: text(at(status, 'state')) ?? '',
    createdAt: text(at(node, 'createdAt')) ?? '',
    since: text(at(status, 'createdAt')) ?? '',
    environmentUrl: text(at(status, 'environmentUrl')) ?? '',
  };
}

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
