import { mkdtemp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { SluiceError } from '@sluice/core/errors';
import type { Git } from '@sluice/core/git';
import { fetchBlobs, fetchCommit } from './git-fetch.ts';
import { commitsBetween, history, relation } from './git-history.ts';
import { decodeUtf8, parseBatch, parseTree, type TreeFile } from './git-tree.ts';
import type { Repository, Snapshot } from './repository.ts';

/** A repository that owns a folder on this machine until it is closed. */
export interface OpenRepository extends Repository, AsyncDisposable {}

export interface OpenOptions {
  /** `https://github.com/acme/gitops.git`, without credentials. */
  readonly url: string;
  /** Where the temporary clone may stand: the runner's temporary folder. */
  readonly dir: string;
  /** Makes the Git that works in the given folder and may reach the URL. */
  readonly git: (dir: string) => Git;
}

const SHA = /^(?:[0-9a-f]{40}|[0-9a-f]{64})$/;
// Contents that `git cat-file` hands over at a time: bounds what is held in memory twice.
const BATCH = 500;

/** Opens a repository by plain Git: a bare, shallow, partial clone in a temporary folder, which is removed when it is disposed of. */
export async function openRepository(options: OpenOptions): Promise<OpenRepository> {
  const dir = await mkdtemp(join(options.dir, 'sluice-git-'));
  const close = () => rm(dir, { recursive: true, force: true, maxRetries: 3 });
  const git = options.git(dir);
  try {
    await git.run(['init', '--quiet', '--bare', '.']);
    await git.run(['remote', 'add', 'origin', options.url]);
  } catch (error) {
    await close();
    throw error;
  }
  const snapshots = new Map<string, Promise<Snapshot>>();
  return {
    url: options.url,
    resolve: (ref) => resolveRef(git, ref),
    defaultBranch: () => readDefaultBranch(git, options.url),
    snapshot(commit) {
      const known = snapshots.get(commit) ?? openSnapshot(git, commit);
      snapshots.set(commit, known);
      known.catch(() => snapshots.delete(commit));
      return known;
    },
    relation: (commit, other) => relation(git, commit, other),
    commitsBetween: (from, to, paths, limit) => commitsBetween(git, { from, to }, paths, limit),
    history: (commit, paths, limit) => history(git, commit, paths, limit),
    [Symbol.asyncDispose]: close,
  };
}

async function resolveRef(git: Git, ref: string): Promise<string | undefined> {
  if (SHA.test(ref)) return ref;
  const names =
    ref === 'HEAD' || ref.startsWith('refs/')
      ? [ref]
      : [`refs/heads/${ref}`, `refs/tags/${ref}^{}`, `refs/tags/${ref}`];
  const refs = new Map<string, string>();
  for (const line of (await git.run(['ls-remote', '--quiet', 'origin', ...names])).split('\n')) {
    const [sha, name] = line.split('\t');
    if (sha !== undefined && name !== undefined) refs.set(name, sha);
  }
  return names.map((name) => refs.get(name)).find((sha) => sha !== undefined);
}

async function readDefaultBranch(git: Git, url: string): Promise<string> {
  const answer = await git.run(['ls-remote', '--quiet', '--symref', 'origin', 'HEAD']);
  const branch = /^ref: refs\/heads\/(\S+)\tHEAD$/m.exec(answer)?.[1];
  if (branch === undefined) {
    throw new SluiceError('input', 'empty-repository', `${url} has no default branch: it is empty.`, {
      hint: 'Push a first commit, or name the branch in the input `branch`.',
    });
  }
  return branch;
}

async function openSnapshot(git: Git, commit: string): Promise<Snapshot> {
  await fetchCommit(git, commit);
  const listing = await git.run(['ls-tree', '-r', '-z', '--full-tree', commit]);
  const tree = new Map(parseTree(listing).map((file) => [file.path, file]));
  return {
    commit,
    async list(path) {
      return [...tree.values()].filter((file) => isAtOrBelow(file.path, path)).map(withoutOid);
    },
    async read(paths) {
      const files = paths.flatMap((path) => tree.get(path) ?? []);
      const contents = await readBlobs(git, [...new Set(files.map((file) => file.oid))]);
      const texts = new Map<string, string>();
      for (const file of files) {
        const bytes = contents.get(file.oid);
        const text = bytes && decodeUtf8(bytes);
        if (text !== undefined) texts.set(file.path, text);
      }
      return texts;
    },
  };
}

async function readBlobs(git: Git, oids: readonly string[]): Promise<ReadonlyMap<string, Buffer>> {
  await fetchBlobs(git, oids);
  const contents = new Map<string, Buffer>();
  for (let start = 0; start < oids.length; start += BATCH) {
    const input = `${oids.slice(start, start + BATCH).join('\n')}\n`;
    for (const [oid, bytes] of parseBatch(await git.bytes(['cat-file', '--batch'], { input }))) {
      contents.set(oid, bytes);
    }
  }
  return contents;
}

function isAtOrBelow(path: string, folder: string): boolean {
  return folder === '.' || folder === '' || path === folder || path.startsWith(`${folder}/`);
}

function withoutOid({ path, mode }: TreeFile) {
  return { path, mode };
}
