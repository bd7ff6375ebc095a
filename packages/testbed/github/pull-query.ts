import { GraphQLError } from 'graphql';
import { git } from './git.ts';
import { forbidden } from './graphql-refusal.ts';
import { commitLog } from './objects.ts';
import { allows } from './tokens.ts';
import type { PullRequest, Repository, Token } from './types.ts';

interface Asked {
  readonly first?: number;
  readonly headRefName?: string | null;
  readonly baseRefName?: string | null;
  readonly states?: readonly string[] | null;
}

const stateOf = ({ mergedAt, state }: PullRequest): string =>
  mergedAt === undefined ? state.toUpperCase() : 'MERGED';

/** `PullRequest.commits`, oldest first as GitHub's page shows them. */
async function commitsOf({ dir }: Repository, pull: PullRequest, first: number): Promise<object> {
  const count = Number(await git(dir, ['rev-list', '--count', `${pull.baseSha}..${pull.headSha}`]));
  const log = await commitLog(dir, `${pull.baseSha}..${pull.headSha}`, Math.max(count, 1));
  const nodes = log.toReversed().map(({ sha, parents, message }) => ({
    commit: { oid: sha, message, parents: () => ({ totalCount: parents.length }) },
  }));
  return { totalCount: count, nodes: nodes.slice(0, first) };
}

/** `repository.pullRequests`, newest first. */
export function pullRequestsQuery(token: Token, repository: Repository) {
  return ({ first = 0, headRefName, baseRefName, states }: Asked): object => {
    if (!allows(token, 'pull_requests', 'read')) throw forbidden();
    if (first < 1 || first > 100) throw new GraphQLError('Requesting more records than the limit of 100');
    const found = [...repository.pulls.values()]
      .reverse()
      .filter((pull) => pull.head === (headRefName ?? pull.head) && pull.base === (baseRefName ?? pull.base))
      .filter((pull) => states?.includes(stateOf(pull)) ?? true);
    return {
      totalCount: found.length,
      nodes: found.slice(0, first).map((pull) => ({
        number: pull.number,
        state: stateOf(pull),
        headRefOid: pull.headSha,
        baseRefName: pull.base,
        isCrossRepository: false,
        commits: (of: { readonly first?: number }) => commitsOf(repository, pull, of.first ?? 0),
      })),
    };
  };
}
