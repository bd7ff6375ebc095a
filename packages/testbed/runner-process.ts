import { spawn } from 'node:child_process';

export interface ProcessOptions {
  readonly env: Readonly<Record<string, string>>;
  readonly cwd: string;
  readonly kill?: { readonly signal: NodeJS.Signals; readonly after: number | Promise<unknown> } | undefined;
  /** Milliseconds. */
  readonly timeout: number;
}

export interface ProcessEnd {
  /** Null where a signal ended the process. */
  readonly exitCode: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
  /** Both streams as they came. */
  readonly log: string;
  readonly ms: number;
  /** When the last of it came, by `performance.now()`; its start where nothing came. */
  readonly lastWordAt: number;
}

/** Runs a script with this Node and nothing but the given environment. Rejects when it outlives `timeout`. */
export function runProcess(script: string, options: ProcessOptions): Promise<ProcessEnd> {
  return new Promise((resolve, reject) => {
    const begun = performance.now();
    const child = spawn(process.execPath, [script], {
      cwd: options.cwd,
      env: { ...options.env },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const out: string[] = [];
    const err: string[] = [];
    const all: string[] = [];
    let lastWordAt = begun;
    const collect = (into: string[]) => (chunk: string) => {
      lastWordAt = performance.now();
      into.push(chunk);
      all.push(chunk);
    };
    child.stdout.setEncoding('utf8').on('data', collect(out));
    child.stderr.setEncoding('utf8').on('data', collect(err));
    let late = false;
    const limit = setTimeout(() => {
      late = true;
      child.kill('SIGKILL');
    }, options.timeout);
    const { kill } = options;
    const send = (): void => {
      if (kill !== undefined && child.exitCode === null) child.kill(kill.signal);
    };
    const killTimer = typeof kill?.after === 'number' ? setTimeout(send, kill.after) : undefined;
    if (kill !== undefined && typeof kill.after !== 'number') kill.after.then(send, send);
    child.on('error', reject);
    child.on('close', (exitCode, signal) => {
      clearTimeout(limit);
      clearTimeout(killTimer);
      const ms = performance.now() - begun;
      const log = all.join('');
      if (late) reject(new Error(`${script} did not end within ${options.timeout} ms. Its log:\n${log}`));
      else resolve({ exitCode, signal, stdout: out.join(''), stderr: err.join(''), log, ms, lastWordAt });
    });
  });
}
