import { git, gitBytes, tryGit } from './git.ts';
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

const ZERO = '0'.repeat(40);

const ident = (who: string, date: number): string => {
  const name = who.includes('<') ? who : `${who} <${who}@users.noreply.example>`;
  return `${name} ${Math.floor(date / 1000)} +0000`;
};

const data = (content: string | Uint8Array): Buffer => {
  const bytes = Buffer.from(content);
  return Buffer.concat([Buffer.from(`data ${bytes.length}\n`), bytes, Buffer.from('\n')]);
};

/** As `fast-import` reads it: other characters stand as they are, control characters too, which JSON would write otherwise. */
const quotePath = (path: string): string =>
  `"${path.replace(/["\\\n]/g, (char) => `\\${char.charCodeAt(0).toString(8).padStart(3, '0')}`)}"`;

const fileCommand = (path: string, file: FileContent): Buffer => {
  if (file === null) return Buffer.from(`D ${quotePath(path)}\n`);
  const plain = typeof file === 'string' || file instanceof Uint8Array;
  const { content, mode } = plain ? { content: file, mode: '100644' } : file;
  return Buffer.concat([Buffer.from(`M ${mode} inline ${quotePath(path)}\n`), data(content)]);
};

/** The name of the branch that `fast-import` wants; dropped before it would be written. */
const scratch = 'refs/stand-in/scratch';

/** Writes a commit object with these changes over `parent`; no ref is written. Returns its SHA. */
export async function writeCommit(
  dir: string,
  parent: string | undefined,
  files: Files,
  options: CommitOptions,
): Promise<string> {
  const stream = [
    Buffer.from(`commit ${scratch}\nmark :1\n`),
    Buffer.from(`author ${ident(options.author, options.date)}\n`),
    Buffer.from(`committer ${ident(options.committer ?? options.author, options.date)}\n`),
    data(options.message),
    Buffer.from(parent === undefined ? '' : `from ${parent}\n`),
    ...Object.entries(files).map(([path, file]) => fileCommand(path, file)),
    Buffer.from(`\nget-mark :1\nreset ${scratch}\nfrom ${ZERO}\n`),
  ];
  const printed = await gitBytes(dir, ['fast-import', '--quiet', '--force'], Buffer.concat(stream));
  return printed.toString().trim();
}

/** Moves a ref from `from` (undefined: it must not exist) to `to`; false when it stood elsewhere: compare and swap. */
export async function moveRef(
  dir: string,
  ref: string,
  from: string | undefined,
  to: string,
): Promise<boolean> {
  const result = await tryGit(dir, ['update-ref', ref, to, from ?? ZERO]);
  return result.code === 0;
}

/** The object that a revision names, or undefined. */
export async function resolveRevision(dir: string, revision: string): Promise<string | undefined> {
  const { code, stdout } = await tryGit(dir, [
    'rev-parse',
    '--verify',
    '--quiet',
    '--end-of-options',
    revision,
  ]);
  return code === 0 ? stdout.toString().trim() : undefined;
}

/** The commit at the head of a branch, or undefined. */
export function branchHead(repository: Repository, branch: string): Promise<string | undefined> {
  return resolveRevision(repository.dir, `refs/heads/${branch}^{commit}`);
}

/** Bytes of a file at a revision, or undefined. */
export async function fileAt(dir: string, revision: string, path: string): Promise<Buffer | undefined> {
  const { code, stdout } = await tryGit(dir, ['cat-file', 'blob', `${revision}:${path}`]);
  return code === 0 ? stdout : undefined;
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
