import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

export interface Counts {
  passed: number;
  failed: number;
  skipped: number;
}

/** Starts a program with this one's output; resolves with its exit code. */
export function start(command: string, args: readonly string[]): Promise<number> {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { stdio: 'inherit' });
    child.on('error', reject);
    child.on('close', (code) => resolve(code ?? 1));
  });
}

function number(report: unknown, key: string): number {
  const value = typeof report === 'object' && report !== null ? Reflect.get(report, key) : undefined;
  return typeof value === 'number' ? value : 0;
}

/** Runs the tests of a configuration, shows how they go, and counts them. */
export async function vitest(config: string, more: readonly string[]): Promise<Counts> {
  const folder = mkdtempSync(path.join(tmpdir(), 'sluice-vitest-'));
  const file = path.join(folder, 'report.json');
  const code = await start('vitest', [
    'run',
    '--config',
    config,
    '--reporter=dot',
    '--no-color',
    '--reporter=json',
    `--outputFile.json=${file}`,
    ...more,
  ]);
  const report: unknown = JSON.parse(readFileSync(file, 'utf8'));
  rmSync(folder, { recursive: true });
  const failed = number(report, 'numFailedTests');
  const skipped = number(report, 'numPendingTests') + number(report, 'numTodoTests');
  // A file that cannot be loaded fails the run without a failed test in it.
  return {
    passed: number(report, 'numPassedTests'),
    failed: failed === 0 && code !== 0 ? 1 : failed,
    skipped,
  };
}
