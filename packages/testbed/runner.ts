import { mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { resultProblems } from './result-check.ts';
import { type ActionContract, readAction } from './runner-action.ts';
import { parseOutputs, type RunnerCommands, readCommands } from './runner-files.ts';
import { type ProcessEnd, runProcess } from './runner-process.ts';

export interface RunOptions {
  /** The folder of `action.yml`. */
  readonly action: string;
  /** Another file than its `runs.main` names. */
  readonly bundle?: string;
  /** By their names in `action.yml`; the others have their defaults. */
  readonly inputs?: Readonly<Record<string, string>>;
  /** `github.token` of the defaults. */
  readonly token?: string;
  /** Over the runner's environment: GITHUB_API_URL and what else a test needs. */
  readonly env?: Readonly<Record<string, string>>;
  /** What GITHUB_EVENT_PATH holds. */
  readonly event?: object;
  /** GITHUB_WORKSPACE, and the folder in which the process starts; a temporary one by default. */
  readonly workspace?: string;
  /** Cancels as the runner does: this signal after so many milliseconds, or when the promise settles. */
  readonly kill?: { readonly signal: NodeJS.Signals; readonly after: number | Promise<unknown> };
  /** Milliseconds after which the process is killed and the run fails; default 60,000. */
  readonly timeout?: number;
}

export interface RunResult extends ProcessEnd, RunnerCommands {
  readonly outputs: Readonly<Record<string, string>>;
  /** Markdown of the job summary. */
  readonly summary: string;
  /** What GITHUB_ENV and GITHUB_STATE were given. */
  readonly exported: Readonly<Record<string, string>>;
  readonly state: Readonly<Record<string, string>>;
}

/** Where a stand-in listens. */
interface GitHubAddresses {
  readonly url: string;
  readonly apiUrl: string;
  readonly graphqlUrl: string;
}

/** The part of a job's environment that says where GitHub is and which repository the workflow runs in. */
export function jobEnvironment(
  github: GitHubAddresses,
  repository: string,
  more: Readonly<Record<string, string>> = {},
): Record<string, string> {
  return {
    GITHUB_SERVER_URL: github.url,
    GITHUB_API_URL: github.apiUrl,
    GITHUB_GRAPHQL_URL: github.graphqlUrl,
    GITHUB_REPOSITORY: repository,
    GITHUB_REPOSITORY_OWNER: repository.split('/')[0] ?? '',
    ...more,
  };
}

const runnerDefaults: Readonly<Record<string, string>> = {
  CI: 'true',
  GITHUB_ACTIONS: 'true',
  GITHUB_ACTION: '__self',
  GITHUB_ACTOR: 'alice',
  GITHUB_EVENT_NAME: 'workflow_dispatch',
  GITHUB_JOB: 'deploy',
  GITHUB_REF: 'refs/heads/main',
  GITHUB_REF_NAME: 'main',
  GITHUB_REF_TYPE: 'branch',
  GITHUB_REPOSITORY: 'acme/app',
  GITHUB_REPOSITORY_OWNER: 'acme',
  GITHUB_RUN_ATTEMPT: '1',
  GITHUB_RUN_ID: '9000000001',
  GITHUB_RUN_NUMBER: '1',
  GITHUB_SERVER_URL: 'https://github.com',
  GITHUB_API_URL: 'https://api.github.com',
  GITHUB_GRAPHQL_URL: 'https://api.github.com/graphql',
  GITHUB_SHA: '0123456789abcdef0123456789abcdef01234567',
  GITHUB_TRIGGERING_ACTOR: 'alice',
  GITHUB_WORKFLOW: 'deploy',
  RUNNER_ARCH: 'X64',
  RUNNER_ENVIRONMENT: 'github-hosted',
  RUNNER_NAME: 'stand-in',
  RUNNER_OS: 'Linux',
};

/** A default with its expressions replaced: `${{ github.token }}`, and what else of `github` the environment holds. */
function expand(text: string, token: string, env: Readonly<Record<string, string>>): string {
  return text.replace(/\$\{\{\s*(.*?)\s*\}\}/g, (_, expression: string) => {
    if (expression === 'github.token') return token;
    const value = env[expression.replace(/^github\./, 'GITHUB_').toUpperCase()];
    if (value === undefined) throw new Error(`The runner here does not know the expression ${expression}`);
    return value;
  });
}

/** `INPUT_<NAME>`: upper case, spaces to underscores, dashes kept, as the runner writes them. */
function inputEnvironment(
  action: ActionContract,
  options: RunOptions,
  env: Readonly<Record<string, string>>,
): Record<string, string> {
  const given = options.inputs ?? {};
  const unknown = Object.keys(given).filter((name) => !action.inputs.has(name));
  if (unknown.length > 0) throw new Error(`action.yml has no input ${unknown.join(', ')}`);
  return Object.fromEntries(
    [...action.inputs].map(([name, fallback]) => [
      `INPUT_${name.replaceAll(' ', '_').toUpperCase()}`,
      given[name] ?? expand(fallback, options.token ?? '', env),
    ]),
  );
}

const files = {
  GITHUB_OUTPUT: 'output',
  GITHUB_STEP_SUMMARY: 'summary',
  GITHUB_STATE: 'state',
  GITHUB_ENV: 'env',
  GITHUB_PATH: 'path',
} as const;

/**
 * Runs an action's bundle as GitHub's runner runs it: the file that `runs.main` names, by the Node that runs this, with the
 * inputs and their defaults from `action.yml`, the runner's files and variables and nothing else of this process's environment.
 * A non-zero exit is a result. Throws for an unknown input, when the process outlives `timeout`, and for an output `result` that
 * is not as docs/schema says.
 */
export async function runBundle(options: RunOptions): Promise<RunResult> {
  const folder = resolve(options.action);
  const action = readAction(join(folder, 'action.yml'));
  const temp = realpathSync(mkdtempSync(join(tmpdir(), 'runner-')));
  try {
    const paths = Object.fromEntries(Object.entries(files).map(([name, file]) => [name, join(temp, file)]));
    for (const path of Object.values(paths)) writeFileSync(path, '');
    const event = join(temp, 'event.json');
    writeFileSync(event, JSON.stringify(options.event ?? {}));
    const workspace = options.workspace ?? mkdtempSync(join(temp, 'workspace-'));
    const env = {
      ...runnerDefaults,
      PATH: process.env.PATH ?? '',
      HOME: mkdtempSync(join(temp, 'home-')),
      LANG: 'C.UTF-8',
      RUNNER_TEMP: mkdtempSync(join(temp, 'temp-')),
      RUNNER_TOOL_CACHE: mkdtempSync(join(temp, 'tools-')),
      GITHUB_WORKSPACE: workspace,
      GITHUB_EVENT_PATH: event,
      GITHUB_ACTION_PATH: folder,
      ...paths,
      ...options.env,
    };
    const main = options.bundle ?? resolve(folder, action.main);
    const end = await runProcess(main, {
      env: { ...env, ...inputEnvironment(action, options, env) },
      cwd: workspace,
      kill: options.kill,
      timeout: options.timeout ?? 60_000,
    });
    const read = (name: keyof typeof files): string => readFileSync(join(temp, files[name]), 'utf8');
    const outputs = parseOutputs(read('GITHUB_OUTPUT'));
    if (action.outputs.includes('result') && outputs.result !== undefined) {
      const problems = resultProblems(outputs);
      if (problems.length > 0) {
        throw new Error(`The output result is not as documented:\n${problems.join('\n')}\n${outputs.result}`);
      }
    }
    return {
      ...end,
      ...readCommands(end.stdout),
      outputs,
      summary: read('GITHUB_STEP_SUMMARY'),
      exported: parseOutputs(read('GITHUB_ENV')),
      state: parseOutputs(read('GITHUB_STATE')),
    };
  } finally {
    rmSync(temp, { recursive: true, force: true });
  }
}
