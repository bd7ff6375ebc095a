import { readdirSync, readFileSync, statfsSync, statSync } from 'node:fs';
import { join } from 'node:path';

/** How often is looked; what is taken between two looks is held back by the limit of each process. */
const EVERY_MS = 50;

export interface Limits {
  /** Bytes, of all processes together. */
  readonly memory: number;
  /** Milliseconds. */
  readonly timeout: number;
  readonly signal: AbortSignal;
}

export interface ProcessWatch {
  /** Watches what a process has started, and ends it beyond the limits; gives back what ends the watch. */
  watch(pid: number): () => void;
  /** The limit that it went beyond. */
  exceeded(): 'memory' | 'time' | undefined;
}

/**
 * Ends the processes of a container when they take too long, or more memory together than they may: buildah has no limit of time, and sets
 * cgroups for some isolations alone, and not without a systemd session of one's own. The container ends before its builder does, which
 * then cleans up after it: ended itself, it would leave the container running (seen with the isolation `oci`). What has its root in the
 * file system of the runner is the builder, and does not count.
 */
export function processWatch({ memory, timeout, signal }: Limits): ProcessWatch {
  let exceeded: 'memory' | 'time' | undefined;
  return {
    watch(pid) {
      const end = performance.now() + timeout;
      const endInside = () => {
        for (const one of descendants(pid).filter(isInside)) kill(one);
      };
      const look = () => {
        if (exceeded === undefined && performance.now() > end) exceeded = 'time';
        const inside = exceeded === undefined ? descendants(pid).filter(isInside) : [];
        if (bytesOf(inside) > memory) exceeded = 'memory';
        // Again and again: what is ended may have started others meanwhile.
        if (exceeded !== undefined) endInside();
      };
      const timer = setInterval(look, EVERY_MS);
      signal.addEventListener('abort', endInside);
      return () => {
        clearInterval(timer);
        signal.removeEventListener('abort', endInside);
      };
    },
    exceeded: () => exceeded,
  };
}

function kill(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {}
}

/** The processes that `pid` has started, and those that they have. */
function descendants(pid: number): readonly number[] {
  const children = new Map<number, number[]>();
  for (const name of readdirSync('/proc')) {
    const parent = /^\d+$/.test(name) ? parentOf(name) : undefined;
    if (parent !== undefined) children.set(parent, [...(children.get(parent) ?? []), Number(name)]);
  }
  const found: number[] = [];
  for (let next = [pid]; next.length > 0; ) {
    next = next.flatMap((one) => children.get(one) ?? []);
    found.push(...next);
  }
  return found;
}

/** `pid (name) state ppid …`; the name may hold anything. */
function parentOf(pid: string): number | undefined {
  const parent = /\) \S (\d+) [^)]*$/.exec(read(`/proc/${pid}/stat`))?.[1];
  return parent === undefined ? undefined : Number(parent);
}

function isInside(pid: number): boolean {
  try {
    const [own, theirs] = [statSync('/'), statSync(`/proc/${pid}/root/`)];
    return own.ino !== theirs.ino || own.dev !== theirs.dev;
  } catch {
    return false;
  }
}

/**
 * What they have for themselves, and what they share but would not be there without them: what is mapped, and all that is in /dev/shm, mapped
 * or not.
 */
function bytesOf(pids: readonly number[]): number {
  const statuses = pids.map((pid) => read(`/proc/${pid}/status`));
  const shared = Math.max(total(statuses, /^RssShmem:\s+(\d+) kB$/m), Math.max(0, ...pids.map(bytesInShm)));
  return total(statuses, /^RssAnon:\s+(\d+) kB$/m) + shared;
}

const total = (statuses: readonly string[], field: RegExp): number =>
  statuses.reduce((sum, status) => sum + Number(field.exec(status)?.[1] ?? 0) * 1024, 0);

/** https://man7.org/linux/man-pages/man2/statfs.2.html */
const TMPFS = 0x01021994;

/** Of one that is its container's own: neither the machine's nor a folder of the image. */
function bytesInShm(pid: number): number {
  try {
    const root = `/proc/${pid}/root/`;
    const path = join(root, 'dev/shm');
    const { dev } = statSync(path);
    if (dev === statSync(root).dev || dev === statSync('/dev/shm', { throwIfNoEntry: false })?.dev) return 0;
    const { type, blocks, bfree, bsize } = statfsSync(path);
    return type === TMPFS ? (blocks - bfree) * bsize : 0;
  } catch {
    return 0;
  }
}

/** One that has ended meanwhile has no files any more. */
function read(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}
