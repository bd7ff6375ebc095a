import { type ChildProcess, spawn } from 'node:child_process';
import { createHash, randomBytes } from 'node:crypto';
import { access, mkdir, rename, writeFile } from 'node:fs/promises';
import { Socket } from 'node:net';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { deflate } from 'node:zlib';
import { plainGit } from './git.ts';

export type ObjectType = 'blob' | 'tree' | 'commit' | 'tag';

export interface GitObject {
  readonly sha: string;
  readonly type: ObjectType;
  readonly data: Buffer;
}

/** The objects of one bare repository: one process that reads for all requests, and writes without any. */
export interface ObjectStore {
  /** The object that a revision names, as it stands now; undefined where there is none. */
  read(revision: string): Promise<GitObject | undefined>;
  /** Writes a loose object. Resolves with its SHA. */
  write(type: ObjectType, data: Uint8Array): Promise<string>;
  close(): void;
}

type Waiting = (found: GitObject | undefined) => void;

const isType = (text: string): text is ObjectType => ['blob', 'tree', 'commit', 'tag'].includes(text);

/** Takes the answers of `git cat-file --batch` apart: `<sha> <type> <size>` and the bytes, or `<name> missing`. */
function createReader(waiting: Waiting[]): (chunk: Buffer) => void {
  let chunks: Buffer[] = [];
  let have = 0;
  let need = 1;
  return (chunk) => {
    chunks.push(chunk);
    have += chunk.length;
    while (have >= need) {
      const all = chunks.length === 1 ? (chunks[0] ?? chunk) : Buffer.concat(chunks);
      chunks = [all];
      const end = all.indexOf(10);
      if (end < 0) {
        need = have + 1;
        return;
      }
      const [sha = '', type = '', size = ''] = all.toString('utf8', 0, end).split(' ');
      const found = isType(type) && /^\d+$/.test(size);
      const length = found ? Number(size) + 1 : 0; // a line end follows the bytes
      need = end + 1 + length;
      if (have < need) return;
      const data = all.subarray(end + 1, end + length);
      chunks = [all.subarray(need)];
      have -= need;
      need = 1;
      waiting.shift()?.(found ? { sha, type, data } : undefined);
    }
  };
}

/** Keeps no process alive that has nothing else to do. */
function release(child: ChildProcess): void {
  child.unref();
  for (const stream of child.stdio) if (stream instanceof Socket) stream.unref();
}

const compress = promisify(deflate);

async function writeLoose(dir: string, sha: string, whole: Buffer): Promise<void> {
  const folder = join(dir, 'objects', sha.slice(0, 2));
  const file = join(folder, sha.slice(2));
  const known = await access(file).then(
    () => true,
    () => false,
  );
  if (known) return;
  await mkdir(folder, { recursive: true });
  const temporary = join(folder, `tmp_obj_${randomBytes(6).toString('hex')}`);
  await writeFile(temporary, await compress(whole, { level: 1 }), { mode: 0o444 });
  await rename(temporary, file);
}

function createObjectStore(dir: string): ObjectStore {
  let child: ChildProcess | undefined;
  const waiting: Waiting[] = [];
  const start = (): ChildProcess => {
    const started = spawn('git', ['cat-file', '--batch'], {
      cwd: dir,
      env: { ...plainGit },
      stdio: ['pipe', 'pipe', 'ignore'],
    });
    const end = (): void => {
      if (child === started) child = undefined;
      for (const settle of waiting.splice(0)) settle(undefined);
    };
    started.on('error', end);
    started.on('close', end);
    started.stdin?.on('error', () => {});
    started.stdout?.on('data', createReader(waiting));
    release(started);
    return started;
  };
  return {
    read(revision) {
      if (revision === '' || /[\r\n\0]/.test(revision)) return Promise.resolve(undefined);
      child ??= start();
      const asked = child;
      return new Promise((resolve) => {
        waiting.push(resolve);
        asked.stdin?.write(`${revision}\n`);
      });
    },
    async write(type, data) {
      const whole = Buffer.concat([Buffer.from(`${type} ${data.length}\0`), data]);
      const sha = createHash('sha1').update(whole).digest('hex');
      await writeLoose(dir, sha, whole);
      return sha;
    },
    close() {
      child?.kill();
    },
  };
}

const stores = new Map<string, ObjectStore>();

/** The store of a bare repository; made when it is first asked for. */
export function storeOf(dir: string): ObjectStore {
  const store = stores.get(dir) ?? createObjectStore(dir);
  stores.set(dir, store);
  return store;
}

/** Ends the reading process of a bare repository. */
export function closeStore(dir: string): void {
  stores.get(dir)?.close();
  stores.delete(dir);
}
