import { notAccessible, unprocessable } from '../errors.ts';
import { storeOf } from '../object-store.ts';
import { treeBody, typeOfMode } from '../render/tree.ts';
import { allows } from '../tokens.ts';
import { editTree, entryAt, type TreeEntry } from '../trees.ts';
import type { Reply } from '../types.ts';
import { type Call, text, violation } from './route.ts';

const sha1 = /^[0-9a-f]{40}$/;

interface Entry {
  readonly path: string;
  readonly mode: string;
  readonly type: string;
  /** null deletes. */
  readonly sha: string | null | undefined;
  readonly content: string | undefined;
}

function entriesOf(call: Call): Entry[] {
  const listed: unknown = call.body.tree;
  return (Array.isArray(listed) ? listed : []).map((item) => {
    const { path, mode, type, sha, content } = Object(item);
    return {
      path: String(path ?? ''),
      mode: String(mode ?? ''),
      type: String(type ?? ''),
      sha: sha === null || typeof sha === 'string' ? sha : undefined,
      content: typeof content === 'string' ? content : undefined,
    };
  });
}

/** What is wrong with one entry, whatever the repository holds; in GitHub's words where they are known. */
function malformed({ path, mode, type, sha, content }: Entry): string | undefined {
  if (path.split('/').some((part) => ['', '.', '..', '.git'].includes(part)))
    return 'tree.path contains a malformed path component';
  if (mode === '' || (type !== '' && type !== typeOfMode(mode)))
    return `tree.type ${type} does not fit tree.mode ${mode}`;
  if ((sha === undefined) === (content === undefined)) return 'Must supply either tree.sha or tree.content';
  return undefined;
}

async function missing(call: Call, { mode, sha }: Entry): Promise<string | undefined> {
  if (typeof sha !== 'string' || mode === '160000') return undefined;
  const found = sha1.test(sha) ? await storeOf(call.repository.dir).read(sha) : undefined;
  return found?.type === typeOfMode(mode) ? undefined : `tree.sha ${sha} is not a valid ${typeOfMode(mode)}`;
}

async function baseOf(call: Call, base: string | undefined): Promise<string | null | undefined> {
  if (base === undefined) return undefined;
  const found = sha1.test(base) ? await storeOf(call.repository.dir).read(`${base}^{tree}`) : undefined;
  return found?.sha ?? null;
}

/** A path with `sha: null` that the base does not have; GitHub answers so to what it cannot make a tree of. */
async function absent(call: Call, base: string | undefined, entries: readonly Entry[]): Promise<boolean> {
  for (const { path, sha } of entries) {
    if (sha !== null) continue;
    if (base === undefined || (await entryAt(call.repository.dir, base, path)) === undefined) return true;
  }
  return false;
}

/** `POST /repos/{owner}/{repo}/git/trees`: the files of `tree` over those of `base_tree`; without it every other file is gone. */
export async function createTree(call: Call): Promise<Reply> {
  const { dir } = call.repository;
  const entries = entriesOf(call);
  const base = await baseOf(call, text(call.body, 'base_tree'));
  if (base === null) return unprocessable('base_tree is not a valid tree oid', call.docs);
  if (base === undefined) violation(call, 'A tree without base_tree drops every file that it does not name.');
  if (new Set(entries.map(({ path }) => path)).size !== entries.length)
    violation(call, 'A path stands twice in a tree.');
  for (const entry of entries) {
    const wrong = malformed(entry);
    if (wrong !== undefined) violation(call, wrong);
    const problem = wrong ?? (await missing(call, entry));
    if (problem !== undefined) return unprocessable(problem, call.docs);
  }
  if (await absent(call, base, entries)) return unprocessable('GitRPC::BadObjectState', call.docs);
  const workflows = entries.some(({ path }) => path.startsWith('.github/workflows/'));
  if (workflows && !allows(call.token, 'workflows', 'write'))
    return notAccessible(['workflows'], 'write', call.docs);
  const changes = new Map<string, TreeEntry | null>();
  for (const { path, mode, sha, content } of entries) {
    const wanted =
      sha ?? (content === undefined ? null : await storeOf(dir).write('blob', Buffer.from(content)));
    changes.set(path, wanted === null ? null : { mode: mode.replace(/^0/, ''), sha: wanted });
  }
  const found = await storeOf(dir).read(await editTree(dir, base, changes));
  if (found === undefined) throw new Error('The tree that was written is not there');
  return { status: 201, body: treeBody(call.hub.links, call.repository, found) };
}
