import { type Clock, systemClock } from './clock.ts';
import type { Env } from './context.ts';
import type { Exec, ExecResult } from './exec.ts';
import { gitEnvironment } from './git-environment.ts';
import { gitFailure, isTransient, isUntrusted } from './git-errors.ts';

export interface GitOptions {
  readonly cwd?: string;
  readonly input?: string | Buffer;
  /** Not tried again: the caller looks at what came of it first. */
  readonly once?: boolean;
}

/** Git's command line in one folder. */
export interface Git {
  /** Standard output as text. */
  run(args: readonly string[], options?: GitOptions): Promise<string>;
  /** Standard output as it is. */
  bytes(args: readonly string[], options?: GitOptions): Promise<Buffer>;
}

export interface GitSettings {
  readonly exec: Exec;
  readonly dir: string;
  /** Of the remote repository: the token goes to its server and to no other. */
  readonly url?: string | undefined;
  /** Asked before each command, so that a token that is about to expire is minted again. */
  readonly token?: (() => Promise<string>) | undefined;
  /** The command line that connects to a URL of SSH, as a shell reads it. */
  readonly ssh?: string | undefined;
  /** The environment to choose from; the process' own when absent. */
  readonly env?: Env | undefined;
  readonly signal?: AbortSignal | undefined;
  readonly clock?: Clock | undefined;
}

/** A cut connection or a 5xx is tried again after about 0.5, 1.5 and 4 s: a load balancer that restarts is back by then. */
const RETRY_DELAYS_MS = [500, 1500, 4000] as const;

/** Where packets are dropped Linux tries to connect for 127 s: once is enough. */
const LONGEST_TRY_MS = 60_000;

/**
 * Git with nothing of the machine's configuration, no prompt, no hook, and the token in its environment only.
 * What fails because of the network is tried again: nothing is written by it.
 * Throws a SluiceError: `permission` for a refused login, else `platform` with what Git said.
 */
export function createGit(settings: GitSettings): Git {
  const { exec, dir, url, ssh, env = process.env, signal, clock = systemClock } = settings;
  let authorities: string | undefined;

  async function once(args: readonly string[], options: GitOptions): Promise<ExecResult> {
    const token = await settings.token?.();
    const result = await exec('git', args, {
      cwd: options.cwd ?? dir,
      env: gitEnvironment({ env, dir, url, token, ssh, authorities }),
      ...(options.input === undefined ? {} : { input: options.input }),
      ...(signal ? { signal } : {}),
    });
    if (result.code === 0) return result;
    throw gitFailure({ args, code: result.code, stderr: result.stderr, url, token });
  }

  /**
   * Node adds the authorities of NODE_EXTRA_CA_CERTS to its own; Git knows nothing of them, and would have to be given
   * a file in place of the machine's. So it gets that file only for a server that it does not trust without.
   */
  async function trusting(args: readonly string[], options: GitOptions): Promise<ExecResult> {
    try {
      return await once(args, options);
    } catch (error) {
      const extra = env.GIT_SSL_CAINFO ? undefined : env.NODE_EXTRA_CA_CERTS;
      if (!isUntrusted(error) || !extra || authorities !== undefined) throw error;
      authorities = extra;
      return once(args, options);
    }
  }

  async function tried(args: readonly string[], options: GitOptions = {}): Promise<ExecResult> {
    for (const pause of options.once === true ? [] : RETRY_DELAYS_MS) {
      const begun = clock.now();
      try {
        return await trusting(args, options);
      } catch (error) {
        if (!isTransient(error) || clock.now() - begun > LONGEST_TRY_MS) throw error;
        await clock.sleep(pause * (0.75 + Math.random() / 2), signal);
      }
    }
    return trusting(args, options);
  }

  return {
    run: async (args, options) => (await tried(args, options)).stdout,
    bytes: async (args, options) => (await tried(args, options)).bytes,
  };
}
