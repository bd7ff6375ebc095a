import type { Permissions, Repository } from '../types.ts';
import { account, nodeId } from './account.ts';
import { type Links, timestamp } from './links.ts';

/** The names of the `*_url` fields that are the repository's API address and one word more. */
const urls = {
  archive_url: '{archive_format}{/ref}',
  assignees_url: 'assignees{/user}',
  blobs_url: 'git/blobs{/sha}',
  branches_url: 'branches{/branch}',
  collaborators_url: 'collaborators{/collaborator}',
  comments_url: 'comments{/number}',
  commits_url: 'commits{/sha}',
  compare_url: 'compare/{base}...{head}',
  contents_url: 'contents/{+path}',
  contributors_url: 'contributors',
  deployments_url: 'deployments',
  downloads_url: 'downloads',
  events_url: 'events',
  forks_url: 'forks',
  git_commits_url: 'git/commits{/sha}',
  git_refs_url: 'git/refs{/sha}',
  git_tags_url: 'git/tags{/sha}',
  hooks_url: 'hooks',
  issue_comment_url: 'issues/comments{/number}',
  issue_events_url: 'issues/events{/number}',
  issues_url: 'issues{/number}',
  keys_url: 'keys{/key_id}',
  labels_url: 'labels{/name}',
  languages_url: 'languages',
  merges_url: 'merges',
  milestones_url: 'milestones{/number}',
  notifications_url: 'notifications{?since,all,participating}',
  pulls_url: 'pulls{/number}',
  releases_url: 'releases{/id}',
  stargazers_url: 'stargazers',
  statuses_url: 'statuses/{sha}',
  subscribers_url: 'subscribers',
  subscription_url: 'subscription',
  tags_url: 'tags',
  teams_url: 'teams',
  trees_url: 'git/trees{/sha}',
} as const;

/** The API address of a repository. */
export const repositoryApi = (links: Links, repository: Repository): string =>
  `${links.api}/repos/${repository.fullName}`;

/** `repository`: as it stands in a pull request or an installation token. */
export function simpleRepository(links: Links, repository: Repository): object {
  const api = repositoryApi(links, repository);
  const web = `${links.web}/${repository.fullName}`;
  const created = timestamp(repository.createdAt);
  return {
    id: repository.id,
    node_id: nodeId('R', repository.id),
    name: repository.name,
    full_name: repository.fullName,
    owner: account(links, repository.owner, 'Organization'),
    private: repository.private,
    html_url: web,
    description: null,
    fork: false,
    url: api,
    ...Object.fromEntries(Object.entries(urls).map(([field, end]) => [field, `${api}/${end}`])),
    git_url: `${web.replace(/^http/, 'git')}.git`,
    ssh_url: `git@127.0.0.1:${repository.fullName}.git`,
    clone_url: `${web}.git`,
    svn_url: web,
    mirror_url: null,
    homepage: null,
    language: null,
    license: null,
    default_branch: repository.defaultBranch,
    has_issues: true,
    has_projects: false,
    has_wiki: false,
    has_pages: false,
    has_downloads: true,
    has_discussions: false,
    archived: false,
    disabled: false,
    visibility: repository.private ? 'private' : 'public',
    size: 1,
    forks: 0,
    forks_count: 0,
    open_issues: 0,
    open_issues_count: 0,
    stargazers_count: 0,
    watchers: 0,
    watchers_count: 0,
    pushed_at: created,
    created_at: created,
    updated_at: created,
  };
}

/** What only those see who may push. */
const mergeSettings = ({ allowsAutoMerge, mergeMethods }: Repository): object => ({
  allow_auto_merge: allowsAutoMerge,
  allow_merge_commit: mergeMethods.has('merge'),
  allow_squash_merge: mergeMethods.has('squash'),
  allow_rebase_merge: mergeMethods.has('rebase'),
});

/** `full-repository`: `GET /repos/{owner}/{repo}`. */
export function fullRepository(links: Links, repository: Repository, permissions: Permissions): object {
  return {
    ...simpleRepository(links, repository),
    network_count: 0,
    subscribers_count: 0,
    ...(permissions.contents === 'write' ? mergeSettings(repository) : {}),
    permissions: {
      admin: false,
      maintain: false,
      push: permissions.contents === 'write',
      triage: false,
      pull: true,
    },
  };
}
