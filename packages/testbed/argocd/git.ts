import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { readBranch } from './refs.ts';

/** Reads repositories as Argo CD's repo-server does: any revision, whole trees, nothing written. */
export interface GitReader {
  /** The commit that a branch, tag or `HEAD` names now; throws with Argo CD's words when it names none. */
  resolve(repoURL: string, revision: string): Promise<string>;
  /** Every text file of a commit by its path. */
  files(repoURL: string, commit: string): Promise<ReadonlyMap<string, string>>;
  /** What `revisions/{rev}/metadata` answers. */
  metadata(repoURL: string, commit: string): Promise<{ author: string; date: string; message: string }>;
  close(): void;
}

const fullSha = /^[0-9a-f]{40}$/;
/** Larger files are no manifests. */
const maxFileBytes = 1_000_000;

async function git(dir: string, args: readonly string[], input = ''): Promise<Buffer> {
  const env = { PATH: process.env.PATH ?? '', GIT_TERMINAL_PROMPT: '0', GIT_CONFIG_NOSYSTEM: '1', HOME: dir };
  const child = spawn('git', ['-C', dir, ...args], { env, stdio: ['pipe', 'pipe', 'pipe'] });
  const out: Buffer[] = [];
  const err: Buffer[] = [];
  child.stdout.on('data', (chunk: Buffer) => out.push(chunk));
  child.stderr.on('data', (chunk: Buffer) => err.push(chunk));
  child.stdin.on('error', () => undefined);
  child.stdin.end(input);
  const code = await new Promise<number>((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (status) => resolve(status ?? 1));
  });
  if (code !== 0) throw new Error(Buffer.concat(err).toString('utf8').trim() || `git ${args[0]} failed`);
  return Buffer.concat(out);
}

interface Blob {
  readonly path: string;
  readonly sha: string;
}

async function listBlobs(dir: string, commit: string): Promise<readonly Blob[]> {
  const listing = (await git(dir, ['ls-tree', '-r', '-z', '-l', commit])).toString('utf8');
  return listing.split('\0').flatMap((line) => {
    const match = /^100\d+ blob ([0-9a-f]+) +(\d+)\t(.*)$/s.exec(line);
    const [, sha, size, name] = match ?? [];
    if (sha === undefined || name === undefined || Number(size) > maxFileBytes) return [];
    return [{ path: name, sha }];
  });
}

/** Splits the answer of `cat-file --batch`: a header line, the bytes, a line end, for each blob in order. */
function splitBatch(batch: Buffer, count: number): readonly string[] {
  const texts: string[] = [];
  let offset = 0;
  for (let i = 0; i < count; i++) {
    const end = batch.indexOf(10, offset);
    const size = Number(batch.subarray(offset, end).toString('utf8').split(' ')[2]);
    texts.push(batch.subarray(end + 1, end + 1 + size).toString('utf8'));
    offset = end + 1 + size + 1;
  }
  return texts;
}

/**
 * @param locate where to read a repository from: a bare repository's folder, or a URL that git can fetch from.
 */
export function createGitReader(locate: (repoURL: string) => string): GitReader {
  const scratch = mkdtempSync(path.join(tmpdir(), 'argocd-repos-'));
  const mirrors = new Map<string, string>();
  const blobs = new Map<string, string>();
  const trees = new Map<string, Promise<ReadonlyMap<string, string>>>();

  /** A folder to read from; for a URL a mirror, fetched when `fresh` is asked. */
  async function folder(repoURL: string, fresh: boolean): Promise<string> {
    const place = locate(repoURL);
    if (existsSync(place)) return place;
    let mirror = mirrors.get(place);
    if (mirror === undefined) {
      mirror = path.join(scratch, String(mirrors.size));
      await git(scratch, ['init', '-q', '--bare', mirror]);
      mirrors.set(place, mirror);
    } else if (!fresh) return mirror;
    await git(mirror, [
      'fetch',
      '-q',
      '--prune',
      place,
      '+refs/heads/*:refs/heads/*',
      '+refs/tags/*:refs/tags/*',
    ]);
    return mirror;
  }

  async function load(repoURL: string, commit: string): Promise<ReadonlyMap<string, string>> {
    let dir = await folder(repoURL, false);
    const listed = await listBlobs(dir, commit).catch(async () => {
      dir = await folder(repoURL, true);
      return listBlobs(dir, commit).catch(() => {
        throw new Error(notOurRef(commit));
      });
    });
    const missing = [...new Set(listed.map((blob) => blob.sha))].filter((sha) => !blobs.has(sha));
    const batch =
      missing.length === 0
        ? Buffer.alloc(0)
        : await git(dir, ['cat-file', '--batch'], `${missing.join('\n')}\n`);
    splitBatch(batch, missing.length).forEach((text, i) => {
      const sha = missing[i];
      if (sha !== undefined) blobs.set(sha, text);
    });
    return new Map(listed.map((blob) => [blob.path, blobs.get(blob.sha) ?? '']));
  }

  return {
    async resolve(repoURL, revision) {
      if (fullSha.test(revision)) return revision;
      const dir = await folder(repoURL, true).catch(() => {
        throw new Error('failed to list refs: repository not found: ');
      });
      const branch = await readBranch(dir, revision);
      if (branch !== undefined) return branch;
      const out = await git(dir, ['rev-parse', '--verify', '--quiet', `${revision}^{commit}`]).catch(() => {
        throw new Error(`unable to resolve '${revision}' to a commit SHA`);
      });
      return out.toString('utf8').trim();
    },
    files(repoURL, commit) {
      const key = `${repoURL} ${commit}`;
      const tree = trees.get(key) ?? load(repoURL, commit);
      trees.set(key, tree);
      tree.catch(() => trees.delete(key));
      return tree;
    },
    async metadata(repoURL, commit) {
      const dir = await folder(repoURL, true);
      const out = await git(dir, ['show', '-s', '--format=%an <%ae>%x00%ct%x00%B', commit]).catch(() => {
        throw new Error(notOurRef(commit));
      });
      const [author = '', seconds = '0', message = ''] = out.toString('utf8').split('\0');
      const date = new Date(Number(seconds) * 1000).toISOString().replace('.000Z', 'Z');
      return { author, date, message: message.trim() };
    },
    close() {
      rmSync(scratch, { recursive: true, force: true });
    },
  };
}

/** The words for a commit that the repository does not have. */
export function notOurRef(commit: string): string {
  return `Failed to checkout revision ${commit}: \`git fetch origin ${commit} --tags --force --prune\` failed exit status 128: fatal: remote error: upload-pack: not our ref ${commit}`;
}
