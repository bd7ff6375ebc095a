import { SluiceError } from '@sluice/core/errors';
import { githubFailure } from '@sluice/core/github';
import { at, isRecord, type Json, list, text } from '@sluice/core/json';
import type { DeploymentKey } from '../deployment.ts';
import { keyOfPayload, payloadOf } from '../listed-deployments.ts';
import { type Told, toldBy } from './coverage.ts';
import type { Repository } from './list-runs.ts';
import type { StatusSeen } from './standing.ts';

/** A Deployment of ours with all that was said of it. */
export interface TracedDeployment {
  readonly id: number;
  readonly key: DeploymentKey;
  /** The run that made it, in this repository. */
  readonly run: number;
  readonly partial: boolean;
  /** Whether it changes several repositories, one after the other. */
  readonly several: boolean;
  /** Where its change is made: the address of the repository, and the branch. Undefined where the Deployment does not say it. */
  readonly target: { readonly repository: string; readonly branch: string } | undefined;
  readonly told: Told;
  /** Oldest first. */
  readonly statuses: readonly StatusSeen[];
}

/** More statuses than these no deployment of ours has. */
const STATUSES = 100;
const TRACE = `query Deployments($owner: String!, $name: String!, $after: String) {
  repository(owner: $owner, name: $name) {
    deployments(first: 100, after: $after, orderBy: { field: CREATED_AT, direction: DESC }) {
      pageInfo { hasNextPage endCursor }
      nodes {
        databaseId payload createdAt
        latestStatus { id }
        statuses(first: ${STATUSES}) { totalCount nodes { id state description createdAt } }
      }
    }
  }
}`;

/** Of 100 Deployments, one request each. */
const MOST_PAGES = 100;
/** GitHub's clock is one for runs and Deployments; a day more is cheap. */
const MARGIN_MS = 86_400_000;

export interface Traced {
  readonly deployments: readonly TracedDeployment[];
  /** All that were made after this are among them, milliseconds since the epoch: minus infinity where all are, infinity where nobody knows. */
  readonly since: number;
}

/**
 * The Deployments of ours, of every environment, with all that was said of each, back to those that were made before the oldest run that is
 * not completed (`since`, milliseconds since the epoch): a run may deploy to several environments, and ends for all of them.
 */
export async function traceDeployments(repository: Repository, since: number): Promise<Traced> {
  const { github, owner, repo } = repository;
  const home = `${owner}/${repo}`.toLowerCase();
  const deployments: TracedDeployment[] = [];
  let after: string | null = null;
  let seenTo = Number.POSITIVE_INFINITY;
  for (let page = 1; page <= MOST_PAGES; page++) {
    const asked = { owner, name: repo, after };
    const found: Json = await github.graphql(TRACE, asked, (data) => at(data, 'repository', 'deployments'));
    const nodes = at(found, 'nodes');
    // Taken for an empty list it would say that nobody deploys.
    if (!Array.isArray(nodes)) throw noList();
    deployments.push(...nodes.flatMap((node) => parseNode(node, home) ?? []));
    const next = text(at(found, 'pageInfo', 'endCursor'));
    if (at(found, 'pageInfo', 'hasNextPage') !== true)
      return { deployments, since: Number.NEGATIVE_INFINITY };
    const oldest = Date.parse(text(at(nodes.at(-1), 'createdAt')) ?? '');
    if (!Number.isNaN(oldest)) seenTo = oldest;
    if (seenTo < since - MARGIN_MS || next === undefined) break;
    after = next;
  }
  return { deployments, since: seenTo };
}

const noList = (): SluiceError =>
  new SluiceError('platform', 'unexpected-answer', 'GitHub answered without a list of Deployments.', {
    hint: 'Check GITHUB_GRAPHQL_URL, and the proxy of the runner.',
  });

function parseNode(node: Json, home: string): TracedDeployment | undefined {
  const told = parsePayload(payloadOf(text(at(node, 'payload')) ?? ''), home);
  return told && { ...told, id: Number(at(node, 'databaseId')), statuses: statusesOf(node) };
}

/**
 * A Deployment that no list holds yet, because it was made a moment ago: nothing was said of it but that it is queued. Undefined where it
 * is none of ours, or is not there.
 */
export async function readDeployment(
  { github, owner, repo }: Repository,
  id: number,
): Promise<TracedDeployment | undefined> {
  const route = 'GET /repos/{owner}/{repo}/deployments/{deployment_id}';
  try {
    const { data } = await github.request(route, { owner, repo, deployment_id: id });
    const payload = typeof data.payload === 'string' ? payloadOf(data.payload) : data.payload;
    const told = parsePayload(payload, `${owner}/${repo}`.toLowerCase());
    return told && { ...told, id, statuses: [] };
  } catch (error) {
    if (githubFailure(error)?.status === 404) return undefined;
    throw error;
  }
}

function parsePayload(payload: Json, home: string): Omit<TracedDeployment, 'id' | 'statuses'> | undefined {
  const key = keyOfPayload(payload);
  const run = Number(at(payload, 'run', 'id'));
  const repository = text(at(payload, 'run', 'repository'))?.toLowerCase();
  if (key === undefined || !Number.isSafeInteger(run) || repository !== home) return undefined;
  const change = at(payload, 'change');
  // One change, several, or the digest of a large one.
  const parts = Array.isArray(change) ? change : (at(change, 'parts') ?? [change]);
  return {
    ...{ key, run, partial: at(payload, 'partial') === true, several: list(parts).length !== 1 },
    ...{ told: toldBy(payload), target: targetOf(list(parts)[0]) },
  };
}

function targetOf(change: Json): TracedDeployment['target'] {
  const repository = text(at(change, 'repository'));
  const branch = text(at(change, 'branch'));
  return repository === undefined || branch === undefined ? undefined : { repository, branch };
}

/** Nobody knows what stands between those that are not read: it may have begun. */
const UNREAD: readonly StatusSeen[] = [{ state: 'in_progress', description: '' }];

/**
 * The statuses, oldest first. GitHub's documentation does not say in which order the list is; the latest status, which it names beside it,
 * stands at one of its ends.
 */
function statusesOf(node: Json): readonly StatusSeen[] {
  const listed = list(at(node, 'statuses', 'nodes')).filter(isRecord);
  const latest = text(at(node, 'latestStatus', 'id'));
  const count = at(node, 'statuses', 'totalCount');
  if (typeof count === 'number' && count > listed.length) return UNREAD;
  const seen = listed.map((one) => ({
    state: (text(at(one, 'state')) ?? '').toLowerCase(),
    description: text(at(one, 'description')) ?? '',
  }));
  if (seen.length < 2) return seen;
  const ids = listed.map((one) => text(at(one, 'id')));
  if (latest !== undefined && ids[0] === latest) return seen.toReversed();
  if (latest !== undefined && ids.at(-1) === latest) return seen;
  // Several of one second, in an order that nobody knows.
  if (latest !== undefined) return UNREAD;
  const times = listed.map((one) => Date.parse(text(at(one, 'createdAt')) ?? ''));
  const [first = Number.NaN, last = Number.NaN] = [times[0], times.at(-1)];
  if (first > last) return seen.toReversed();
  return first < last ? seen : UNREAD;
}
