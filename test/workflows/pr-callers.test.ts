import { execFileSync } from 'node:child_process';
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { requiredCheck } from '@sluice/testbed/workflows/branch-protection';
import { interpolate } from '@sluice/testbed/workflows/expression';
import { isTriggered } from '@sluice/testbed/workflows/triggers';
import { readWorkflow } from '@sluice/testbed/workflows/workflow-file';
import { describe, expect, test } from 'vitest';
import { root } from './deploy-stage.ts';
import { everyRun } from './every-run.ts';
import { mayMerge } from './pr-oracle.ts';
import { at, callers, type Event, events, examples, page, requiredName, runPull } from './pr-stage.ts';

/** The concurrency group in which an event runs. */
function groupOf(text: string, event: Event, run = '77'): string {
  const pull_request = event.pull && { number: event.pull.number };
  const github = { event: { action: event.action, ...(pull_request && { pull_request }) }, run_id: run };
  return interpolate(String(at(text, 'concurrency', 'group')), { github });
}

describe('the callers of docs/pull-request-checks.md', () => {
  test('are three whole workflows', () => {
    expect(examples).toHaveLength(3);
  });

  test('are started by what they name', async () => {
    const started = async (text: string): Promise<readonly string[]> => {
      const file = await readWorkflow(text);
      const all = Object.entries(events).filter(([, { name, action }]) => isTriggered(file, name, action));
      return all.map(([name]) => name);
    };
    const changes = ['opened', 'synchronize', 'reopened'];
    const forks = ['opened from a fork'];
    expect(await started(callers.caller)).toEqual([
      ...[...changes, 'labeled', 'unlabeled', 'merge group', ...forks, 'labeled from a fork'],
    ]);
    expect(await started(callers.closing)).toEqual(['closed']);
    expect(await started(callers.required)).toEqual([...changes, 'merge group', ...forks]);
  });

  test('let a label stop the run of a label, and never a build', () => {
    const group = (event: Event): string => groupOf(callers.caller, event);
    expect(group(events.labeled)).toBe(group(events.unlabeled));
    expect(group(events.labeled)).not.toBe(group(events.opened));
    expect(group(events.synchronize)).toBe(group(events.opened));
    expect(at(callers.caller, 'concurrency', 'cancel-in-progress')).toBe(true);
  });

  test.each(['caller', 'required'] as const)('let no group of a merge queue stop another (%s)', (name) => {
    const group = (run: string): string => groupOf(callers[name], events['merge group'], run);
    expect(group('1')).not.toBe(group('2'));
  });
});

describe('pr-closed.yml', () => {
  const ran = async (event: Event) => {
    const run = await runPull(event, { workflow: callers.closing });
    return run?.checks.filter(({ conclusion }) => conclusion !== 'skipped').map(({ name }) => name);
  };
  const fork = { ...events.closed, pull: { number: 12, fork: true } };

  test.each([
    ['removes the environment of a pull request that is closed', events.closed, ['closed / remove']],
    ['has nothing to take from a fork', fork, []],
    ['sweeps on a schedule', { name: 'schedule' }, ['closed / sweep']],
    ['sweeps by hand', { name: 'workflow_dispatch' }, ['closed / sweep']],
    ['does nothing when one is opened', events.opened, undefined],
  ])('%s', async (_, event, names) => {
    expect(await ran(event)).toEqual(names);
  });

  test.each([
    ['closed', events.closed],
    ['a schedule', { name: 'schedule' }],
    ['by hand', { name: 'workflow_dispatch' }],
  ])('is green when what it did succeeded, and only then (%s)', async (_, event) => {
    const options = { workflow: callers.closing };
    const runs = await everyRun((ends) => runPull(event, { ...options, ends }));
    const seen = runs.map(({ ends, outcome }) => [Object.values(ends), outcome?.result]);
    expect(seen).toEqual((['success', 'failure', 'cancelled'] as const).map((result) => [[result], result]));
  });
});

describe('the variant for required workflows is green exactly when it may be merged', () => {
  const given = (['opened', 'synchronize', 'reopened', 'merge group', 'opened from a fork'] as const).map(
    (name) => [name, events[name]] as const,
  );
  test.each(given)('%s', async (_, event) => {
    const options = { workflow: callers.required, skip: false, previews: false };
    for (const { ends, outcome } of await everyRun((ends) => runPull(event, { ...options, ends }))) {
      const checks = (outcome?.checks ?? []).map((check, startedAt) => ({ ...check, startedAt }));
      const state = mayMerge({ event, skip: false, previews: false }, ends) ? 'passed' : 'failed';
      expect({ ends, state: requiredCheck(requiredName, { checks }) }).toEqual({ ends, state });
    }
  });

  test.each(['labeled', 'unlabeled', 'closed'] as const)('%s starts nothing', async (name) => {
    expect(await runPull(events[name], { workflow: callers.required })).toBeUndefined();
  });

  test('the page says what alone a pull request cannot edit', () => {
    expect(page).toMatch(
      /only gates that a pull request cannot edit are a required workflow .*, and CODEOWNERS on `\.github\/`/,
    );
  });
});

test('for Enterprise Server the lines of the page leave no `$/`, in the files and in those that they name', () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'mirror-'));
  try {
    const git = (...args: string[]) =>
      execFileSync('git', ['-c', 'user.name=a', '-c', 'user.email=a@b.example', ...args], { cwd: folder });
    for (const part of ['action.yml', 'actions', '.github']) {
      cpSync(path.join(root, part), path.join(folder, part), { recursive: true });
    }
    git('init', '--quiet');
    git('add', '--all');
    git('commit', '--quiet', '--message', 'ours');
    const [, script = ''] = /```sh\n([\s\S]*?)```/.exec(page) ?? [];
    const env = { ...process.env, GIT_AUTHOR_NAME: 'a', GIT_AUTHOR_EMAIL: 'a@b.example' };
    const committer = { GIT_COMMITTER_NAME: 'a', GIT_COMMITTER_EMAIL: 'a@b.example' };
    execFileSync('bash', ['-euo', 'pipefail', '-c', script], { cwd: folder, env: { ...env, ...committer } });
    /** All that a file names, as it is in the commit that is named. */
    const follow = (commit: string, file: string): number => {
      const text = git('show', `${commit}:${file}`).toString();
      expect(text).not.toMatch(/uses: \$\//);
      const uses = [...text.matchAll(/uses: platform\/sluice(?:\/(\S+))?@([0-9a-f]{40})$/gm)];
      const named = uses.map(([, place = '.', at = '']) => follow(at, path.posix.join(place, 'action.yml')));
      return named.reduce((sum, one) => sum + one, uses.length);
    };
    const workflows = readdirSync(path.join(folder, '.github/workflows'));
    const followed = workflows.map((name) => follow('HEAD', `.github/workflows/${name}`));
    const before =
      readFileSync(path.join(root, '.github/workflows/pr.yml'), 'utf8').match(/uses: \$\//g) ?? [];
    expect(followed[workflows.indexOf('pr.yml')]).toBeGreaterThan(before.length);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});
