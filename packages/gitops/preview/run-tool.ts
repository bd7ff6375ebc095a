import { join } from 'node:path';
import type { World } from '@sluice/core/run';

const TIMEOUT_MS = 30_000;
const LARGEST_OUTPUT = 10 * 1024 * 1024;

/** What came of it; `missing`: there is no such program. */
export type ToolOutput =
  | { readonly type: 'text'; readonly text: string }
  | { readonly type: 'missing' }
  | { readonly type: 'failed'; readonly why: string };

/** A call of a renderer. */
export interface ToolCall {
  readonly tool: 'kustomize' | 'helm';
  readonly args: readonly string[];
}

/** Runs a renderer in a folder, with nothing of the job but its PATH, for a bounded time and output. */
export async function runTool(
  { exec, env, signal }: Pick<World, 'env' | 'exec' | 'signal'>,
  { tool, args }: ToolCall,
  cwd: string,
  home: string,
): Promise<ToolOutput> {
  const timeout = AbortSignal.timeout(TIMEOUT_MS);
  const options = {
    ...{ cwd, env: hermetic(env.PATH ?? '', home), maxBytes: LARGEST_OUTPUT },
    signal: AbortSignal.any([signal, timeout]),
  };
  try {
    const { code, stdout, stderr } = await exec(tool, args, options);
    if (code === 0) return { type: 'text', text: stdout };
    const said = stderr.trim().split('\n').at(-1)?.replaceAll(cwd, '.') ?? '';
    return { type: 'failed', why: said === '' ? `${tool} ended with the code ${code}` : said };
  } catch (error) {
    signal.throwIfAborted();
    if (timeout.aborted) return { type: 'failed', why: `it took longer than ${TIMEOUT_MS / 1000} s` };
    if (isMissing(error)) return { type: 'missing' };
    return { type: 'failed', why: firstLine(error) };
  }
}

/** Nothing of the runner's but its PATH: no login, no plugin, no cluster, and a proxy behind which there is nothing. */
function hermetic(path: string, home: string): Readonly<Record<string, string>> {
  const nowhere = 'http://127.0.0.1:9';
  return {
    PATH: path,
    HOME: home,
    TMPDIR: home,
    XDG_CONFIG_HOME: join(home, 'config'),
    XDG_CACHE_HOME: join(home, 'cache'),
    XDG_DATA_HOME: join(home, 'data'),
    KUBECONFIG: join(home, 'no-cluster'),
    HELM_PLUGINS: join(home, 'no-plugins'),
    GIT_ALLOW_PROTOCOL: 'none',
    GIT_TERMINAL_PROMPT: '0',
    HTTP_PROXY: nowhere,
    HTTPS_PROXY: nowhere,
    http_proxy: nowhere,
    https_proxy: nowhere,
  };
}

function isMissing(error: unknown): boolean {
  return Object(error).code === 'program-missing';
}

/** Of an error, what a person reads. */
export function firstLine(error: unknown): string {
  return (error instanceof Error ? error.message : String(error)).split('\n')[0] ?? '';
}
