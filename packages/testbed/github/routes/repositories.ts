import { notFound } from '../errors.ts';
import { branchHead, commitLog } from '../objects.ts';
import { account, nodeId } from '../render/account.ts';
import { timestamp } from '../render/links.ts';
import { fullRepository, repositoryApi } from '../render/repository.ts';
import type { Reply } from '../types.ts';
import { type Call, param, type Routes } from './route.ts';

const getRepository = ({ hub, repository, token }: Call): Reply => ({
  status: 200,
  body: fullRepository(hub.links, repository, token.permissions),
});

async function getBranch(call: Call): Promise<Reply> {
  const { hub, repository } = call;
  const name = param(call, 'branch');
  const sha = await branchHead(repository, name);
  const [entry] = sha === undefined ? [] : await commitLog(repository.dir, sha, 1);
  if (sha === undefined || entry === undefined)
    return { ...notFound(call.docs), body: missingBranch(call.docs) };
  const api = repositoryApi(hub.links, repository);
  const web = `${hub.links.web}/${repository.fullName}`;
  const url = `${api}/branches/${encodeURIComponent(name)}`;
  const who = { name: entry.author, email: 'noreply@github.com', date: timestamp(entry.date) };
  const restricted = repository.rules.has(name);
  return {
    status: 200,
    body: {
      name,
      commit: {
        sha,
        node_id: nodeId('C', sha),
        url: `${api}/commits/${sha}`,
        html_url: `${web}/commit/${sha}`,
        comments_url: `${api}/commits/${sha}/comments`,
        commit: {
          author: who,
          committer: who,
          message: entry.message,
          tree: { sha, url: `${api}/git/trees/${sha}` },
          url: `${api}/git/commits/${sha}`,
          comment_count: 0,
        },
        author: account(hub.links, entry.author),
        committer: account(hub.links, entry.author),
        parents: entry.parents.map((parent) => ({ sha: parent, url: `${api}/commits/${parent}` })),
      },
      _links: { self: url, html: `${web}/tree/${name}` },
      protected: restricted,
      protection: { enabled: restricted },
      protection_url: `${url}/protection`,
    },
  };
}

const missingBranch = (docs: string): object => ({
  message: 'Branch not found',
  documentation_url: docs,
  status: '404',
});

export const repositoryRoutes: Routes = {
  'GET /repos/{owner}/{repo}': {
    permission: 'metadata',
    access: 'read',
    docs: 'repos/repos#get-a-repository',
    handle: getRepository,
  },
  'GET /repos/{owner}/{repo}/branches/{branch}': {
    permission: 'contents',
    access: 'read',
    docs: 'branches/branches#get-a-branch',
    handle: getBranch,
  },
};
