import { existsSync, readFileSync } from 'node:fs';
import { isDeepStrictEqual } from 'node:util';
import { load } from 'js-yaml';
import { describe, expect, test } from 'vitest';
import { DIFFERENCES } from './differences.ts';

export type Case = Readonly<Record<string, unknown>>;

/** What ours makes of a case: undefined where it comes to what the case expects, else what it came to. */
export type Runner = (one: Case) => string | undefined | Promise<string | undefined>;

export const text = (value: unknown): string => (typeof value === 'string' ? value : '');
export const list = (value: unknown): unknown[] => (Array.isArray(value) ? value : []);
export const record = (value: unknown): Case =>
  typeof value === 'object' && value !== null ? { ...value } : {};

/** The folder of cases; undefined where it is not there. */
export const folder = [
  ...(process.env.SLUICE_SHARED === undefined
    ? []
    : [new URL(`file://${process.env.SLUICE_SHARED}/conformance/`)]),
  new URL('../../../../shared/conformance/', import.meta.url),
].find((url) => existsSync(url));

/**
 * Runs every case of a file, `octopus/plain-manifests`, that `which` takes. A case that is listed in `differences.ts` must differ,
 * and any other must not. Without the folder of cases there is one skipped test that says so.
 */
export function conform(file: string, run: Runner, which: (one: Case) => boolean = () => true): void {
  if (folder === undefined) {
    test.skip(`${file}: its folder is not beside this repository and SLUICE_SHARED names no other`);
    return;
  }
  const content: unknown = JSON.parse(readFileSync(new URL(`${file}.json`, folder), 'utf8'));
  const all = list(Array.isArray(content) ? content : record(content).cases).map(record);
  const differences = DIFFERENCES[file] ?? [];
  const listed = new Set(differences.flatMap(({ cases }) => cases));
  describe(file, () => {
    test('every listed difference is one of a case', () => {
      const names = new Set(all.map((one) => text(one.name)));
      expect([...listed].filter((name) => !names.has(name))).toEqual([]);
    });
    const taken = all.filter(which);
    test.each(taken.map((one) => [text(one.name), one] as const))('%s', async (name, one) => {
      const difference = await run(one);
      if (listed.has(name)) expect(difference, 'a listed case that differs no longer').toBeDefined();
      else expect(difference).toBeUndefined();
    });
  });
}

/** Compares a text with what the case expects of it, in the case's own way. */
export function compare(one: Case, after: string, failed: readonly string[]): string | undefined {
  if (one.compare === 'error')
    return failed.length > 0 ? undefined : `no error, but ${JSON.stringify(after)}`;
  const wanted = [one.expectedPreserving ?? one.expected, ...list(one.acceptable)];
  const holds = (expected: unknown): boolean => {
    if (one.compare === 'semantic') return isDeepStrictEqual(load(after), load(text(expected)));
    if (one.compare === 'contains')
      return list(one.expectedContains).every((part) => after.includes(text(part)));
    if (one.compare === 'trimmed-exact') return after.trim() === text(expected).trim();
    return after === expected;
  };
  if (failed.length > 0) return failed.join('; ');
  return wanted.some(holds) ? undefined : JSON.stringify(after);
}
