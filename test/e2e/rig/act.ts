import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { text } from 'node:stream/consumers';
import { promisify } from 'node:util';
import { type JobRun, readActLog } from './act-log.ts';
import { cached } from './cache.ts';

const run = promisify(execFile);
const version = 'v0.2.89';

/** act, which runs workflows as GitHub does, here without containers. */
export interface Act {
  readonly path: string;
  /** What it says of itself: `0.2.89`. */
  readonly version: string;
}

export interface ActOptions {
  /** A clone of the repository whose workflow runs. */
  readonly clone: string;
  /** Path of the workflow in it. */
  readonly workflow: string;
  /** What it runs for; `push` where it is absent. */
  readonly event?: { readonly name: string; readonly payload: object };
  /** The environment of the run: where GitHub is, which repository and run this is. */
  readonly env: Readonly<Record<string, string>>;
  /** By their names in upper case; `GITHUB_TOKEN` is the job's own. */
  readonly secrets: Readonly<Record<string, string>>;
  readonly variables: Readonly<Record<string, string>>;
  /** The folder that each `owner/name@ref` of a `uses:` stands for. */
  readonly repositories: Readonly<Record<string, string>>;
  /** Temporary; what act keeps goes there. */
  readonly folder: string;
}

export interface ActRun {
  readonly exitCode: number | null;
  /** By their ids; what did not run is not there. */
  readonly jobs: ReadonlyMap<string, JobRun>;
  /** What the steps printed and what act reported. */
  readonly log: string;
}

/** Builds act, or takes it from the cache of an earlier run. `go` is what `go version` says. */
export async function buildAct(go: string, say: (line: string) => void): Promise<Act> {
  const name = `act-${version}-${go.replaceAll(/[^\w.]+/g, '-')}`;
  const bin = await cached(name, async (fresh) => {
    say('Building act: half a minute the first time, then kept.');
    const env = { ...process.env, GOBIN: fresh, CGO_ENABLED: '0', GOFLAGS: '-buildvcs=false -trimpath' };
    await run('go', ['install', '-ldflags', '-s -w', `github.com/nektos/act@${version}`], { env });
  });
  const path = join(bin, 'act');
  const { stdout } = await run(path, ['--version']);
  return { path, version: stdout.trim().replace('act version ', '') };
}

/** Runs a workflow on this machine. A red workflow is a result. */
export async function runAct(act: Act, options: ActOptions): Promise<ActRun> {
  const home = mkdtempSync(join(options.folder, 'act-'));
  const { name: event, payload } = options.event ?? { name: 'push', payload: {} };
  const eventFile = join(home, 'event.json');
  writeFileSync(eventFile, JSON.stringify(payload));
  const pairs = (flag: string, values: Readonly<Record<string, string>>): string[] =>
    Object.entries(values).flatMap(([name, value]) => [flag, `${name}=${value}`]);
  const child = spawn(
    act.path,
    [
      ...[event, '--eventpath', eventFile, '--workflows', options.workflow],
      ...['--json', '--rm', '--no-cache-server'],
      ...['--platform', 'ubuntu-latest=-self-hosted', '--action-cache-path', join(home, 'actions')],
      ...pairs('--env', options.env),
      ...pairs('--var', options.variables),
      ...pairs('--local-repository', options.repositories),
      // Without a value, act takes it from its environment.
      ...Object.keys(options.secrets).flatMap((name) => ['--secret', name]),
    ],
    {
      cwd: options.clone,
      env: {
        ...options.secrets,
        // act runs the `node` that it finds first, whatever `using` says.
        PATH: `${dirname(process.execPath)}:${process.env.PATH ?? ''}`,
        HOME: home,
        ACT_DISABLE_VERSION_CHECK: '1',
      },
      stdio: ['ignore', 'pipe', 'pipe'],
    },
  );
  const [stdout, stderr] = await Promise.all([text(child.stdout), text(child.stderr), once(child, 'close')]);
  rmSync(home, { recursive: true, force: true });
  return { exitCode: child.exitCode, ...readActLog(stdout, stderr) };
}
