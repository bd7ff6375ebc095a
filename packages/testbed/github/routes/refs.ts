import { notFound, unprocessable } from '../errors.ts';
import { git, tryGit } from '../git.ts';
import { storeOf } from '../object-store.ts';
import { parseCommit, resolveRevision } from '../objects.ts';
import { moveRef } from '../ref-store.ts';
import { nodeId } from '../render/account.ts';
import { repositoryApi } from '../render/repository.ts';
import { brokenRule, isSigned, restRefusal, ruleOf } from '../rules.ts';
import type { Reply } from '../types.ts';
import { type Call, param, type Routes, text, violation } from './route.ts';

const sha1 = /^[0-9a-f]{40}$/;

function rendered({ hub, repository }: Call, ref: string, sha: string): object {
  const api = repositoryApi(hub.links, repository);
  return {
    ref,
    node_id: nodeId('REF', ref),
    url: `${api}/git/${ref}`,
    object: { type: 'commit', sha, url: `${api}/git/commits/${sha}` },
  };
}

/** The part of the path after `git/ref/`: `heads/main`; with `refs/` before it GitHub finds nothing. */
function named(call: Call): string {
  const ref = param(call, 'ref');
  if (ref.startsWith('refs/')) violation(call, `The path names ${ref}: it must not begin with refs/.`);
  return `refs/${ref}`;
}

const isCommit = async (call: Call, sha: string): Promise<boolean> =>
  (await resolveRevision(call.repository.dir, `${sha}^{commit}`)) === sha;

async function getRef(call: Call): Promise<Reply> {
  const ref = named(call);
  const { hub, repository } = call;
  const sha = hub.lags.seen('rest', repository, ref, await resolveRevision(repository.dir, ref));
  return sha === undefined ? notFound(call.docs) : { status: 200, body: rendered(call, ref, sha) };
}

/** Those whose name begins so, in the order of their names; none is no error. */
async function matchingRefs(call: Call): Promise<Reply> {
  const prefix = named(call);
  const lines = await git(call.repository.dir, ['for-each-ref', '--format=%(refname) %(objectname)']);
  const refs = lines.split('\n').flatMap((line) => {
    const [ref = '', sha = ''] = line.split(' ');
    return ref.startsWith(prefix) ? [rendered(call, ref, sha)] : [];
  });
  return { status: 200, body: refs };
}

async function badSha(call: Call, sha: string): Promise<Reply | undefined> {
  if (!sha1.test(sha)) {
    violation(call, `sha is ${JSON.stringify(sha)}: 40 hexadecimal digits are needed.`);
    return unprocessable(
      'The sha parameter must be exactly 40 characters and contain only [0-9a-f].',
      call.docs,
    );
  }
  return (await isCommit(call, sha)) ? undefined : unprocessable('Object does not exist', call.docs);
}

async function createRef(call: Call): Promise<Reply> {
  const { dir } = call.repository;
  const ref = text(call.body, 'ref') ?? '';
  const sha = text(call.body, 'sha') ?? '';
  const wellFormed =
    /^refs\/[^/]+\/.+/.test(ref) && (await tryGit(dir, ['check-ref-format', ref])).code === 0;
  if (!wellFormed) {
    violation(call, `ref is ${JSON.stringify(ref)}: a full name, refs/heads/…, is needed.`);
    return unprocessable(`${ref} is not a valid ref name.`, call.docs);
  }
  const bad = await badSha(call, sha);
  if (bad !== undefined) return bad;
  const rule = brokenRule(call.repository, ref, { signed: await isSigned(dir, sha), forced: false });
  if (rule !== undefined) return restRefusal(rule, call.docs);
  const moved = await moveRef(dir, ref, undefined, sha);
  if (!moved) return unprocessable('Reference already exists', call.docs);
  call.hub.lags.moved(call.repository, ref, undefined);
  return { status: 201, body: rendered(call, ref, sha) };
}

/** Whether `to` has `from` in its history; the usual case, a commit right on top, costs no process. */
async function isForward(dir: string, from: string, to: string): Promise<boolean> {
  const found = await storeOf(dir).read(to);
  if (found !== undefined && parseCommit(found.data).parents.includes(from)) return true;
  return (await tryGit(dir, ['merge-base', '--is-ancestor', from, to])).code === 0;
}

async function updateRef(call: Call): Promise<Reply> {
  const { dir } = call.repository;
  const ref = named(call);
  const sha = text(call.body, 'sha') ?? '';
  const bad = await badSha(call, sha);
  if (bad !== undefined) return bad;
  const old = await resolveRevision(dir, ref);
  if (old === undefined) return unprocessable('Reference does not exist', call.docs);
  const forward = await isForward(dir, old, sha);
  const write = { signed: await isSigned(dir, sha), forced: !forward };
  const rule = brokenRule(call.repository, ref, write);
  if (rule !== undefined && (forward || call.body.force === true)) return restRefusal(rule, call.docs);
  if (!forward && call.body.force !== true) return unprocessable('Update is not a fast forward', call.docs);
  const moved = await moveRef(dir, ref, old, sha);
  if (moved) call.hub.lags.moved(call.repository, ref, old);
  return moved
    ? { status: 200, body: rendered(call, ref, sha) }
    : unprocessable('Reference update failed', call.docs);
}

async function deleteRef(call: Call): Promise<Reply> {
  const { dir, defaultBranch } = call.repository;
  const ref = named(call);
  const old = await resolveRevision(dir, ref);
  if (old === undefined) return unprocessable('Reference does not exist', call.docs);
  const rule = ruleOf(call.repository, ref);
  if (rule !== undefined || ref === `refs/heads/${defaultBranch}`) {
    return restRefusal(rule ?? { kind: 'protection', wants: 'pull-request' }, call.docs);
  }
  const { code } = await tryGit(dir, ['update-ref', '-d', ref, old]);
  return code === 0 ? { status: 204 } : unprocessable('Reference update failed', call.docs);
}

const reads = { permission: 'contents', access: 'read' } as const;
const writes = { permission: 'contents', access: 'write' } as const;

export const refRoutes: Routes = {
  'GET /repos/{owner}/{repo}/git/ref/{ref}': { ...reads, docs: 'git/refs#get-a-reference', handle: getRef },
  'GET /repos/{owner}/{repo}/git/matching-refs/{ref}': {
    ...reads,
    docs: 'git/refs#list-matching-references',
    handle: matchingRefs,
  },
  'POST /repos/{owner}/{repo}/git/refs': {
    ...writes,
    docs: 'git/refs#create-a-reference',
    handle: createRef,
  },
  'PATCH /repos/{owner}/{repo}/git/refs/{ref}': {
    ...writes,
    docs: 'git/refs#update-a-reference',
    handle: updateRef,
  },
  'DELETE /repos/{owner}/{repo}/git/refs/{ref}': {
    ...writes,
    docs: 'git/refs#delete-a-reference',
    handle: deleteRef,
  },
};
