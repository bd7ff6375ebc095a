import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { cached } from './cache.ts';

const run = promisify(execFile);
const actionlint = 'v1.7.12';
const zizmor = '1.32.0';

/** The programs that read workflows, by their paths. */
export interface Linters {
  readonly actionlint: string;
  /** Nothing where there is no Python, whose index has it. */
  readonly zizmor: string | undefined;
}

/** Builds the one and fetches the other, or takes them from the cache of an earlier run. `go` is what `go version` says. */
export async function getLinters(go: string, say: (line: string) => void): Promise<Linters> {
  const name = `actionlint-${actionlint}-${go.replaceAll(/[^\w.]+/g, '-')}`;
  const built = await cached(name, async (fresh) => {
    say('Building actionlint: some seconds the first time, then kept.');
    const env = { ...process.env, GOBIN: fresh, CGO_ENABLED: '0', GOFLAGS: '-buildvcs=false -trimpath' };
    await run('go', ['install', `github.com/rhysd/actionlint/cmd/actionlint@${actionlint}`], { env });
  });
  const python = await run('python3', ['-m', 'pip', '--version']).catch(() => undefined);
  if (python === undefined) return { actionlint: join(built, 'actionlint'), zizmor: undefined };
  const fetched = await cached(`zizmor-${zizmor}`, async (fresh) => {
    const options = ['--quiet', '--no-deps', '--disable-pip-version-check', '--root-user-action', 'ignore'];
    await run('python3', ['-m', 'pip', 'install', ...options, '--target', fresh, `zizmor==${zizmor}`]);
  });
  return { actionlint: join(built, 'actionlint'), zizmor: join(fetched, 'bin', 'zizmor') };
}
