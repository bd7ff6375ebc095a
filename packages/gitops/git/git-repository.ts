import { mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { SluiceError } from '@sluice/core/errors';
import type { Git } from '@sluice/core/git';
import { type Clone, createClone, type Lender } from './git-clone.ts';
import { fetchBlobs, fetchCommit } from './git-fetch.ts';
import { commitsBetween, history, relation } from './git-history.ts';
import { type Blob, decodeUtf8, parseBatch, parseSizes, parseTree, type TreeFile } from './git-tree.ts';
import { MAX_FILE } from './read-files.ts';
import type { Relation, Repository, Snapshot } from './repository.ts';

/** A repository that owns a folder on this machine until it is closed. */
export interface OpenRepository extends Repository, AsyncDisposable {
  /** Works in the clone whose files are read. */
  readonly work: Clone;
  /** The path of a folder of this name that is removed with the repository. */
  folder(name: string): string;
}

export interface OpenOptions {
  /** `https://github.com/acme/gitops.git`, without credentials. */
  readonly url: string;
  /** Where the temporary clone may stand: the runner's temporary folder. */
  readonly dir: string;
  /** Makes the Git that works in the given folder and may reach the URL. */
  readonly git: (dir: string) => Git;
  /** A checkout of the same repository, whose objects need not be fetched. */
  readonly lender?: Lender | undefined;
}

interface Seen {
  readonly at: number;
  readonly commit: string;
}

const SHA = /^(?:[0-9a-f]{40}|[0-9a-f]{64})$/;
/** Bytes of contents that `git cat-file` hands over at a time: bounds what is held in memory three times. */
const BATCH = 8_000_000;

/** Opens a repository by plain Git: a bare, shallow, partial clone in a temporary folder, which is removed when it is disposed of. */
export async function openRepository(options: OpenOptions): Promise<OpenRepository> {
  const dir = await temporaryFolder(options.dir);
  const close = async () => rmSync(dir, { recursive: true, force: true, maxRetries: 3 });
  // A clone of its own for questions of ancestry: it holds commits without trees, and a clone that has a commit is
  // never sent its trees again, but has to ask for each alone.
  const files = createClone({ ...options, dir: join(dir, 'files.git') });
  const ancestry = createClone({ url: options.url, git: options.git, dir: join(dir, 'ancestry.git') });
  const snapshots = new Map<string, Promise<Snapshot>>();
  const seen = new Map<string, Seen>();
  const relations = new Map<string, Promise<Relation>>();
  async function resolve(ref: string, maxAgeMs: number): Promise<string | undefined> {
    const last = seen.get(ref);
    if (last !== undefined && performance.now() - last.at < maxAgeMs) return last.commit;
    const at = performance.now();
    const commit = await files((git) => resolveRef(git, ref));
    if (commit === undefined) seen.delete(ref);
    else seen.set(ref, { at, commit });
    return commit;
  }
  return {
    url: options.url,
    work: files,
    folder: (name) => join(dir, name),
    resolve: (ref, maxAgeMs = 0) => resolve(ref, maxAgeMs),
    async defaultBranch() {
      const at = performance.now();
      const { branch, commit } = await files((git) => readDefaultBranch(git, options.url));
      seen.set(`refs/heads/${branch}`, { at, commit });
      return branch;
    },
    snapshot(commit) {
      const known = snapshots.get(commit) ?? openSnapshot(files, commit, options.lender !== undefined);
      snapshots.set(commit, known);
      known.catch(() => snapshots.delete(commit));
      return known;
    },
    async relation(commit, other) {
      const key = `${commit} ${other}`;
      const known = relations.get(key) ?? ancestry((git) => relation(git, commit, other));
      relations.set(key, known);
      // Hundreds of applications ask the same of two commits. That one leads to the other never changes; that it does not may be
      // because the repository did not have one of them yet.
      const isForGood = await known.then(
        (found) => found !== 'diverged',
        () => false,
      );
      if (!isForGood && relations.get(key) === known) relations.delete(key);
      return known;
    },
    commitsBetween: (from, to, paths, limit) =>
      files((git) => commitsBetween(git, { from, to }, paths, limit)),
    history: (commit, paths, limit, within) => files((git) => history(git, commit, paths, limit, within)),
    [Symbol.asyncDispose]: close,
  };
}

async function temporaryFolder(parent: string): Promise<string> {
  try {
    return mkdtempSync(join(parent, 'sluice-git-'));
  } catch (cause) {
    const why = cause instanceof Error && 'code' in cause ? ` (${String(cause.code)})` : '';
    const message = `No temporary folder can be made in ${parent}, which RUNNER_TEMP names${why}.`;
    throw new SluiceError('input', 'invalid-environment', message, {
      hint: 'Let the user of the job write there, and see that the disk is not full.',
      cause,
    });
  }
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

async function readDefaultBranch(git: Git, url: string): Promise<{ branch: string; commit: string }> {
  const answer = await git.run(['ls-remote', '--quiet', '--symref', 'origin', 'HEAD']);
  const branch = /^ref: refs\/heads\/(\S+)\tHEAD$/m.exec(answer)?.[1];
  const commit = /^([0-9a-f]{40,64})\tHEAD$/m.exec(answer)?.[1];
  if (branch === undefined || commit === undefined) {
    // Git takes a web page that answers in a server's place for a repository without branches.
    const message = `${url} has no default branch: it is empty, or what answers there is not a Git server.`;
    throw new SluiceError('input', 'empty-repository', message, {
      hint: 'Push a first commit; on a server of your own check GITHUB_SERVER_URL and the proxy.',
    });
  }
  return { branch, commit };
}

async function openSnapshot(clone: Clone, commit: string, isLent: boolean): Promise<Snapshot> {
  const listing = await clone(async (git) => {
    if (!isLent || !(await hasCommit(git, commit))) await fetchCommit(git, commit);
    return git.run(['ls-tree', '-r', '-z', '--full-tree', commit]);
  });
  const tree = new Map(parseTree(listing).map((file) => [file.path, file]));
  return {
    commit,
    async list(path) {
      return [...tree.values()].filter((file) => isAtOrBelow(file.path, path)).map(withoutOid);
    },
    async read(paths, wanted = () => true) {
      const files = Map.groupBy(
        paths.flatMap((path) => tree.get(path) ?? []),
        ({ oid }) => oid,
      );
      const texts = new Map<string, string>();
      await clone((git) =>
        visitBlobs(git, [...files.keys()], (oid, bytes) => {
          for (const { path } of files.get(oid) ?? []) {
            const text = wanted(path, bytes) && bytes !== 'too-large' ? decodeUtf8(bytes) : undefined;
            if (text !== undefined) texts.set(path, text);
          }
        }),
      );
      return texts;
    },
  };
}

async function hasCommit(git: Git, commit: string): Promise<boolean> {
  const listed = await git.run(['cat-file', '--batch-check'], { input: `${commit}\n` });
  return / commit \d+$/m.test(listed);
}

/** Hands over the content of each file that is not too large, some at a time: of a large repository little is held at once. */
async function visitBlobs(
  git: Git,
  oids: readonly string[],
  visit: (oid: string, bytes: Buffer | 'too-large') => void,
): Promise<void> {
  if (oids.length === 0) return;
  await fetchBlobs(git, oids);
  const listed = parseSizes(await git.run(['cat-file', '--batch-check'], { input: `${oids.join('\n')}\n` }));
  const { small = [], large = [] } = Object.groupBy(listed, ({ size }) =>
    size > MAX_FILE ? 'large' : 'small',
  );
  for (const { oid } of large) visit(oid, 'too-large');
  for (const batch of batchesOf(small)) {
    const input = `${batch.map(({ oid }) => oid).join('\n')}\n`;
    const contents = parseBatch(await git.bytes(['cat-file', '--batch'], { input }));
    for (const [oid, bytes] of contents) visit(oid, bytes);
  }
}

function batchesOf(blobs: readonly Blob[]): readonly (readonly Blob[])[] {
  const batches: Blob[][] = [];
  let room = 0;
  for (const blob of blobs) {
    const last = batches.at(-1);
    if (last === undefined || blob.size > room) {
      batches.push([blob]);
      room = BATCH;
    } else last.push(blob);
    room -= blob.size;
  }
  return batches;
}

function isAtOrBelow(path: string, folder: string): boolean {
  return folder === '.' || folder === '' || path === folder || path.startsWith(`${folder}/`);
}

function withoutOid({ path, mode }: TreeFile) {
  return { path, mode };
}
