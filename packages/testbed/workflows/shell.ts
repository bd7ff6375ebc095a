import { mkdtempSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { Texts } from './shape.ts';
import type { StepScope } from './step-list.ts';
import { runStepProcess } from './step-process.ts';
import type { StepEnd } from './world.ts';

interface Script {
  readonly script: string;
  readonly directory: string;
  readonly shell: string;
}

/** https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-syntax: `jobs.<job_id>.steps[*].shell`. */
const shells: Readonly<Record<string, readonly string[]>> = {
  '': ['bash', '-e'],
  bash: ['bash', '--noprofile', '--norc', '-eo', 'pipefail'],
  sh: ['sh', '-e'],
};

/** Runs the script of a `run`. Throws for a shell that is not here. */
export async function runShell(run: Script, scope: StepScope, overlay: Texts): Promise<StepEnd> {
  const [command, ...options] = shells[run.shell] ?? [];
  if (command === undefined) throw new Error(`This runner has no shell ${run.shell}`);
  const file = join(mkdtempSync(join(scope.temp, 'script-')), 'script.sh');
  writeFileSync(file, run.script);
  const directory = resolve(scope.workspace, run.directory);
  return runStepProcess({ command, args: [...options, file], directory, env: overlay }, scope);
}
