import { notFound, unprocessable } from '../errors.ts';
import { storeOf } from '../object-store.ts';
import { writeCommitObject } from '../objects.ts';
import { commitBody } from '../render/commit.ts';
import type { Reply } from '../types.ts';
import { type Call, param, type Routes, text, texts, violation } from './route.ts';

const sha1 = /^[0-9a-f]{40}$/;

/** Who GitHub's own key signs for: commits of the API without an author or a committer of their own (https://docs.github.com/authentication/managing-commit-signature-verification/about-commit-signature-verification#signature-verification-for-bots). */
const SIGNER = 'GitHub <noreply@github.com>';

/** The line of a person whom the body names, or undefined. */
function lineOf(given: unknown, now: number): string | undefined {
  const { name, email, date } = Object(given);
  if (typeof name !== 'string' || typeof email !== 'string') return undefined;
  const at = typeof date === 'string' ? Date.parse(date) : now;
  return `${name} <${email}> ${Math.floor(at / 1000)} +0000`;
}

/** Writes the commit that a request describes. The committer is the author where none is given, and both are the token's, signed by GitHub, where neither is. */
function commitFrom(call: Call, tree: string, parents: readonly string[]): Promise<string> {
  const { hub, token, body, repository } = call;
  const now = hub.now();
  const at = `${Math.floor(now / 1000)} +0000`;
  const own = `${token.actor} <${token.actor}@users.noreply.github.com> ${at}`;
  const author = lineOf(body.author, now);
  const committer =
    lineOf(body.committer, now) ?? author ?? (token.actor.endsWith('[bot]') ? `${SIGNER} ${at}` : own);
  const message = text(body, 'message') ?? '';
  return writeCommitObject(repository.dir, { tree, parents, author: author ?? own, committer, message });
}

const isType = async (call: Call, sha: string, type: string): Promise<boolean> => {
  const found = sha1.test(sha) ? await storeOf(call.repository.dir).read(sha) : undefined;
  return found?.type === type;
};

async function createCommit(call: Call): Promise<Reply> {
  const tree = text(call.body, 'tree') ?? '';
  const parents = texts(call.body, 'parents');
  if (!(await isType(call, tree, 'tree'))) return unprocessable('Tree SHA does not exist', call.docs);
  for (const parent of parents) {
    if (!(await isType(call, parent, 'commit'))) {
      return unprocessable('Parent SHA does not exist or is not a commit object', call.docs);
    }
  }
  if ((text(call.body, 'message') ?? '').trim() === '') violation(call, 'A commit has an empty message.');
  const sha = await commitFrom(call, tree, parents);
  const found = await storeOf(call.repository.dir).read(sha);
  return found === undefined
    ? notFound(call.docs)
    : { status: 201, body: commitBody(call.hub.links, call.repository, found) };
}

async function getCommit(call: Call): Promise<Reply> {
  const sha = param(call, 'commit_sha');
  const found = sha1.test(sha) ? await storeOf(call.repository.dir).read(sha) : undefined;
  if (found?.type !== 'commit') return notFound(call.docs);
  return { status: 200, body: commitBody(call.hub.links, call.repository, found) };
}

export const gitCommitRoutes: Routes = {
  'POST /repos/{owner}/{repo}/git/commits': {
    permission: 'contents',
    access: 'write',
    docs: 'git/commits#create-a-commit',
    handle: createCommit,
  },
  'GET /repos/{owner}/{repo}/git/commits/{commit_sha}': {
    permission: 'contents',
    access: 'read',
    docs: 'git/commits#get-a-commit-object',
    handle: getCommit,
  },
};
