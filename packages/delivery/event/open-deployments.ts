import { parseChanges } from '@sluice/argocd/change-input';
import { at, items, type Json, text } from '@sluice/argocd/json';
import type { Change } from '@sluice/gitops/change';
import type { DeploymentHome, DeploymentKey } from '../deployment.ts';
import { type PayloadWait, readPayloadWait } from '../payload-wait.ts';

/** A GitHub Deployment of ours whose run has not said how it ended. */
export interface OpenDeployment {
  readonly home: DeploymentHome;
  readonly id: number;
  readonly key: DeploymentKey;
  /** Milliseconds since the epoch: when it was planned. */
  readonly createdAt: number;
  /** Milliseconds since the epoch: when it became `in_progress`. */
  readonly since: number;
  /** When its change counts as live; undefined where it does not say. */
  readonly wait: PayloadWait | undefined;
  /** What it meant to do; `unreadable` says why that cannot be told. */
  readonly changes: readonly Change[] | { readonly unreadable: string };
}

/** Of GitHub's answer, what is read. `payload` is JSON as text, and what somebody sent as text is text in it. */
interface Node {
  readonly id: number;
  readonly payload: string;
  readonly state: string;
  readonly createdAt: string;
  readonly since: string;
  readonly environmentUrl: string;
}

const LIST = `query OpenDeployments($owner: String!, $name: String!, $environments: [String!], $after: String) {
  repository(owner: $owner, name: $name) {
    deployments(first: 100, after: $after, environments: $environments, orderBy: { field: CREATED_AT, direction: DESC }) {
      pageInfo { hasNextPage endCursor }
      nodes { databaseId payload createdAt latestStatus { state createdAt environmentUrl } }
    }
  }
}`;

/** Of 100 Deployments, one request each; ten thousand are more than a repository keeps in use. */
const MOST_PAGES = 100;

/** Whose Deployments are looked for; what is left out is any. */
export type Wanted = Partial<DeploymentKey>;

/**
 * The Deployments of ours that are `in_progress`, newest first, of all pages. By GraphQL, which tells the state of each: the REST list
 * does not, and a request for each would use up the 1,000 an hour of a job's token.
 */
export async function openDeployments(
  home: DeploymentHome,
  wanted: Wanted,
): Promise<readonly OpenDeployment[]> {
  const environments = wanted.environment === undefined ? null : [wanted.environment];
  const found: OpenDeployment[] = [];
  let after: string | undefined;
  for (let page = 1; page <= MOST_PAGES; page++) {
    const asked = { owner: home.owner, name: home.repo, environments, after: after ?? null };
    const list: Page = await home.github.graphql(LIST, asked, parsePage);
    found.push(...list.nodes.flatMap((node) => ofNode(home, wanted, node) ?? []));
    after = list.next;
    if (after === undefined) break;
  }
  return found;
}

interface Page {
  readonly nodes: readonly Node[];
  /** Where the next page begins; undefined after the last. */
  readonly next: string | undefined;
}

function parsePage(data: unknown): Page {
  const list = at(data, 'repository', 'deployments');
  const more = at(list, 'pageInfo', 'hasNextPage') === true;
  return {
    nodes: items(at(list, 'nodes')).map(parseNode),
    next: more ? text(at(list, 'pageInfo', 'endCursor')) : undefined,
  };
}

function parseNode(node: Json): Node {
  const status = at(node, 'latestStatus');
  return {
    id: Number(at(node, 'databaseId')),
    payload: text(at(node, 'payload')) ?? '',
    state: text(at(status, 'state')) ?? '',
    createdAt: text(at(node, 'createdAt')) ?? '',
    since: text(at(status, 'createdAt')) ?? '',
    environmentUrl: text(at(status, 'environmentUrl')) ?? '',
  };
}

function ofNode(home: DeploymentHome, wanted: Wanted, node: Node): OpenDeployment | undefined {
  const since = Date.parse(node.since);
  const createdAt = Date.parse(node.createdAt);
  if (node.state !== 'IN_PROGRESS' || Number.isNaN(since) || Number.isNaN(createdAt)) return undefined;
  const payload = payloadOf(node.payload);
  const key = keyOfPayload(payload);
  if (key === undefined) return undefined;
  const others = (['project', 'environment', 'tenant'] as const).filter(
    (name) => wanted[name] !== undefined && wanted[name] !== key[name],
  );
  if (others.length > 0) return undefined;
  const own = { ...home, environmentUrl: home.environmentUrl || node.environmentUrl };
  return { home: own, id: node.id, key, createdAt, since, ...meantBy(payload) };
}

/** GraphQL gives a payload as the JSON of what was sent: of a text that is once more. */
function payloadOf(content: string): Json {
  try {
    const value: Json = JSON.parse(content);
    return typeof value === 'string' ? JSON.parse(value) : value;
  } catch {
    return null;
  }
}

function keyOfPayload(payload: Json): DeploymentKey | undefined {
  const project = text(at(payload, 'project'));
  const environment = text(at(payload, 'environment'));
  const tenant = text(at(payload, 'tenant'));
  if (at(payload, 'schema') !== 'sluice.deployment.v1' || !project || !environment) return undefined;
  return { project, environment, ...(tenant !== undefined && { tenant }) };
}

/** A payload that says when its change is live, and not readably so, leaves open what is to be asked for. */
function meantBy(payload: Json): Pick<OpenDeployment, 'wait' | 'changes'> {
  const said = at(payload, 'wait') ?? null;
  const wait = readPayloadWait(said);
  const changes = changesOf(at(payload, 'change'));
  if (said === null || wait !== undefined) return { wait, changes };
  return { wait, changes: { unreadable: 'when its change counts as live is not readable' } };
}

/** The change of a payload, checked as any that somebody hands in: whoever may write Deployments may have written it. */
function changesOf(change: Json): OpenDeployment['changes'] {
  if (text(at(change, 'digest')) !== undefined && at(change, 'files') === undefined)
    return { unreadable: 'the change was too large for it, and only its digest is kept' };
  try {
    return parseChanges(JSON.stringify(change ?? null));
  } catch (error) {
    return {
      unreadable: `its change cannot be read: ${error instanceof Error ? error.message : String(error)}`,
    };
  }
}
