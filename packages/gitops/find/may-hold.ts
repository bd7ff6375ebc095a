import type { ImageEntry } from '../entries.ts';

/** Whether a text may name an image: parsing costs a hundred times as much as this. */
export type MayHold = (text: string) => boolean;

const tests = new WeakMap<readonly ImageEntry[], MayHold>();

/**
 * A test for texts that cannot hold any of the entries. The last part of each name must stand there as a word of its own: `api` does
 * not in `apiVersion` or `payments-api`. What is escaped in front of it (`\n`, and `\/` of JSON) is no part of the word.
 */
export function holdTest(entries: readonly ImageEntry[]): MayHold {
  // It is asked for with every file.
  const known = tests.get(entries) ?? createTest(entries);
  tests.set(entries, known);
  return known;
}

function createTest(entries: readonly ImageEntry[]): MayHold {
  const names = entries.flatMap(({ reference, name }) => [reference.repository, name ?? []].flat());
  if (names.length === 0) return () => false;
  const words = [...new Set(names.map(word))].join('|');
  const pattern = new RegExp(String.raw`(?<!(?<!\\)[\w.-])(?:${words})(?![\w.-])`);
  return (text) => pattern.test(text);
}

function word(name: string): string {
  const last = name.slice(name.lastIndexOf('/') + 1);
  return last.replace(/[^\w]/g, String.raw`\$&`);
}
