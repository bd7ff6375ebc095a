import { notFound } from '../errors.ts';
import { storeOf } from '../object-store.ts';
import { commitEntry } from '../render/commit.ts';
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
  const ref = `refs/heads/${name}`;
  const store = storeOf(repository.dir);
  const sha = hub.lags.seen('rest', repository, ref, (await store.read(`${ref}^{commit}`))?.sha);
  const found = sha === undefined ? undefined : await store.read(sha);
  if (found === undefined) return { ...notFound(call.docs), body: missingBranch(call.docs) };
  const web = `${hub.links.web}/${repository.fullName}`;
  const url = `${repositoryApi(hub.links, repository)}/branches/${encodeURIComponent(name)}`;
  const restricted = repository.rules.has(name);
  return {
    status: 200,
    body: {
      name,
      commit: commitEntry(hub.links, repository, found),
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
