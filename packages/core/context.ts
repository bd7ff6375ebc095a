import { SluiceError } from './errors.ts';

/** The environment of a process. */
export type Env = Readonly<Record<string, string | undefined>>;

/** What GitHub's runner says about this run. Texts that it did not give are empty. */
export interface RunnerContext {
  /** Without a slash at the end, like the next two: `https://github.com`. */
  readonly serverUrl: string;
  readonly apiUrl: string;
  readonly graphqlUrl: string;
  /** `owner/name`. */
  readonly repository: string;
  readonly runId: string;
  /** 1 for the first. */
  readonly runAttempt: number;
  readonly workflow: string;
  readonly actor: string;
  readonly sha: string;
  readonly ref: string;
  readonly eventName: string;
  readonly workspace?: string;
  readonly tempDir: string;
}

/** Reads `GITHUB_*` and `RUNNER_TEMP`. Throws a SluiceError `invalid-environment` for a value of the wrong form. */
export function readContext(env: Env): RunnerContext {
  const apiUrl = url(env, 'GITHUB_API_URL', 'https://api.github.com');
  const workspace = env.GITHUB_WORKSPACE;
  return {
    serverUrl: url(env, 'GITHUB_SERVER_URL', 'https://github.com'),
    apiUrl,
    graphqlUrl: url(env, 'GITHUB_GRAPHQL_URL', graphqlUrlOf(apiUrl)),
    repository: matching(env, 'GITHUB_REPOSITORY', /^(?!\.)[\w.-]+\/(?!\.\.?$)[\w.-]+$/, ''),
    runId: matching(env, 'GITHUB_RUN_ID', /^\d+$/, ''),
    runAttempt: Number(matching(env, 'GITHUB_RUN_ATTEMPT', /^[1-9]\d*$/, '1')),
    workflow: env.GITHUB_WORKFLOW ?? '',
    actor: env.GITHUB_ACTOR ?? '',
    sha: env.GITHUB_SHA ?? '',
    ref: env.GITHUB_REF ?? '',
    eventName: env.GITHUB_EVENT_NAME ?? '',
    ...(workspace ? { workspace } : {}),
    // The runner always says where; a module that only a test needs is not loaded at each start.
    tempDir: env.RUNNER_TEMP || process.getBuiltinModule('node:os').tmpdir(),
  };
}

/** GitHub Enterprise Server has REST at `/api/v3` and GraphQL beside it at `/api/graphql`. */
function graphqlUrlOf(apiUrl: string): string {
  return apiUrl.endsWith('/api/v3') ? apiUrl.replace(/v3$/, 'graphql') : `${apiUrl}/graphql`;
}

function matching(env: Env, name: string, form: RegExp, otherwise: string): string {
  const value = env[name] || otherwise;
  if (value !== '' && !form.test(value)) throw invalid(name, value);
  return value;
}

function url(env: Env, name: string, otherwise: string): string {
  const value = env[name] || otherwise;
  const parsed = URL.parse(value);
  if (parsed === null || !/^https?:$/.test(parsed.protocol)) throw invalid(name, value);
  return value.replace(/\/+$/, '');
}

function invalid(name: string, value: string): SluiceError {
  const message = `The environment variable ${name} has the value ${JSON.stringify(value.slice(0, 80))}, which is none that GitHub's runner sets.`;
  return new SluiceError('input', 'invalid-environment', message, {
    hint: `Remove what sets ${name} in the workflow or on the runner.`,
  });
}
