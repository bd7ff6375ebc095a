import { notFound } from '../errors.ts';
import { storeOf } from '../object-store.ts';
import { repositoryApi } from '../render/repository.ts';
import type { Reply } from '../types.ts';
import { type Call, param, type Routes, violation } from './route.ts';

/** Above this GitHub leaves the content out. */
const LARGEST = 1024 * 1024;

/** `content-file`. Folders, links and submodules are not played. */
async function getContent(call: Call): Promise<Reply> {
  const { hub, repository, query } = call;
  const path = param(call, 'path');
  const ref = query.get('ref') ?? repository.defaultBranch;
  const found = await storeOf(repository.dir).read(`${ref}:${path}`);
  if (found?.type !== 'blob') return notFound(call.docs);
  if (found.data.length > LARGEST) violation(call, `${path} is larger than the API gives with its content.`);
  const api = repositoryApi(hub.links, repository);
  const self = `${api}/contents/${path}?ref=${ref}`;
  const git = `${api}/git/blobs/${found.sha}`;
  const html = `${hub.links.web}/${repository.fullName}/blob/${ref}/${path}`;
  return {
    status: 200,
    body: {
      type: 'file',
      encoding: 'base64',
      size: found.data.length,
      name: path.split('/').at(-1) ?? '',
      path,
      // In lines of 60, as GitHub's.
      content: found.data.toString('base64').replace(/.{60}/g, '$&\n'),
      sha: found.sha,
      url: self,
      git_url: git,
      html_url: html,
      download_url: `${hub.links.web}/${repository.fullName}/raw/${ref}/${path}`,
      _links: { self, git, html },
    },
  };
}

export const contentRoutes: Routes = {
  'GET /repos/{owner}/{repo}/contents/{path}': {
    permission: 'contents',
    access: 'read',
    docs: 'repos/contents#get-repository-content',
    handle: getContent,
  },
};
