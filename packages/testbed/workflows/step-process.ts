import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseOutputs, readCommands } from '../runner-files.ts';
import type { Texts } from './shape.ts';
import type { StepScope } from './step-list.ts';
import type { StepEnd } from './world.ts';

/** What an action does at the end of the job. */
export interface Post {
  readonly script: string;
  readonly condition: string;
  readonly env: Texts;
}

export interface Command {
  readonly command: string;
  readonly args: readonly string[];
  readonly directory: string;
  readonly env: Texts;
}

export interface ProcessEnd extends StepEnd {
  readonly state: Texts;
}

const files = ['GITHUB_OUTPUT', 'GITHUB_STATE', 'GITHUB_ENV', 'GITHUB_PATH', 'GITHUB_STEP_SUMMARY'];
/** How the runner ends a step: SIGINT, after 7.5 s SIGTERM, after another 2.5 s it kills. */
const patience = [
  ['SIGINT', 0],
  ['SIGTERM', 7_500],
  ['SIGKILL', 10_000],
] as const;

/** Runs one process of a step with the runner's files and variables; what it says to the runner takes effect on `scope`. */
export async function runStepProcess(command: Command, scope: StepScope): Promise<ProcessEnd> {
  const folder = mkdtempSync(join(scope.temp, 'step-'));
  const paths = Object.fromEntries(files.map((name) => [name, join(folder, name)]));
  for (const path of Object.values(paths)) writeFileSync(path, '');
  const event = join(folder, 'event.json');
  writeFileSync(event, JSON.stringify(scope.github.event ?? {}));
  const env = { ...base(scope), GITHUB_EVENT_PATH: event, ...paths, ...scope.world.env, ...command.env };
  const end = await spawned({ ...command, env }, scope);
  scope.log.push(end.log);
  const read = (name: string): string => readFileSync(join(folder, name), 'utf8');
  scope.masks.push(...readCommands(end.stdout).masks);
  Object.assign(scope.env, parseOutputs(read('GITHUB_ENV')));
  scope.paths.unshift(...read('GITHUB_PATH').split('\n').filter(Boolean).reverse());
  return {
    passed: end.exitCode === 0,
    outputs: parseOutputs(read('GITHUB_OUTPUT')),
    state: parseOutputs(read('GITHUB_STATE')),
  };
}

/** Runs what an action left for the end of the job. */
export async function runPost(post: Post, scope: StepScope): Promise<boolean> {
  const command = {
    command: process.execPath,
    args: [post.script],
    directory: scope.workspace,
    env: post.env,
  };
  return (await runStepProcess(command, scope)).passed;
}

/** The text fields of `github` as variables, and the runner's own. */
function base(scope: StepScope): Record<string, string> {
  const told = Object.entries(scope.github).filter(([name]) => name !== 'token' && name !== 'event');
  return {
    CI: 'true',
    GITHUB_ACTIONS: 'true',
    LANG: 'C.UTF-8',
    HOME: scope.temp,
    RUNNER_OS: 'Linux',
    RUNNER_ARCH: 'X64',
    RUNNER_NAME: 'stand-in',
    RUNNER_ENVIRONMENT: 'github-hosted',
    RUNNER_TEMP: scope.temp,
    ...Object.fromEntries(
      told
        .filter(([, value]) => typeof value !== 'object')
        .map(([name, value]) => [`GITHUB_${name.toUpperCase()}`, String(value ?? '')]),
    ),
    ...(scope.actionFolder === undefined ? {} : { GITHUB_ACTION_PATH: scope.actionFolder }),
    PATH: [...scope.paths, process.env.PATH ?? ''].join(':'),
    ...scope.env,
  };
}

interface Spawned {
  readonly exitCode: number | null;
  readonly stdout: string;
  readonly log: string;
}

function spawned({ command, args, directory, env }: Command, scope: StepScope): Promise<Spawned> {
  return new Promise((resolve, reject) => {
    // With a socket for its input, bash takes itself for a remote shell and reads ~/.bashrc.
    const child = spawn(command, args, {
      cwd: directory,
      env,
      stdio: ['ignore', 'pipe', 'pipe'],
      detached: true,
    });
    const [out, all]: [string[], string[]] = [[], []];
    child.stdout.setEncoding('utf8').on('data', (chunk: string) => out.push(chunk));
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding('utf8').on('data', (chunk: string) => all.push(chunk));
    }
    const timers: NodeJS.Timeout[] = [];
    const end = (): void => {
      if (!scope.isCancelled()) return;
      for (const [signal, after] of patience) timers.push(setTimeout(() => send(child.pid, signal), after));
    };
    scope.stop.addEventListener('abort', end, { once: true });
    child.on('error', reject);
    child.on('close', (exitCode) => {
      for (const timer of timers) clearTimeout(timer);
      scope.stop.removeEventListener('abort', end);
      resolve({ exitCode, stdout: out.join(''), log: all.join('') });
    });
  });
}

/** To the process; the last signal to all that it has started. */
function send(pid: number | undefined, signal: NodeJS.Signals): void {
  if (pid === undefined) return;
  try {
    process.kill(signal === 'SIGKILL' ? -pid : pid, signal);
  } catch {
    // It has ended meanwhile.
  }
}
