import { execFileSync } from 'node:child_process';
import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

const whichGit = (): string => execFileSync('sh', ['-c', 'command -v git'], { encoding: 'utf8' }).trim();

/** How often `run` starts Git, seen by a `git` that stands before the real one on the given PATH. */
export async function gitProcesses(run: (searchPath: string) => Promise<unknown>): Promise<number> {
  const dir = mkdtempSync(path.join(tmpdir(), 'git-'));
  try {
    const log = path.join(dir, 'log');
    const shim = path.join(dir, 'git');
    writeFileSync(log, '');
    writeFileSync(shim, `#!/bin/sh\necho git >> '${log}'\nexec '${whichGit()}' "$@"\n`);
    chmodSync(shim, 0o755);
    await run(`${dir}${path.delimiter}${process.env.PATH ?? ''}`);
    return readFileSync(log, 'utf8').split('\n').length - 1;
  } finally {
    rmSync(dir, { recursive: true });
  }
}
