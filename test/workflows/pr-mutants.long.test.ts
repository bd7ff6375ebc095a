import { readFileSync } from 'node:fs';
import path from 'node:path';
import { requiredCheck } from '@sluice/testbed/workflows/branch-protection';
import { describe, expect, test } from 'vitest';
import { root } from './deploy-stage.ts';
import { everyRun } from './every-run.ts';
import { type Case, mayMerge, mustRun } from './pr-oracle.ts';
import { events, requiredName, runPull } from './pr-stage.ts';

const text = readFileSync(path.join(root, '.github/workflows/pr.yml'), 'utf8');

/** One event of each kind that the file tells apart. */
const kinds = [
  ...(['opened', 'labeled', 'merge group', 'opened from a fork'] as const),
  ...(['pull_request_target, opened', 'pull_request_target, labeled'] as const),
];
const cases: readonly Case[] = kinds.flatMap((name) =>
  [true, false].flatMap((skip) => [true, false].map((previews) => ({ event: events[name], skip, previews }))),
);

/** What differs from the oracle: green where it must not be, red where it should be green, other jobs than those that have to run. */
type Wrong = 'green' | 'red' | 'jobs';

/** What is wrong, in the order in which it is found. */
async function* wrong(called: string): AsyncGenerator<Wrong> {
  for (const one of cases) {
    for (const { ends, outcome } of await everyRun((ends) => runPull(one.event, { ...one, ends, called }))) {
      const checks = (outcome?.checks ?? []).map((check, startedAt) => ({ ...check, startedAt }));
      const passed = requiredCheck(requiredName, { checks }) === 'passed';
      if (passed !== mayMerge(one, ends)) yield passed ? 'green' : 'red';
      if (String(Object.keys(ends).toSorted()) !== String(mustRun(one, ends).toSorted())) yield 'jobs';
    }
  }
}

/** Whether something of this kind is wrong; looks no further then. */
async function shows(called: string, kind?: Wrong): Promise<boolean> {
  for await (const found of wrong(called)) if (kind === undefined || found === kind) return true;
  return false;
}

type Change = readonly [part: RegExp, instead: string];

/** Fails where a part does not stand in the file exactly once. */
function changed(changes: readonly Change[]): string {
  return changes.reduce((result, [part, instead]) => {
    expect(result.split(part)).toHaveLength(2);
    return result.replace(part, instead);
  }, text);
}

const needsAll = /needs: \[labels, build, built, preview, remove\]/;
const implicit: Change = [/!cancelled\(\) && (?=needs\.labels\.result)/, ''];

const mutants: readonly (readonly [string, Wrong, readonly Change[]])[] = [
  ['ready without always()', 'green', [[/ {4}if: always\(\)\n/, '']]],
  ['ready does not need the labels', 'green', [[needsAll, 'needs: [build, built, preview, remove]']]],
  ['ready does not need the build', 'green', [[needsAll, 'needs: [labels, built, preview, remove]']]],
  [
    'ready does not need what stands for it',
    'green',
    [[needsAll, 'needs: [labels, build, preview, remove]']],
  ],
  ['ready does not need the environment', 'green', [[needsAll, 'needs: [labels, build, built, remove]']]],
  ['a build may be skipped always', 'green', [[/^ {12}build: .*$/m, '            build: true']]],
  ['what stands for it may be skipped always', 'green', [[/^ {12}built: .*$/m, '            built: true']]],
  ['an environment may fail', 'green', [[/allowed-failures: remove/, 'allowed-failures: remove, preview']]],
  [
    'an environment may be skipped always, and is on labels',
    'green',
    [implicit, [/^ {12}preview: .*$/m, '            preview: true']],
  ],
  [
    'the default branch is built for pull_request_target',
    'green',
    [[/github\.event_name != 'pull_request_target' && (?=github\.event\.action != )/, '']],
  ],
  ['what could not be taken away blocks', 'red', [[/allowed-failures: remove/, "allowed-failures: ''"]]],
  ['no skip of the build is allowed', 'red', [[/^ {12}build: .*$/m, '            build: false']]],
  ['no skip of the environment is allowed', 'red', [[/^ {12}preview: .*$/m, '            preview: false']]],
  ['the environment has an implicit success()', 'jobs', [implicit]],
  [
    'the environment asks for the build of this run alone',
    'jobs',
    [
      [
        /\(needs\.build\.result == 'success' \|\| needs\.built\.result == 'success'\)/,
        "needs.build.result == 'success'",
      ],
    ],
  ],
  [
    'a fork gets an environment',
    'jobs',
    [
      [
        / && inputs\.preview-template != '' && github\.event\.pull_request\.head\.repo\.full_name == github\.repository\n/,
        '\n',
      ],
    ],
  ],
];

describe('a pr.yml that is wrong is seen', { timeout: 120_000 }, () => {
  test('as it is, it is right', async () => {
    expect(await shows(text)).toBe(false);
  });

  test.each(mutants)('%s: %s', async (_, kind, changes) => {
    expect(await shows(changed(changes), kind)).toBe(true);
  });
});
