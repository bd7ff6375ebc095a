import { appendFileSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { git } from './git.ts';
import { branchHead, type CommitOptions, type Files, writeCommit } from './objects.ts';
import { PUSH_RULES } from './push-rules.ts';
import { moveRef } from './ref-store.ts';
import type { AutoMerge, PullRequest, Repository } from './types.ts';

/** What GitHub's servers allow and Git's defaults do not: pushes over HTTP, partial clones, any commit by its SHA. */
const config = `
[http]
	receivepack = true
[uploadpack]
	allowFilter = true
	allowAnySHA1InWant = true
[transfer]
	hideRefs = refs/stand-in
[gc]
	auto = 0
[include]
	path = ${PUSH_RULES}
`;

/** GitHub's limit of a file, bytes (https://docs.github.com/repositories/working-with-files/managing-large-files/about-large-files-on-github). */
const LARGEST_FILE = 100 * 1024 * 1024;

export interface NewRepository {
  readonly id: number;
  readonly fullName: string;
  /** Folder of the bare repositories. */
  readonly root: string;
  readonly defaultBranch: string;
  readonly private: boolean;
  readonly createdAt: number;
}

/** An empty repository on disk and its state. */
export async function createBareRepository(given: NewRepository): Promise<Repository> {
  const { root, ...known } = given;
  const [owner = '', name = ''] = given.fullName.split('/');
  const dir = join(root, `${given.fullName}.git`);
  mkdirSync(dir, { recursive: true });
  const branch = `--initial-branch=${given.defaultBranch}`;
  await git(dir, ['init', '--quiet', '--bare', '--template=', branch, '.']);
  appendFileSync(join(dir, 'config'), config);
  return {
    ...known,
    owner,
    name,
    dir,
    rules: new Map(),
    secretPatterns: [],
    largestFile: LARGEST_FILE,
    pulls: new Map(),
    issues: new Map(),
    dropsLabels: false,
    releases: [],
    deployments: new Map(),
    comments: new Map(),
    runs: [],
    concurrencyGroups: new Map(),
    checkRuns: [],
    statuses: [],
    workflows: new Map(),
    dispatches: [],
    parksBotRuns: false,
    nextNumber: 1,
    actionsMayCreatePullRequests: true,
    allowsAutoMerge: false,
    allowsDrafts: true,
    mergeMethods: new Set(['merge', 'squash', 'rebase']),
    gates: new Set(),
    collaborators: new Set(['alice', 'bob', 'carol']),
    teams: new Set(['ops', 'platform']),
  };
}

/** How often somebody pushes again whose push lost a race. */
const MOST_PUSHES = 10;

/** Somebody's commit, past every rule, on top of whatever is there when it is pushed; the branch begins at the default one where it is not there. Resolves with the SHA. */
export async function commitOn(
  repository: Repository,
  branch: string,
  files: Files,
  options: CommitOptions,
): Promise<string> {
  const { dir, defaultBranch } = repository;
  for (let pushes = 0; pushes < MOST_PUSHES; pushes++) {
    const head = await branchHead(repository, branch);
    const fresh = head === undefined && branch !== defaultBranch;
    const parent = fresh ? await branchHead(repository, defaultBranch) : head;
    const sha = await writeCommit(dir, parent, files, options);
    if (await moveRef(dir, `refs/heads/${branch}`, head, sha)) return sha;
  }
  throw new Error(`${branch} moved ${MOST_PUSHES} times meanwhile`);
}

function openPull(repository: Repository, number: number): PullRequest {
  const pull = repository.pulls.get(number);
  if (pull?.state !== 'open') throw new Error(`${repository.fullName} has no open pull request ${number}`);
  return pull;
}

/** The merge of two commits as a tree; throws on a conflict. */
const merged = (dir: string, base: string, head: string): Promise<string> =>
  git(dir, ['merge-tree', '--write-tree', base, head]);

interface Merge {
  readonly pull: PullRequest;
  readonly base: string;
  readonly head: string;
  /** Who merges, for Git. */
  readonly who: readonly string[];
}

/** The three ways of GitHub's button; each resolves with the commit at which the base branch then stands. */
const methods: Readonly<Record<AutoMerge['method'], (of: Repository, merge: Merge) => Promise<string>>> = {
  async merge({ dir, owner }, { pull, base, head, who }) {
    const message = `Merge pull request #${pull.number} from ${owner}/${pull.head}\n\n${pull.title}`;
    const tree = await merged(dir, base, head);
    return git(dir, [...who, 'commit-tree', tree, '-p', base, '-p', head, '-m', message]);
  },
  async squash({ dir }, { pull, base, head, who }) {
    const messages = await git(dir, ['log', '--reverse', '--format=* %B', `${base}..${head}`]);
    const message = `${pull.title} (#${pull.number})\n\n${messages}`;
    const tree = await merged(dir, base, head);
    return git(dir, [...who, 'commit-tree', tree, '-p', base, '-m', message]);
  },
  async rebase({ dir }, { base, head, who }) {
    const commits = await git(dir, ['rev-list', '--reverse', '--no-merges', `${base}..${head}`]);
    let tip = base;
    for (const commit of commits.split('\n').filter((line) => line !== '')) {
      const tree = await merged(dir, base, commit);
      const message = await git(dir, ['log', '-1', '--format=%B', commit]);
      tip = await git(dir, [...who, 'commit-tree', tree, '-p', tip, '-m', message]);
    }
    return tip;
  },
};

/** Merges an open pull request, by default with a merge commit, as a person would in the browser. Throws on a conflict. */
export async function mergePull(
  repository: Repository,
  number: number,
  author: string,
  now: number,
  method: AutoMerge['method'] = 'merge',
): Promise<string> {
  const { dir } = repository;
  const pull = openPull(repository, number);
  const base = await branchHead(repository, pull.base);
  const head = await branchHead(repository, pull.head);
  if (base === undefined || head === undefined) throw new Error('A branch of the pull request is gone');
  const who = ['-c', `user.name=${author}`, '-c', `user.email=${author}@users.noreply.example`];
  const sha = await methods[method](repository, { pull, base, head, who });
  const moved = await moveRef(dir, `refs/heads/${pull.base}`, base, sha);
  if (!moved) throw new Error(`${pull.base} moved meanwhile`);
  const ended = { state: 'closed', mergeCommit: sha, mergedAt: now, closedAt: now, updatedAt: now } as const;
  Object.assign(pull, ended, { headSha: head, baseSha: base });
  return sha;
}
