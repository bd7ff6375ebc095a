import { git } from './git.ts';
import { storeOf } from './object-store.ts';
import { PACK_FROM, writeBlobs } from './pack.ts';
import { editTree, type TreeEntry } from './trees.ts';
import type { Repository } from './types.ts';

/** Text or bytes; `null` deletes; a mode where it is not a plain file (`120000`: the content is the link's target). */
export type FileContent =
  | string
  | Uint8Array
  | null
  | { readonly content: string | Uint8Array; readonly mode: '100644' | '100755' | '120000' };
export type Files = Readonly<Record<string, FileContent>>;

export interface CommitOptions {
  readonly message: string;
  /** `alice` or `Alice <alice@example.com>`. */
  readonly author: string;
  /** Milliseconds since the epoch. */
  readonly date: number;
  readonly committer?: string;
}

export interface LogEntry {
  readonly sha: string;
  readonly parents: readonly string[];
  readonly author: string;
  readonly date: number;
  readonly message: string;
}

export const ident = (who: string, date: number): string => {
  const name = who.includes('<') ? who : `${who} <${who}@users.noreply.example>`;
  return `${name} ${Math.floor(date / 1000)} +0000`;
};

const plain = (file: FileContent): { content: string | Uint8Array; mode: string } | null =>
  typeof file === 'string' || file instanceof Uint8Array ? { content: file, mode: '100644' } : file;

export interface CommitObject {
  readonly tree: string;
  readonly parents: readonly string[];
  /** `Alice <alice@example.com> 1700000000 +0000`. */
  readonly author: string;
  readonly committer: string;
  readonly message: string;
}

/** The parts of a commit object; a signature is passed over. */
export function parseCommit(data: Buffer): CommitObject {
  const text = data.toString();
  const end = text.indexOf('\n\n');
  const lines = text.slice(0, end).split('\n');
  const all = (name: string): string[] =>
    lines.filter((line) => line.startsWith(`${name} `)).map((line) => line.slice(name.length + 1));
  const [tree = ''] = all('tree');
  const [author = ''] = all('author');
  const [committer = ''] = all('committer');
  return { tree, parents: all('parent'), author, committer, message: text.slice(end + 2) };
}

/** Writes a commit object. Resolves with its SHA. */
export const writeCommitObject = (dir: string, commit: CommitObject): Promise<string> =>
  storeOf(dir).write(
    'commit',
    Buffer.from(
      [
        `tree ${commit.tree}`,
        ...commit.parents.map((parent) => `parent ${parent}`),
        `author ${commit.author}`,
        `committer ${commit.committer}`,
        '',
        commit.message,
      ].join('\n'),
    ),
  );

/** Writes the contents. Resolves with what becomes of the tree. */
async function writeFiles(dir: string, files: Files): Promise<Map<string, TreeEntry | null>> {
  const wanted = Object.entries(files).map(([path, file]) => ({ path, file: plain(file) }));
  const contents = wanted.flatMap(({ file }) => (file === null ? [] : [Buffer.from(file.content)]));
  const store = storeOf(dir);
  const shas =
    contents.length > PACK_FROM
      ? await writeBlobs(dir, contents)
      : await Promise.all(contents.map((content) => store.write('blob', content)));
  const next = shas.values();
  return new Map(
    wanted.map(({ path, file }) => [
      path,
      file === null ? null : { mode: file.mode, sha: next.next().value ?? '' },
    ]),
  );
}

/** Writes a commit object with these changes over `parent`; no ref is written. Returns its SHA. */
export async function writeCommit(
  dir: string,
  parent: string | undefined,
  files: Files,
  options: CommitOptions,
): Promise<string> {
  const store = storeOf(dir);
  const found = parent === undefined ? undefined : await store.read(parent);
  const changes = await writeFiles(dir, files);
  return writeCommitObject(dir, {
    tree: await editTree(dir, found === undefined ? undefined : parseCommit(found.data).tree, changes),
    parents: parent === undefined ? [] : [parent],
    author: ident(options.author, options.date),
    committer: ident(options.committer ?? options.author, options.date),
    message: options.message,
  });
}

/** The object that a revision names, or undefined. */
export async function resolveRevision(dir: string, revision: string): Promise<string | undefined> {
  return (await storeOf(dir).read(revision))?.sha;
}

/** The commit at the head of a branch, or undefined. */
export function branchHead(repository: Repository, branch: string): Promise<string | undefined> {
  return resolveRevision(repository.dir, `refs/heads/${branch}^{commit}`);
}

/** Bytes of a file at a revision, or undefined. */
export async function fileAt(dir: string, revision: string, path: string): Promise<Buffer | undefined> {
  const found = await storeOf(dir).read(`${revision}:${path}`);
  return found?.type === 'blob' ? found.data : undefined;
}

/** Commits reachable from a revision, newest first. */
export async function commitLog(dir: string, revision: string, limit: number): Promise<LogEntry[]> {
  const text = await git(dir, [
    'log',
    `-n${limit}`,
    '--format=%H%x00%P%x00%an%x00%ct%x00%B%x01',
    revision,
    '--',
  ]);
  return text
    .split('\x01')
    .map((entry) => entry.replace(/^\n/, '').split('\0'))
    .filter((fields) => fields.length === 5)
    .map(([sha = '', parents = '', author = '', date = '0', message = '']) => ({
      sha,
      parents: parents.split(' ').filter(Boolean),
      author,
      date: Number(date) * 1000,
      message: message.trimEnd(),
    }));
}
