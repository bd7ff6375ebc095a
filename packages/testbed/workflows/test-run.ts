import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runWorkflow } from './run.ts';
import type { WorkflowRun, World } from './world.ts';

/** Runs `main.yml` of a repository of these workflows, by their names, and other files, by their paths. */
export async function runFiles(
  files: Readonly<Record<string, string>>,
  world: Partial<World> = {},
): Promise<WorkflowRun> {
  const folder = mkdtempSync(join(tmpdir(), 'repository-'));
  try {
    const paths = Object.entries(files).map(([name, text]) => [
      name.includes('/') ? name : `.github/workflows/${name}`,
      text,
    ]);
    const repository = { name: 'acme/app', ref: 'main', folder, files: Object.fromEntries(paths) };
    const github = { event_name: 'push', event: {}, repository: 'acme/app', sha: 'abc' };
    return await runWorkflow({ github, ...world }, { repository, path: '.github/workflows/main.yml' });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** The jobs of a workflow, in short: `a: {}` is a job whose steps pass; `steps` are lines of a shell. */
export function jobs(text: string): string {
  return `on: push\njobs:\n${text.replaceAll(/^/gm, '  ')}`;
}

export const results = (run: WorkflowRun): Readonly<Record<string, string>> =>
  Object.fromEntries(Object.entries(run.jobs).map(([path, { result }]) => [path, result]));
