import { notFound } from '../errors.ts';
import { git, tryGit } from '../git.ts';
import { type GitObject, storeOf } from '../object-store.ts';
import { commitEntry } from '../render/commit.ts';
import { diffEntries } from '../render/diff-entry.ts';
import { repositoryApi } from '../render/repository.ts';
import type { Reply } from '../types.ts';
import { type Call, param, type Routes, violation } from './route.ts';

/** The most commits of one page. */
const LARGEST_PAGE = 250;

async function commitOf(call: Call, revision: string): Promise<GitObject | undefined> {
  const plain = revision.replace(`${call.repository.owner}:`, '');
  const { dir } = call.repository;
  return (await storeOf(dir).read(`refs/heads/${plain}^{commit}`)) ?? storeOf(dir).read(`${plain}^{commit}`);
}

const statusOf = (ahead: number, behind: number): string => {
  if (ahead > 0) return behind > 0 ? 'diverged' : 'ahead';
  return behind > 0 ? 'behind' : 'identical';
};

async function compare(call: Call): Promise<Reply> {
  const { hub, repository, query } = call;
  const { dir } = repository;
  const [, from = '', to = ''] = /^(.+?)\.\.\.(.+)$/.exec(param(call, 'basehead')) ?? [];
  if (from === '') violation(call, 'What is compared is not BASE...HEAD.');
  const base = await commitOf(call, from);
  const head = await commitOf(call, to);
  if (base === undefined || head === undefined) return notFound(call.docs);
  const { code, stdout } = await tryGit(dir, ['merge-base', base.sha, head.sha]);
  const shared = code === 0 ? await storeOf(dir).read(stdout.toString().trim()) : undefined;
  if (shared === undefined) return notFound(call.docs); // GitHub: "No common ancestor"
  const counted = await git(dir, ['rev-list', '--left-right', '--count', `${base.sha}...${head.sha}`]);
  const [behind = 0, ahead = 0] = counted.split('\t').map(Number);
  const size = Math.min(Number(query.get('per_page') ?? LARGEST_PAGE), LARGEST_PAGE);
  const skip = (Number(query.get('page') ?? 1) - 1) * size;
  const listed = await git(dir, ['rev-list', '--reverse', '--topo-order', `${base.sha}..${head.sha}`]);
  const shas = listed.split('\n').filter(Boolean);
  const commits = await Promise.all(shas.slice(skip, skip + size).map(async (sha) => storeOf(dir).read(sha)));
  const web = `${hub.links.web}/${repository.fullName}/compare/${from}...${to}`;
  const range = `${shared.sha}..${head.sha}`;
  const raw = await git(dir, ['diff', '--raw', '-z', '--no-renames', '--no-abbrev', range]);
  const render = (found: GitObject): object => commitEntry(hub.links, repository, found);
  return {
    status: 200,
    body: {
      url: `${repositoryApi(hub.links, repository)}/compare/${from}...${to}`,
      html_url: web,
      permalink_url: `${hub.links.web}/${repository.fullName}/compare/${base.sha}...${head.sha}`,
      diff_url: `${web}.diff`,
      patch_url: `${web}.patch`,
      base_commit: render(base),
      merge_base_commit: render(shared),
      status: statusOf(ahead, behind),
      ahead_by: ahead,
      behind_by: behind,
      total_commits: ahead,
      commits: commits.filter((one) => one !== undefined).map(render),
      files: diffEntries(hub.links, repository, raw, head.sha),
    },
  };
}

export const compareRoutes: Routes = {
  'GET /repos/{owner}/{repo}/compare/{basehead}': {
    permission: 'contents',
    access: 'read',
    docs: 'commits/commits#compare-two-commits',
    handle: compare,
  },
};
