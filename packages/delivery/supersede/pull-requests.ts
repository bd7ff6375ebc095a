import { SluiceError } from '@sluice/core/errors';
import type { GitHub } from '@sluice/core/github';
import { at, type Json, list, text } from '@sluice/core/json';
import { isOfOlderRun, parseTrailers } from '@sluice/gitops/commit/trailers';
import { pullRequestBranch } from '@sluice/gitops/pull-request/pull-request-text';
import type { DeploymentKey } from '../deployment.ts';
import type { Ended } from './fate.ts';
import type { Home } from './home.ts';
import { sameKey, type TracedDeployment } from './plan-deployments.ts';

export interface ClosedPulls {
  /** `owner/name#5`. */
  readonly closed: readonly string[];
  /** Why one stays open: somebody's own work is in it, or a newer deployment's. */
  readonly kept: readonly string[];
  /** What failed. */
  readonly failed: readonly string[];
}

/** More commits than these no pull request of ours has. */
const COMMITS = 100;
const FIND = `query Pulls($owner: String!, $name: String!, $head: String!, $base: String!) {
  repository(owner: $owner, name: $name) {
    pullRequests(first: 10, states: [OPEN], headRefName: $head, baseRefName: $base) {
      nodes {
        number isCrossRepository
        commits(first: ${COMMITS}) { totalCount nodes { commit { oid message parents(first: 2) { totalCount } } } }
      }
    }
  }
}`;

/**
 * Closes the pull request of an image bump whose run was cancelled while it waited for its merge, with a word that names the newer run: whoever
 * merged it now would deploy what nobody wants any more. There is one branch for a key. It stays open where it holds a commit that is none of ours, or a newer one.
 */
export async function closePulls(
  home: Home,
  key: DeploymentKey,
  ended: readonly Ended[],
  by: number,
): Promise<ClosedPulls> {
  const done = { closed: [] as string[], kept: [] as string[], failed: [] as string[] };
  for (const { repository, branch: base } of targetsOf(key, ended)) {
    const head = pullRequestBranch({ ...key, branch: base, files: [] });
    const github = home.elsewhere(repository);
    const [owner = '', repo = ''] = repository.split('/');
    try {
      const asked = { owner, name: repo, head, base };
      const nodes = await github.graphql(FIND, asked, (data) =>
        list(at(data, 'repository', 'pullRequests', 'nodes')),
      );
      // A fork may have a branch of that name.
      for (const pull of nodes.filter((one) => at(one, 'isCrossRepository') !== true)) {
        const number = Number(at(pull, 'number'));
        const name = `${repository}#${number}`;
        const why = whyKept(pull, { key, run: `${home.name}/${by}/1` });
        if (why !== undefined) done.kept.push(`${name} stays open: ${why}.`);
        else if (await close(github, { owner, repo, number }, home.urlOf(by))) done.closed.push(name);
        else done.kept.push(`${name} was merged before it could be closed.`);
      }
    } catch (error) {
      if (!(error instanceof SluiceError) || home.world.signal.aborted) throw error;
      done.failed.push(`The pull request of ${head} in ${repository} was not closed: ${error.message}`);
    }
  }
  return done;
}

function targetsOf(
  key: DeploymentKey,
  ended: readonly Ended[],
): readonly NonNullable<TracedDeployment['target']>[] {
  const targets = ended
    .filter(({ item, fate }) => item.why === 'awaited-merge' && fate.type === 'cancelled')
    .flatMap(({ item }) => item.deployments.filter((one) => sameKey(one.key, key)))
    .flatMap(({ target }) => target ?? []);
  return [...new Map(targets.map((one) => [`${one.repository} ${one.branch}`, one])).values()];
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

/** False: it was merged meanwhile. */
async function close(
  github: GitHub,
  { owner, repo, number }: { readonly owner: string; readonly repo: string; readonly number: number },
  url: string,
): Promise<boolean> {
  const { data } = await github.request('PATCH /repos/{owner}/{repo}/pulls/{pull_number}', {
    ...{ owner, repo, pull_number: number, state: 'closed' },
  });
  if (data.merged_at !== null && data.merged_at !== undefined) return false;
  await github.request('POST /repos/{owner}/{repo}/issues/{issue_number}/comments', {
    ...{ owner, repo, issue_number: number },
    body: `Closed: superseded by [a newer deployment](${url}) of the same project, environment and tenant.`,
  });
  return true;
}
