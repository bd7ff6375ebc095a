import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { cached } from './cache.ts';

const run = promisify(execFile);

/** Scanners that sbom-scan can run, each from its Go module. */
const MODULES = {
  'osv-scanner': 'github.com/google/osv-scanner/v2/cmd/osv-scanner@v2.5.0',
  grype: 'github.com/anchore/grype/cmd/grype@v0.110.0',
} as const;

export type Scanner = keyof typeof MODULES;

/**
 * The folder of a scanner, for PATH: built, or from the cache of an earlier run. `go` is what `go version` says. The first time
 * takes minutes; `say` is told so before.
 */
export async function buildScanner(
  scanner: Scanner,
  go: string,
  say: (line: string) => void,
): Promise<string> {
  const module = MODULES[scanner];
  const name = `${scanner}-${module.split('@')[1]}-${go.replaceAll(/[^\w.]+/g, '-')}`;
  return cached(name, async (fresh) => {
    say(`Building ${scanner}: some minutes the first time, then kept.`);
    const env = { ...process.env, GOBIN: fresh, CGO_ENABLED: '0', GOFLAGS: '-buildvcs=false -trimpath' };
    await run('go', ['install', '-ldflags', '-s -w', module], { env, maxBuffer: 64 * 1024 * 1024 });
  });
}

/** All of them, one after the other. */
export async function buildScanners(go: string, say: (line: string) => void): Promise<void> {
  await buildScanner('osv-scanner', go, say);
  await buildScanner('grype', go, say);
}
