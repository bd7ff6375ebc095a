import { spawn } from 'node:child_process';

/** No machine's or user's configuration, no prompt: the same on every machine. */
export const plainGit: Readonly<Record<string, string>> = {
  PATH: process.env.PATH ?? '/usr/bin:/bin',
  GIT_CONFIG_NOSYSTEM: '1',
  GIT_CONFIG_GLOBAL: '/dev/null',
  GIT_TERMINAL_PROMPT: '0',
  LC_ALL: 'C.UTF-8',
};

export interface GitResult {
  readonly code: number;
  readonly stdout: Buffer;
  readonly stderr: string;
}

/** Runs git in `dir` with a clean environment; a non-zero exit is a result, not an error. */
export function tryGit(
  dir: string,
  args: readonly string[],
  input?: string | Uint8Array,
  env: Readonly<Record<string, string>> = {},
): Promise<GitResult> {
  return new Promise((resolve, reject) => {
    const child = spawn('git', args, { cwd: dir, env: { ...plainGit, ...env } });
    const out: Buffer[] = [];
    const err: Buffer[] = [];
    child.stdout.on('data', (chunk: Buffer) => out.push(chunk));
    child.stderr.on('data', (chunk: Buffer) => err.push(chunk));
    child.on('error', reject);
    child.on('close', (code) =>
      resolve({ code: code ?? 1, stdout: Buffer.concat(out), stderr: Buffer.concat(err).toString() }),
    );
    child.stdin.on('error', () => {}); // git may stop reading before the end
    child.stdin.end(input ?? '');
  });
}

/** Runs git in `dir`; throws with the standard error when it fails. Returns the bytes of the standard output. */
export async function gitBytes(
  dir: string,
  args: readonly string[],
  input?: string | Uint8Array,
  env?: Readonly<Record<string, string>>,
): Promise<Buffer> {
  const { code, stdout, stderr } = await tryGit(dir, args, input, env);
  if (code !== 0) throw new Error(`git ${args.join(' ')} failed with ${code}: ${stderr.trim()}`);
  return stdout;
}

/** As `gitBytes`, as text without the last line end. */
export async function git(dir: string, args: readonly string[], input?: string): Promise<string> {
  return (await gitBytes(dir, args, input)).toString().replace(/\n$/, '');
}
