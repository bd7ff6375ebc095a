import type { Result } from '@sluice/testbed/workflows/result';
import type { WorkflowRun } from '@sluice/testbed/workflows/world';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { app, openPullGitHub, type PullGitHub } from './pr-github.ts';
import { callers, type Event, events } from './pr-stage.ts';

let stage: PullGitHub;
let github: PullGitHub['github'];
let sha: string;
let labels: string[];

beforeEach(async () => {
  stage = await openPullGitHub();
  ({ github, sha, labels } = stage);
});
afterEach(async () => {
  github.expectNoViolations();
  await github.close();
});

/** A run of the documented caller. */
const run = (event: Event, ends: Readonly<Record<string, Result>> = {}) => stage.run(event, { ends });
const state = () => stage.state();

const ran = ({ jobs }: WorkflowRun) =>
  Object.entries(jobs).flatMap(([job, { result }]) => (result === 'skipped' ? [] : [job.replace('pr/', '')]));

describe('pr.yml with the bundles of skip-ephemeral and pr-ready', { timeout: 60_000 }, () => {
  test('opened: everything runs, and it is green', async () => {
    expect(ran(await run(events.opened))).toEqual(
      expect.arrayContaining(['labels', 'build', 'preview', 'ready']),
    );
    expect(state()).toBe('passed');
  });

  test('a label that was set after the event is heeded, in whatever case', async () => {
    labels.push('Skip-Ephemeral');
    const made = await run(events.opened);
    expect(ran(made)).not.toContain('preview');
    expect(made.jobs.pr?.outputs).toMatchObject({ skip: 'true' });
    expect(state()).toBe('passed');
  });

  test('environments on request need a label that asks for them: that of the default would say the opposite', async () => {
    const on = (more: string) =>
      callers.caller.replace('push-to:', `skip-mode: opt-in${more}\n      push-to:`);
    expect((await stage.run(events.opened, { text: on('') })).jobs['pr/labels']?.result).toBe('failure');
    expect(state()).toBe('failed');
    const text = on('\n      skip-label: preview');
    expect(ran(await stage.run(events.opened, { text }))).not.toContain('preview');
    labels.push('preview');
    expect(ran(await stage.run(events.labeled, { text }))).toContain('preview');
    expect(state()).toBe('passed');
  });

  test('a red build stays red, however many labels come', async () => {
    await run(events.opened, { build: 'failure' });
    labels.push('skip-ephemeral');
    for (const event of [events.labeled, events.unlabeled]) {
      expect((await run(event)).jobs['pr/built']?.result).toBe('failure');
      expect(state()).toBe('failed');
    }
  });

  test('a build that succeeded is not built again, and two labels later it is still known', async () => {
    await run(events.opened, { preview: 'failure' });
    expect(state()).toBe('failed');
    labels.push('skip-ephemeral');
    for (const event of [events.labeled, events.labeled]) {
      const made = await run(event);
      expect(ran(made)).not.toContain('build');
      expect(made.jobs['pr/built']?.outputs.image).toBe(`ghcr.io/finpay/payments-api:pr-12-${sha}`);
      expect(state()).toBe('passed');
    }
  });

  test('a build that runs is waited for', async () => {
    const id = stage.begin();
    stage.report(id, 'pr / build', null);
    const finish = setTimeout(() => {
      stage.report(id, 'pr / build', 'success');
      stage.finish(id, 'success');
    }, 500);
    expect((await run(events.labeled)).jobs['pr/built']?.result).toBe('success');
    clearTimeout(finish);
    expect(state()).toBe('passed');
  });

  test('a build that failed and was run again is judged by its last attempt', async () => {
    await run(events.opened, { build: 'failure' });
    const first = github.repository(app).runs.at(-1);
    if (first === undefined) throw new Error('There was no run');
    first.attempt = 2;
    first.jobs = [{ id: 900, name: 'pr / build', status: 'completed', conclusion: 'success' }];
    expect((await run(events.labeled)).jobs['pr/built']?.result).toBe('success');
  });

  test('from a fork a token that only reads is enough, before and after a label', async () => {
    expect(ran(await run(events['opened from a fork']))).toEqual(
      expect.arrayContaining(['labels', 'build', 'ready']),
    );
    expect(state()).toBe('passed');
    labels.push('skip-ephemeral');
    expect(ran(await run(events['labeled from a fork'])).toSorted()).toEqual([
      'built',
      'labels',
      'pr',
      'ready',
    ]);
    expect(state()).toBe('passed');
  });

  test('a build that nobody began is never green, nor one of another workflow', async () => {
    const id = stage.begin('pull_request', 'ci.yml');
    stage.report(id, 'ci / build', 'success');
    stage.finish(id, 'success');
    await run(events.labeled);
    expect(state()).toBe('failed');
  });

  test('where GitHub does not answer, an environment is deployed, and a label’s run is not green', async () => {
    await run(events.opened);
    github.faults.push({ method: 'GET', path: /check-runs/, status: 403, times: 100 });
    expect((await run(events.labeled)).jobs['pr/built']?.result).toBe('failure');
    expect(state()).toBe('failed');
  });

  test('a merge group is built, without an environment and without a call', async () => {
    const before = github.requests.length;
    const made = await run(events['merge group']);
    expect(ran(made).toSorted()).toEqual(['build', 'labels', 'pr', 'ready']);
    expect(github.requests.length).toBe(before);
    expect(state()).toBe('passed');
  });
});
