import type { Issue, PullRequest, Repository } from '../types.ts';
import { account, nodeId, numberFor } from './account.ts';
import { type Links, timestamp } from './links.ts';
import { label } from './pull.ts';
import { repositoryApi } from './repository.ts';

/** What an issue and a pull request have in common: GitHub lists both as issues. */
type Numbered = Pick<
  Issue,
  'number' | 'author' | 'title' | 'body' | 'state' | 'labels' | 'createdAt' | 'updatedAt' | 'closedAt'
>;

function common(links: Links, repository: Repository, one: Numbered, page: string): object {
  const api = repositoryApi(links, repository);
  const url = `${api}/issues/${one.number}`;
  return {
    id: numberFor(`${repository.fullName}#${one.number}`),
    node_id: nodeId('I', `${repository.id}:${one.number}`),
    url,
    repository_url: api,
    labels_url: `${url}/labels{/name}`,
    comments_url: `${url}/comments`,
    events_url: `${url}/events`,
    timeline_url: `${url}/timeline`,
    html_url: `${links.web}/${repository.fullName}/${page}/${one.number}`,
    number: one.number,
    state: one.state,
    title: one.title,
    body: one.body,
    user: account(links, one.author),
    labels: one.labels.map((name) => label(links, repository, name)),
    assignee: null,
    assignees: [],
    milestone: null,
    locked: false,
    active_lock_reason: null,
    comments: [...repository.comments.values()].filter(({ number }) => number === one.number).length,
    created_at: timestamp(one.createdAt),
    updated_at: timestamp(one.updatedAt),
    closed_at: one.closedAt === undefined ? null : timestamp(one.closedAt),
    author_association: 'CONTRIBUTOR',
    performed_via_github_app: null,
  };
}

/** `issue`. */
export const issueBody = (links: Links, repository: Repository, issue: Issue): object => ({
  ...common(links, repository, issue, 'issues'),
  state_reason: issue.stateReason,
});

/** A pull request as a list of issues has it. */
export function pullAsIssue(links: Links, repository: Repository, pull: PullRequest): object {
  const web = `${links.web}/${repository.fullName}/pull/${pull.number}`;
  return {
    ...common(links, repository, pull, 'pull'),
    state_reason: null,
    draft: pull.draft,
    pull_request: {
      url: `${repositoryApi(links, repository)}/pulls/${pull.number}`,
      html_url: web,
      diff_url: `${web}.diff`,
      patch_url: `${web}.patch`,
      merged_at: pull.mergedAt === undefined ? null : timestamp(pull.mergedAt),
    },
  };
}
