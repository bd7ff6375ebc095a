import type { PullRequest, Repository } from '../types.ts';
import { account, nodeId, numberFor } from './account.ts';
import { type Links, timestamp } from './links.ts';
import { repositoryApi, simpleRepository } from './repository.ts';

/** `label`. */
export const label = (links: Links, repository: Repository, name: string): object => ({
  id: numberFor(name),
  node_id: nodeId('LA', name),
  url: `${repositoryApi(links, repository)}/labels/${encodeURIComponent(name)}`,
  name,
  description: '',
  color: 'ededed',
  default: false,
});

/** `team-simple`. */
export const team = (links: Links, owner: string, slug: string): object => ({
  id: numberFor(slug),
  node_id: nodeId('T', slug),
  url: `${links.api}/organizations/1/team/${numberFor(slug)}`,
  members_url: `${links.api}/organizations/1/team/${numberFor(slug)}/members{/member}`,
  name: slug,
  description: null,
  permission: 'pull',
  html_url: `${links.web}/orgs/${owner}/teams/${slug}`,
  repositories_url: `${links.api}/organizations/1/team/${numberFor(slug)}/repos`,
  slug,
  type: 'organization',
});

/** The id of a pull request in GraphQL. */
export const pullId = (repository: Repository, pull: PullRequest): string =>
  nodeId('PR', `${repository.id}:${pull.number}`);

/** Why it does not merge at once, or `clean`. */
export function mergeState(repository: Repository, pull: PullRequest): 'draft' | 'blocked' | 'clean' {
  if (pull.draft) return 'draft';
  return repository.gates.has(pull.base) ? 'blocked' : 'clean';
}

/** `auto-merge`. */
const autoMerge = (links: Links, { autoMerge: set }: PullRequest): object | null =>
  set === undefined
    ? null
    : {
        enabled_by: account(links, set.by),
        merge_method: set.method,
        commit_title: set.title,
        commit_message: set.message,
      };

/** `pull-request-simple`: as in lists. */
export function simplePull(links: Links, repository: Repository, pull: PullRequest): object {
  const api = `${repositoryApi(links, repository)}/pulls/${pull.number}`;
  const issue = `${repositoryApi(links, repository)}/issues/${pull.number}`;
  const web = `${links.web}/${repository.fullName}/pull/${pull.number}`;
  const statuses = `${repositoryApi(links, repository)}/statuses/${pull.headSha}`;
  const end = (ref: string, sha: string): object => ({
    label: `${repository.owner}:${ref}`,
    ref,
    sha,
    user: account(links, repository.owner, 'Organization'),
    repo: simpleRepository(links, repository),
  });
  const addresses = {
    url: api,
    html_url: web,
    issue_url: issue,
    comments_url: `${issue}/comments`,
    review_comments_url: `${api}/comments`,
    review_comment_url: `${repositoryApi(links, repository)}/pulls/comments{/number}`,
    commits_url: `${api}/commits`,
    statuses_url: statuses,
  };
  return {
    ...addresses,
    id: numberFor(`${repository.fullName}#${pull.number}`),
    node_id: pullId(repository, pull),
    diff_url: `${web}.diff`,
    patch_url: `${web}.patch`,
    number: pull.number,
    state: pull.state,
    locked: false,
    title: pull.title,
    user: account(links, pull.author),
    body: pull.body,
    labels: pull.labels.map((name) => label(links, repository, name)),
    milestone: null,
    created_at: timestamp(pull.createdAt),
    updated_at: timestamp(pull.updatedAt),
    closed_at: pull.closedAt === undefined ? null : timestamp(pull.closedAt),
    merged_at: pull.mergedAt === undefined ? null : timestamp(pull.mergedAt),
    merge_commit_sha: pull.mergeCommit ?? null,
    assignee: null,
    assignees: [],
    requested_reviewers: pull.reviewers.map((login) => account(links, login)),
    requested_teams: pull.teamReviewers.map((slug) => ({
      ...team(links, repository.owner, slug),
      parent: null,
    })),
    head: end(pull.head, pull.headSha),
    base: end(pull.base, pull.baseSha),
    _links: {
      self: { href: api },
      html: { href: web },
      issue: { href: issue },
      comments: { href: addresses.comments_url },
      review_comments: { href: addresses.review_comments_url },
      review_comment: { href: addresses.review_comment_url },
      commits: { href: addresses.commits_url },
      statuses: { href: statuses },
    },
    author_association: 'CONTRIBUTOR',
    auto_merge: autoMerge(links, pull),
    draft: pull.draft,
  };
}

/** `pull-request`: the single one. */
export function fullPull(links: Links, repository: Repository, pull: PullRequest): object {
  const merged = pull.mergedAt !== undefined;
  return {
    ...simplePull(links, repository, pull),
    requested_teams: pull.teamReviewers.map((slug) => team(links, repository.owner, slug)),
    merged,
    mergeable: merged ? null : true,
    rebaseable: merged ? null : true,
    mergeable_state: merged ? 'unknown' : mergeState(repository, pull),
    merged_by: merged ? account(links, 'octocat') : null,
    comments: [...repository.comments.values()].filter(({ number }) => number === pull.number).length,
    review_comments: 0,
    maintainer_can_modify: false,
    commits: 1,
    additions: 1,
    deletions: 1,
    changed_files: 1,
  };
}
