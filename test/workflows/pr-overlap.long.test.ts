import type { Result } from '@sluice/testbed/workflows/result';
import { dump, load } from 'js-yaml';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { openPullGitHub, type PullGitHub } from './pr-github.ts';
import { at, callers, events } from './pr-stage.ts';

let stage: PullGitHub;

beforeEach(async () => {
  stage = await openPullGitHub();
});
afterEach(async () => {
  stage.github.expectNoViolations();
  await stage.github.close();
});

/** A job that ends when it is told to. */
const held = () => Promise.withResolvers<Result>();
/** Until a job of a run has begun. */
async function begun(name: string): Promise<void> {
  const { checkRuns } = stage.github.repository('finpay/payments-api');
  while (!checkRuns.some((one) => one.name === name && one.status === 'in_progress')) {
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

describe('a label while the commit is built', { timeout: 60_000 }, () => {
  test.each<[Result, string]>([
    ['success', 'passed'],
    ['failure', 'failed'],
    ['cancelled', 'failed'],
  ])('the run of the label waits for the build, which ends with %s', async (result, state) => {
    const build = held();
    const opened = stage.run(events.opened, { ends: { build: build.promise } });
    await begun('pr / build');
    stage.labels.push('skip-ephemeral');
    const labeled = stage.run(events.labeled, { checksTimeout: '20s' });
    await begun('pr / built');
    expect(stage.state()).toBe('pending');
    build.resolve(result);
    const [commit, label] = await Promise.all([opened, labeled]);
    expect(commit.jobs['pr/build']?.result).toBe(result);
    expect(label.jobs['pr/built']?.result).toBe(result === 'success' ? 'success' : 'failure');
    expect(label.jobs['pr/preview']?.result).toBe('skipped');
    expect(stage.state()).toBe(state);
  });

  test('is taken away at once, before the build has ended', async () => {
    const build = held();
    const opened = stage.run(events.opened, { ends: { build: build.promise } });
    await begun('pr / build');
    stage.labels.push('skip-ephemeral');
    const remove = held();
    const labeled = stage.run(events.labeled, { checksTimeout: '20s', ends: { remove: remove.promise } });
    await begun('pr / remove');
    remove.resolve('success');
    build.resolve('success');
    await Promise.all([opened, labeled]);
    expect(stage.state()).toBe('passed');
  });
});

describe('labels after a run that was not green', { timeout: 60_000 }, () => {
  test.each<[string, Readonly<Record<string, Result>>]>([
    ['whose environment did not come up', { preview: 'failure' }],
    ['which the next label has stopped', { preview: 'cancelled' }],
  ])('the build is still known after a run of a label %s', async (_, ends) => {
    await stage.run(events.opened);
    await stage.run(events.labeled, { ends });
    expect(stage.state()).toBe('failed');
    stage.labels.push('skip-ephemeral');
    await stage.run(events.labeled);
    expect(stage.state()).toBe('passed');
  });
});

describe('the build that counts is that of the same calling job in the same file', {
  timeout: 60_000,
}, () => {
  /** Two images of one repository: two jobs that call pr.yml. */
  const two = () => {
    const job = at(callers.caller, 'jobs', 'pr');
    return dump({ ...Object(load(callers.caller)), jobs: { pr: job, api: job } });
  };

  test('of two jobs in one file each has its own', async () => {
    const text = two();
    await stage.run(events.opened, { text, ends: { 'api/build': 'failure' } });
    const made = await stage.run(events.labeled, { text });
    expect(made.jobs['pr/built']?.result).toBe('success');
    expect(made.jobs['api/built']?.result).toBe('failure');
    expect(stage.state('pr / ready')).toBe('passed');
    expect(stage.state('api / ready')).toBe('failed');
  });

  test('a job that was added later has none, though the other one has', async () => {
    await stage.run(events.opened);
    const made = await stage.run(events.labeled, { text: two() });
    expect(made.jobs['api/built']?.result).toBe('failure');
    expect(stage.state('api / ready')).toBe('failed');
    expect(stage.state('pr / ready')).toBe('passed');
  });

  test('of two files with one name each has its own', async () => {
    await stage.run(events.opened, { file: 'web.yml' });
    expect((await stage.run(events.labeled, { file: 'api.yml' })).jobs['pr/built']?.result).toBe('failure');
    expect((await stage.run(events.labeled, { file: 'web.yml' })).jobs['pr/built']?.result).toBe('success');
  });

  test('that of a push is none', async () => {
    const id = stage.begin('push');
    stage.report(id, 'pr / build', 'success');
    stage.finish(id, 'success');
    expect((await stage.run(events.labeled)).jobs['pr/built']?.result).toBe('failure');
  });

  test('the name of the workflow says nothing: `CI app=web` is one', async () => {
    const text = callers.caller.replace(/^name: pr$/m, 'name: CI app=web');
    expect(text).not.toBe(callers.caller);
    await stage.run(events.opened, { text });
    expect((await stage.run(events.labeled, { text })).jobs['pr/built']?.result).toBe('success');
  });
});
