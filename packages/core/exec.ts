import { existsSync } from 'node:fs';
import { SluiceError } from './errors.ts';

export interface ExecResult {
  readonly code: number;
  /** UTF-8. */
  readonly stdout: string;
  readonly stderr: string;
  /** What stands in `stdout`, before it was read as UTF-8. */
  readonly bytes: Buffer;
}

export interface ExecOptions {
  readonly cwd?: string;
  /** The whole environment of the program; this process' own when absent. */
  readonly env?: Readonly<Record<string, string>>;
  readonly input?: string | Buffer;
  readonly signal?: AbortSignal;
  /** Upper limit of each of the two streams; default 256 MiB. */
  readonly maxBytes?: number;
}

/** Runs a program. Never throws because of its exit code. */
export type Exec = (command: string, args: readonly string[], options?: ExecOptions) => Promise<ExecResult>;

const MAX_BYTES = 256 * 1024 * 1024;

/**
 * Runs programs on this machine, from an array of arguments, without a shell.
 *
 * Not by `@actions/exec`: it hands out no child process, so that nothing can end the program when the job is cancelled
 * (the runner kills us 10 s after SIGINT), it splits the command at spaces, and it keeps no limit of the output.
 *
 * A killed program has the exit code 128 + 15. Throws the signal's reason when it was aborted, and a SluiceError
 * `program-missing` or `output-too-large`.
 */
export const systemExec: Exec = async (command, args, options = {}) => {
  // Late: 3 ms of the start of an action that runs no program.
  const { spawn } = await import('node:child_process');
  const { cwd, env, input, signal, maxBytes = MAX_BYTES } = options;
  return new Promise((resolve, reject) => {
    if (signal?.aborted) return reject(signal.reason);
    const child = spawn(command, [...args], {
      ...(cwd === undefined ? {} : { cwd }),
      ...(env === undefined ? {} : { env }),
      stdio: ['pipe', 'pipe', 'pipe'],
      windowsHide: true,
    });
    let failure: unknown;
    const stop = (reason: unknown) => {
      failure ??= reason;
      child.kill('SIGTERM');
    };
    const onAbort = () => stop(signal?.reason);
    signal?.addEventListener('abort', onAbort, { once: true });

    const collect = (stream: NodeJS.ReadableStream): (() => Buffer) => {
      const chunks: Buffer[] = [];
      let size = 0;
      stream.on('data', (chunk: Buffer) => {
        size += chunk.length;
        if (size <= maxBytes) chunks.push(chunk);
        else stop(outputTooLarge(command, maxBytes));
      });
      return () => Buffer.concat(chunks);
    };
    const stdout = collect(child.stdout);
    const stderr = collect(child.stderr);

    child.on('error', (error) => {
      signal?.removeEventListener('abort', onAbort);
      reject(failure ?? startFailure(command, cwd, error));
    });
    // Not at `close`: a grandchild may hold the pipes open after the program was killed.
    child.on('exit', () => {
      if (failure !== undefined) reject(failure);
    });
    child.on('close', (code) => {
      signal?.removeEventListener('abort', onAbort);
      if (failure !== undefined) return;
      const bytes = stdout();
      resolve({
        code: code ?? 143,
        stdout: bytes.toString('utf8'),
        stderr: stderr().toString('utf8'),
        bytes,
      });
    });
    // A program that ends without reading its input closes the pipe: its exit code tells, not EPIPE.
    child.stdin.on('error', () => {});
    child.stdin.end(input);
  });
};

function outputTooLarge(command: string, maxBytes: number): SluiceError {
  return new SluiceError('platform', 'output-too-large', `${command} wrote more than ${maxBytes} bytes.`);
}

function startFailure(command: string, cwd: string | undefined, cause: NodeJS.ErrnoException): SluiceError {
  const { sentence, hint } = whyNotStarted(command, cwd, cause);
  return new SluiceError('platform', 'program-missing', sentence, { hint, cause });
}

function whyNotStarted(command: string, cwd: string | undefined, { code, message }: NodeJS.ErrnoException) {
  const install = `Install ${command} on the runner, or choose a runner image that has it.`;
  // Node says ENOENT for a missing folder as well as for a missing program.
  if (code === 'ENOENT' && cwd !== undefined && !existsSync(cwd))
    return {
      sentence: `${command} could not be started: the folder ${cwd} does not exist.`,
      hint: 'Check that the steps before have made the folder, and have not removed it.',
    };
  if (code === 'ENOENT' && command.includes('/'))
    return { sentence: `The program ${command} does not exist on the runner.`, hint: install };
  if (code === 'ENOENT')
    return { sentence: `The program ${command} is not on the PATH of the runner.`, hint: install };
  return {
    sentence: `The program ${command} could not be started: ${code ?? message}.`,
    hint: code === 'EACCES' ? `Make ${command} executable for the user of the job.` : install,
  };
}
