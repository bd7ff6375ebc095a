import type { Result } from '@sluice/testbed/workflows/result';

/** How the jobs ended that ran, by their paths. */
export type Ends = Readonly<Record<string, Result>>;

const results = ['success', 'failure', 'cancelled'] as const;

/**
 * Every combination of results of the jobs that run, and what came of each. Which jobs run depends on how others end, so that each run says
 * by itself which it asks for.
 */
export async function everyRun<T>(
  run: (ends: (path: string) => Result) => Promise<T>,
): Promise<readonly { readonly ends: Ends; readonly outcome: T }[]> {
  const found: { ends: Ends; outcome: T }[] = [];
  const visit = async (given: Ends): Promise<void> => {
    const asked: string[] = [];
    const outcome = await run((path) => {
      asked.push(path);
      return given[path] ?? 'success';
    });
    const next = asked.find((path) => given[path] === undefined);
    if (next === undefined) {
      found.push({
        ends: Object.fromEntries(asked.map((path) => [path, given[path] ?? 'success'])),
        outcome,
      });
      return;
    }
    for (const result of results) await visit({ ...given, [next]: result });
  };
  await visit({});
  return found;
}
