import { spawn } from 'node:child_process';
import { linesOf } from './lines.ts';

/** How a program ended. */
export interface Ended {
  /** Of its exit; undefined where it was not started, or was ended by a signal. */
  readonly code: number | undefined;
  /** The last lines that it wrote, on both streams, without colours. */
  readonly lines: readonly string[];
  /** The beginning of what it wrote to its standard output. */
  readonly stdout: string;
  /** It did not end in its time, and was ended. */
  readonly timedOut: boolean;
  /** Why it could not be started: `ENOENT` where it is not on PATH. */
  readonly failure?: string;
}

export interface Running {
  readonly env: Readonly<Record<string, string>>;
  readonly cwd?: string;
  readonly signal?: AbortSignal;
  /** Milliseconds after which it is ended. */
  readonly timeout?: number;
  /** Is told each line at once. */
  readonly say?: (line: string) => void;
  /** Is told the id of the process; what it gives back is called at the end. */
  readonly watch?: (pid: number) => () => void;
}

/** Runs a program from an array of arguments, without a shell. Throws the signal's reason alone. */
export type RunProgram = (program: string, args: readonly string[], how: Running) => Promise<Ended>;

/** What is kept of the standard output: a state or a version, never a log. */
const MOST_STDOUT = 1_000_000;
/** How long the pipes of a program that has ended are read on: a grandchild may hold them open for ever. */
const DRAIN_MS = 500;
/** The runner kills us some seconds after a cancellation. */
const GRACE_MS = 1000;

/**
 * As a group of processes of its own: what it has started ends with it. Not by `systemExec` of core, which keeps all of the output,
 * has no limit of time, and ends the program alone.
 */
export const runProgram: RunProgram = async (program, args, how) => {
  how.signal?.throwIfAborted();
  const tail = linesOf(how.say);
  return new Promise((resolve, reject) => {
    const child = spawn(program, [...args], {
      ...(how.cwd === undefined ? {} : { cwd: how.cwd }),
      env: how.env,
      stdio: ['ignore', 'pipe', 'pipe'],
      detached: true,
    });
    let stdout = '';
    let timedOut = false;
    child.stdout.on('data', (chunk: Buffer) => {
      if (stdout.length < MOST_STDOUT) stdout += chunk.toString('utf8');
      tail.add('stdout', chunk);
    });
    child.stderr.on('data', (chunk: Buffer) => tail.add('stderr', chunk));
    const unwatch = child.pid === undefined ? undefined : how.watch?.(child.pid);
    const kill = (signal: NodeJS.Signals) => killGroup(child.pid, signal);
    const onAbort = () => {
      kill('SIGTERM');
      setTimeout(() => kill('SIGKILL'), GRACE_MS).unref();
    };
    how.signal?.addEventListener('abort', onAbort, { once: true });
    const timer =
      how.timeout === undefined
        ? undefined
        : setTimeout(() => {
            timedOut = true;
            kill('SIGKILL');
          }, how.timeout);
    let settled = false;
    const settle = (code: number | null, failure?: string) => {
      if (settled) return;
      settled = true;
      clearTimeout(timer);
      unwatch?.();
      how.signal?.removeEventListener('abort', onAbort);
      if (how.signal?.aborted) return reject(how.signal.reason);
      const end = { lines: tail.end(), stdout, timedOut };
      resolve({ ...end, code: code ?? undefined, ...(failure === undefined ? {} : { failure }) });
    };
    child.on('error', (error: NodeJS.ErrnoException) => settle(null, error.code ?? error.message));
    child.on('close', (code) => settle(code));
    child.on('exit', (code) => {
      setTimeout(() => {
        child.stdout.destroy();
        child.stderr.destroy();
        settle(code);
      }, DRAIN_MS);
    });
  });
};

/** A group that has ended is no error. */
function killGroup(pid: number | undefined, signal: NodeJS.Signals): void {
  if (pid === undefined) return;
  try {
    process.kill(-pid, signal);
  } catch {}
}
