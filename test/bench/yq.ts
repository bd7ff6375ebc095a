import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { goVersion } from '../e2e/rig/build.ts';
import { cached } from '../e2e/rig/cache.ts';

const run = promisify(execFile);
const VERSION = 'v4.54.1';

/** Builds yq from its Go module, or takes it from the cache of an earlier run; undefined where there is no Go. */
export async function buildYq(say: (line: string) => void): Promise<string | undefined> {
  const go = await goVersion();
  if (go === undefined) return undefined;
  const bin = await cached(`yq-${VERSION}-${go.replaceAll(/[^\w.]+/g, '-')}`, async (fresh) => {
    say('Building yq: half a minute the first time, then kept.');
    const env = { ...process.env, GOBIN: fresh, CGO_ENABLED: '0', GOFLAGS: '-buildvcs=false -trimpath' };
    await run('go', ['install', '-ldflags', '-s -w', `github.com/mikefarah/yq/v4@${VERSION}`], { env });
  });
  return join(bin, 'yq');
}

/** Sets the image in every file by one process, and gives its milliseconds. One process a file, as it should be, takes ten times as long. */
export async function yqInPlace(
  yq: string,
  { cwd, files, image, tag }: { cwd: string; files: readonly string[]; image: string; tag: string },
): Promise<number> {
  const expression = `(.. | select(tag == "!!str" and test("^${image.replaceAll('.', '[.]')}:"))) = "${image}:${tag}"`;
  const begun = performance.now();
  const child = spawn(yq, ['-i', expression, ...files], { cwd, stdio: ['ignore', 'ignore', 'inherit'] });
  const [code] = await once(child, 'close');
  const ms = performance.now() - begun;
  if (code !== 0) throw new Error(`yq ended with ${code}`);
  return ms;
}
