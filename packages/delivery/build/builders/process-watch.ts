import { readdirSync, readFileSync, statSync } from 'node:fs';

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
        if (inside.reduce((sum, one) => sum + bytesOf(one), 0) > memory) exceeded = 'memory';
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

/** What it has for itself, and what it shares but would not be there without it. */
function bytesOf(pid: number): number {
  const status = read(`/proc/${pid}/status`);
  const kilobytes = [...status.matchAll(/^Rss(?:Anon|Shmem):\s+(\d+) kB$/gm)].map(([, text]) => Number(text));
  return kilobytes.reduce((sum, one) => sum + one * 1024, 0);
}

/** One that has ended meanwhile has no files any more. */
function read(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}
