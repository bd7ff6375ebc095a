// What is generated from a source of truth and committed: the tables of inputs and outputs in the READMEs.
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { generatedReadmes } from './contract-table.ts';

const root = path.dirname(import.meta.dirname);

/** Every generated file with the text that it should hold. */
async function generated(): Promise<Map<string, string>> {
  return generatedReadmes(root);
}

function current(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return undefined;
  }
}

/** The generated files that are not as they should be, relative to the repository. */
export async function staleGenerated(): Promise<string[]> {
  return [...(await generated())]
    .filter(([file, text]) => current(file) !== text)
    .map(([file]) => path.relative(root, file));
}

/** Writes what is stale; gives back what it wrote. */
export async function writeGenerated(): Promise<string[]> {
  const stale = await staleGenerated();
  const all = await generated();
  for (const file of stale) writeFileSync(path.join(root, file), all.get(path.join(root, file)) ?? '');
  return stale;
}
