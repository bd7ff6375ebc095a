import { notFound, unprocessable } from '../errors.ts';
import { storeOf } from '../object-store.ts';
import { repositoryApi } from '../render/repository.ts';
import { treeBody } from '../render/tree.ts';
import type { Reply } from '../types.ts';
import { createTree } from './git-trees.ts';
import { type Call, param, type Routes, text, violation } from './route.ts';

/** The largest blob that the API takes, bytes (https://docs.github.com/rest/git/blobs). */
const LARGEST_BLOB = 100 * 1024 * 1024;

async function createBlob(call: Call): Promise<Reply> {
  const encoding = text(call.body, 'encoding') ?? 'utf-8';
  const content = text(call.body, 'content') ?? '';
  if (encoding !== 'utf-8' && encoding !== 'base64') {
    violation(call, `A blob comes in ${JSON.stringify(encoding)}: utf-8 or base64 is needed.`);
    return unprocessable('Unsupported encoding', call.docs);
  }
  const bytes = Buffer.from(content, encoding);
  if (encoding === 'base64' && bytes.toString('base64') !== content.replace(/\s/g, '')) {
    violation(call, 'The content of a blob is not base64.');
    return unprocessable('content is not valid Base64', call.docs);
  }
  if (bytes.length > LARGEST_BLOB) return unprocessable('The blob is too large', call.docs);
  const sha = await storeOf(call.repository.dir).write('blob', bytes);
  return {
    status: 201,
    body: { sha, url: `${repositoryApi(call.hub.links, call.repository)}/git/blobs/${sha}` },
  };
}

async function getTree(call: Call): Promise<Reply> {
  const { dir } = call.repository;
  const found = await storeOf(dir).read(`${param(call, 'tree_sha')}^{tree}`);
  if (found === undefined) return notFound(call.docs);
  if (call.query.has('recursive')) violation(call, 'The stand-in lists one folder of a tree only.');
  return { status: 200, body: treeBody(call.hub.links, call.repository, found) };
}

const reads = { permission: 'contents', access: 'read' } as const;
const writes = { permission: 'contents', access: 'write' } as const;

export const gitDataRoutes: Routes = {
  'POST /repos/{owner}/{repo}/git/blobs': { ...writes, docs: 'git/blobs#create-a-blob', handle: createBlob },
  'POST /repos/{owner}/{repo}/git/trees': { ...writes, docs: 'git/trees#create-a-tree', handle: createTree },
  'GET /repos/{owner}/{repo}/git/trees/{tree_sha}': {
    ...reads,
    docs: 'git/trees#get-a-tree',
    handle: getTree,
  },
};
