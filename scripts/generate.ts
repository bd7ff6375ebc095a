// What is generated from a source of truth and committed: the tables in the READMEs of the actions and in the pages of the workflows, and docs/schema.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import {
  actionFiles,
  contractTables,
  readAction,
  readCalledWorkflow,
  withGenerated,
} from './contract-table.ts';
import { reasonTables } from './reason-table.ts';
import { actionResults } from './result-schemas.ts';

const root = path.dirname(import.meta.dirname);

/** The pages of the workflows that others call, and where the tables stand in them. */
const calledPages = [
  ['docs/deploy.md', 'deploy.yml', 'contract'],
  ['docs/event-mode.md', 'verify.yml', 'contract'],
  ['docs/security-scan.md', 'security-scan.yml', 'contract'],
  ['docs/pull-request-checks.md', 'pr.yml', 'contract'],
  ['docs/pull-request-checks.md', 'pr-closed.yml', 'closed'],
] as const;

/** Every generated file, relative to the repository, with the text that it should hold. */
function generated(): Map<string, string> {
  const results = actionResults(root);
  const files = new Map(results.map(({ schema, text }) => [`docs/schema/${schema}.json`, text]));
  for (const { name, action, readme } of actionFiles(root)) {
    const result = results.find((one) => one.name === name);
    if (result === undefined) throw new Error(`scripts/result-types.ts does not have the action ${name}`);
    const contract = contractTables(readAction(readFileSync(action, 'utf8')));
    const text = withGenerated(readFileSync(readme, 'utf8'), 'contract', contract);
    files.set(path.relative(root, readme), withGenerated(text, 'reasons', reasonTables(result)));
  }
  const read = (file: string): string => readFileSync(path.join(root, file), 'utf8');
  for (const [page, workflow, place] of calledPages) {
    const called = contractTables(readCalledWorkflow(read(`.github/workflows/${workflow}`)));
    files.set(page, withGenerated(files.get(page) ?? read(page), place, called));
  }
  return files;
}

function current(file: string): string | undefined {
  try {
    return readFileSync(path.join(root, file), 'utf8');
  } catch {
    return undefined;
  }
}

const stale = (): [string, string][] => [...generated()].filter(([file, text]) => current(file) !== text);

/** The generated files that are not as they should be, relative to the repository. */
export function staleGenerated(): string[] {
  return stale().map(([file]) => file);
}

/** Writes what is stale; gives back what it wrote. */
export function writeGenerated(): string[] {
  mkdirSync(path.join(root, 'docs', 'schema'), { recursive: true });
  return stale().map(([file, text]) => {
    writeFileSync(path.join(root, file), text);
    return file;
  });
}
