import { SluiceError } from '@sluice/core/errors';
import type { GitHub } from '@sluice/core/github';
import { at, type Json, list, text } from '@sluice/core/json';
import { repositoryOn } from '@sluice/gitops/applications/repository-url';
import { isOfOlderRun, parseTrailers } from '@sluice/gitops/commit/trailers';
import { pullRequestBranch } from '@sluice/gitops/pull-request/pull-request-text';
import type { DeploymentKey } from '../deployment.ts';
import type { Ended, Fate } from './fate.ts';
import type { Home } from './home.ts';
import { sameKey } from './key.ts';
import type { Cancelling } from './plan.ts';
import type { TracedDeployment } from './traced-deployments.ts';

export interface ClosedPulls {
  /** `owner/name#5`. */
  readonly closed: readonly string[];
  /** Why one stays open: somebody's own work is in it, or a newer deployment's. */
  readonly kept: readonly string[];
  /** What failed. */
  readonly failed: readonly string[];
}

export interface Locked {
  /** Of which no pull request can be merged any more that was ours to close: they may be cancelled. */
  readonly won: readonly Cancelling[];
  readonly lost: readonly Ended[];
  readonly pulls: ClosedPulls;
  /** Says on each pull request that was closed which run is newer; gives what failed. */
  readonly comment: () => Promise<readonly string[]>;
}

/** More commits than these no pull request of ours has. */
const COMMITS = 100;
const FIND = `query Pulls($owner: String!, $name: String!, $head: String!, $base: String!) {
  repository(owner: $owner, name: $name) {
    pullRequests(first: 10, headRefName: $head, baseRefName: $base, orderBy: { field: CREATED_AT, direction: DESC }) {
      nodes {
        number state isCrossRepository
        commits(first: ${COMMITS}) { totalCount nodes { commit { oid message parents(first: 2) { totalCount } } } }
      }
    }
  }
}`;

/** A word that is left to be said on a pull request that was closed. */
interface Word {
  readonly name: string;
  readonly say: () => Promise<unknown>;
}

/**
 * Closes the pull request of an image bump whose run waits for its merge, before that run is cancelled: of closing and merging GitHub lets one
 * happen, so that what was merged is never cancelled before it is looked after. There is one branch for a key. It stays open where it holds
 * a commit that is none of ours, or a newer one.
 */
export async function lockPulls(
  home: Home,
  key: DeploymentKey,
  items: readonly Cancelling[],
): Promise<Locked> {
  const words: Word[] = [];
  const kept: string[] = [];
  const ends = new Map<Cancelling, Fate>();
  for (const { target, items: waiting } of targetsOf(home, key, items)) {
    if (target === undefined) {
      const runs = waiting.map(({ run }) => `run ${run.id}`).join(', ');
      kept.push(
        `The pull request of ${runs} stays open: the Deployment does not say where it is on this server.`,
      );
      continue;
    }
    const newer = Math.max(...waiting.map(({ by }) => by ?? 0));
    const one = await lockTarget(home, key, target, newer);
    words.push(...one.words);
    kept.push(...one.kept);
    for (const item of waiting) if (one.fate !== undefined) ends.set(item, one.fate);
  }
  return {
    won: items.filter((item) => !ends.has(item)),
    lost: [...ends].map(([item, fate]) => ({ item, fate })),
    pulls: { closed: words.map(({ name }) => name), kept, failed: [] },
    comment: () => saidOf(home, words),
  };
}

interface LockedTarget {
  /** Of the pull requests that were closed. */
  readonly words: readonly Word[];
  readonly kept: readonly string[];
  /** What becomes of the runs that wait for it; undefined: they may be cancelled. */
  readonly fate: Fate | undefined;
}

async function lockTarget(
  home: Home,
  key: DeploymentKey,
  { repository, branch: base }: Place,
  by: number,
): Promise<LockedTarget> {
  const head = pullRequestBranch({ ...key, branch: base, files: [] });
  const github = home.elsewhere(repository);
  const [owner = '', repo = ''] = repository.split('/');
  const words: Word[] = [];
  const kept: string[] = [];
  const merged = (name: string): LockedTarget => {
    kept.push(`${name} was merged before it could be closed.`);
    return { words, kept, fate: { type: 'began-first' } };
  };
  try {
    const { open, last } = await github.graphql(FIND, { owner, name: repo, head, base }, parseFound);
    if (open.length === 0 && at(last, 'state') === 'MERGED')
      return merged(`${repository}#${Number(at(last, 'number'))}`);
    for (const pull of open) {
      const one = { owner, repo, number: Number(at(pull, 'number')) };
      const name = `${repository}#${one.number}`;
      const why = whyKept(pull, { key, run: `${home.name}/${by}/1` });
      if (why !== undefined) kept.push(`${name} stays open: ${why}.`);
      else if (await close(github, one))
        words.push({ name, say: () => comment(github, one, home.urlOf(by)) });
      else return merged(name);
    }
    return { words, kept, fate: undefined };
  } catch (error) {
    if (!(error instanceof SluiceError) || home.world.signal.aborted) throw error;
    const why = `The pull request of ${head} in ${repository} was not closed: ${error.message}`;
    home.world.log.info(why);
    return { words, kept, fate: { type: 'pull-request-left', why, code: error.code } };
  }
}

/** Newest first: the last is what is waited for. Of a fork's branch of that name nothing is ours. */
function parseFound(data: unknown): { readonly open: readonly Json[]; readonly last: Json } {
  const nodes = list(at(data, 'repository', 'pullRequests', 'nodes'));
  const own = nodes.filter((one) => at(one, 'isCrossRepository') !== true);
  const open = own.filter((one) => at(one, 'state') !== 'MERGED' && at(one, 'state') !== 'CLOSED');
  return { open, last: own[0] ?? null };
}

async function saidOf({ world }: Home, words: readonly Word[]): Promise<readonly string[]> {
  const failed: string[] = [];
  for (const { name, say } of words) {
    try {
      await say();
    } catch (error) {
      if (!(error instanceof SluiceError) || world.signal.aborted) throw error;
      failed.push(`${name} was closed, and nothing on it says why: ${error.message}`);
    }
  }
  return failed;
}

interface Place {
  /** `owner/name` */
  readonly repository: string;
  readonly branch: string;
}

interface Target {
  /** Undefined where the Deployments do not say it, or it is on another server. */
  readonly target: Place | undefined;
  readonly items: readonly Cancelling[];
}

/** Where the runs that wait for a merge have their pull requests. */
function targetsOf({ world }: Home, key: DeploymentKey, items: readonly Cancelling[]): readonly Target[] {
  const found = new Map<string, { target: Place | undefined; items: Cancelling[] }>();
  for (const item of items.filter(({ why }) => why === 'awaited-merge')) {
    for (const deployment of item.deployments.filter((one) => sameKey(one.key, key))) {
      const target = placeOf(deployment.target, world.context.serverUrl);
      const name = target === undefined ? '' : `${target.repository} ${target.branch}`;
      const one = found.get(name) ?? { target, items: [] };
      one.items.push(item);
      found.set(name, one);
    }
  }
  return [...found.values()];
}

/** A change names the address of its repository (gitops/change.ts). */
function placeOf(target: TracedDeployment['target'], serverUrl: string): Place | undefined {
  const name = target && repositoryOn(serverUrl, target.repository);
  return name === undefined ? undefined : { repository: name, branch: target?.branch ?? '' };
}

function whyKept(pull: Json, { key, run }: { key: DeploymentKey; run: string }): string | undefined {
  const commits = list(at(pull, 'commits', 'nodes')).map((one) => at(one, 'commit'));
  if (Number(at(pull, 'commits', 'totalCount')) !== commits.length)
    return 'it has more commits than are read';
  // A merge of the base branch is nobody's work.
  const own = commits.filter((commit) => Number(at(commit, 'parents', 'totalCount')) < 2);
  for (const commit of own) {
    const { project, environment, tenant, ...made } = parseTrailers(text(at(commit, 'message')) ?? '');
    const sha = (text(at(commit, 'oid')) ?? '').slice(0, 7);
    const isOurs = project === key.project && environment === key.environment && tenant === key.tenant;
    if (!isOurs) return `${sha} is not a commit of this deployment`;
    if (!isOfOlderRun({ run }, made)) return `${sha} is of a newer run, or of one that does not compare`;
  }
  return own.length === 0 ? 'it holds no commit' : undefined;
}

interface PullName {
  readonly owner: string;
  readonly repo: string;
  readonly number: number;
}

/** False: it was merged meanwhile. */
async function close(github: GitHub, { owner, repo, number }: PullName): Promise<boolean> {
  const { data } = await github.request('PATCH /repos/{owner}/{repo}/pulls/{pull_number}', {
    ...{ owner, repo, pull_number: number, state: 'closed' },
  });
  return data.merged_at === null || data.merged_at === undefined;
}

const comment = (github: GitHub, { owner, repo, number }: PullName, url: string): Promise<unknown> =>
  github.request('POST /repos/{owner}/{repo}/issues/{issue_number}/comments', {
    ...{ owner, repo, issue_number: number },
    body: `Closed: superseded by [a newer deployment](${url}) of the same project, environment and tenant.`,
  });
