import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { withoutColours } from '@sluice/core/colours';
import type { Env } from '@sluice/core/context';
import { type ErrorCode, SluiceError } from '@sluice/core/errors';
import type { Exec, ExecResult } from '@sluice/core/exec';
import type { Log } from '@sluice/core/log';
import { visible } from '@sluice/core/visible';

export interface ScannerPorts {
  readonly exec: Exec;
  readonly env: Env;
  readonly log: Log;
  readonly signal?: AbortSignal | undefined;
  /** A folder of its own is made in it, and removed. */
  readonly tempDir: string;
}

/** One run of a program. */
export interface ScannerRun {
  /** As it is on PATH. */
  readonly program: string;
  /** By their names, in a folder that is the program's own: what else it finds there would be settings. */
  readonly files: Readonly<Record<string, string>>;
  readonly args: (path: (name: string) => string) => readonly string[];
  /** Which variables of its own it is given: where its database is, and nothing that hides findings. */
  readonly variables: RegExp;
  /** Further variables, and those that are set whatever they are. */
  readonly fixed?: Readonly<Record<string, string>>;
}

/** What any program needs to find its files and a proxy. None of the job's tokens: scanners have been replaced by thieves. */
const COMMON =
  /^(?:PATH|HOME|USERPROFILE|LOCALAPPDATA|SYSTEMROOT|TMPDIR|TEMP|TMP|LANG|XDG_\w+|SSL_CERT_(?:FILE|DIR)|(?:https?|no|all)_proxy)$/i;

/** Runs it to its end, in a folder of its own. Any exit code is a result; a program that is missing is a SluiceError. */
export async function runScanner(ports: ScannerPorts, run: ScannerRun): Promise<ExecResult> {
  const { exec, signal } = ports;
  const folder = await mkdtemp(join(ports.tempDir, `${run.program}-`));
  try {
    for (const [name, content] of Object.entries(run.files)) await writeFile(join(folder, name), content);
    const env = { ...environmentOf(ports.env, run.variables), ...run.fixed };
    const args = run.args((name) => join(folder, name));
    return await exec(run.program, args, { cwd: folder, env, ...(signal && { signal }) });
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

function environmentOf(env: Env, own: RegExp): Readonly<Record<string, string>> {
  const kept: Record<string, string> = {};
  for (const [name, value] of Object.entries(env)) {
    if (value !== undefined && (COMMON.test(name) || own.test(name))) kept[name] = value;
  }
  return kept;
}

/** The JSON that it wrote; throws where that is none. */
export function readJson(program: string, { stdout }: ExecResult): unknown {
  try {
    return JSON.parse(stdout);
  } catch (cause) {
    throw answerError(program, 'it is no JSON', cause);
  }
}

export function failedError(program: string, { code, stderr }: ExecResult): SluiceError {
  const message = `${program} ended with exit code ${code}: ${lastWords(stderr)}.`;
  return scannerError(
    'scanner-failed',
    message,
    `Run ${program} by itself on the runner to see all it says.`,
  );
}

export function databaseError(program: string, why: string, hint: string): SluiceError {
  return scannerError('scanner-database', `${program} has no database of vulnerabilities: ${why}.`, hint);
}

export function answerError(program: string, why: string, cause?: unknown): SluiceError {
  const message = `What ${program} wrote cannot be used: ${why}.`;
  const hint = `Check that the ${program} on PATH is the program of that name, in a version that the documentation names.`;
  return scannerError('scanner-answer', message, hint, cause);
}

function scannerError(code: ErrorCode, message: string, hint: string, cause?: unknown): SluiceError {
  return new SluiceError('platform', code, message, { hint, ...(cause !== undefined && { cause }) });
}

/** How Go says that a program of it has crashed; what it was doing comes behind. */
const CRASH = /^(?:panic|fatal error|unexpected fault address|runtime)\b/;

/** The last line that says something, or of a crash the first; without the colours, and not more than a person reads. */
export function lastWords(stderr: string): string {
  const lines = withoutColours(stderr)
    .split(/[\r\n]+/)
    .map((line) => visible(line).trim())
    .filter((line) => line !== '');
  const crash = lines.find((line) => CRASH.test(line));
  const last = (crash ?? lines.at(-1) ?? 'it says nothing').replace(/[.\s]+$/, '');
  return last.length <= 300 ? last : `…${last.slice(-299)}`;
}
