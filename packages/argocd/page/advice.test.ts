import { expect, test } from 'vitest';
import { adviceOf } from './advice.ts';
import { verdictOf } from './test-report.ts';

test.each([
  [
    'Pod a: ImagePullBackOff: Back-off pulling image "x": not found',
    /^Check that the image is in the registry/,
  ],
  ['Pod a: CreateContainerConfigError: secret "db" not found', /^Check that what its containers refer to/],
  [
    'Pod a: CrashLoopBackOff: back-off restarting failed container=app',
    /^Look at the logs of its container: it starts/,
  ],
  ['Pod a: OOMKilled', /more memory/],
  [
    'ReplicaSet a: FailedCreate: admission webhook "p" denied the request',
    /^Change what the admission refuses/,
  ],
  ['ReplicaSet a: FailedCreate: exceeded quota: compute', /^Make room/],
  ['Pod a: FailedScheduling: 0/3 nodes are available', /^Make room/],
  ['Pod a: Unhealthy: Readiness probe failed: 503', /does not become ready/],
  ['nothing known', /^Look at the events and logs/],
])('what is Degraded: %s', (sentence, advice) => {
  const { verdict } = verdictOf('payments', { verdict: 'failed', reason: 'degraded', sentence });
  expect(adviceOf(verdict)).toMatch(advice);
  expect(adviceOf({ ...verdict, sentence: 'It is Degraded.', messages: [sentence] })).toMatch(advice);
  expect(adviceOf(verdict)).toMatch(/; a new deployment of the version before brings it back\.$/);
});

test('a rollout that nobody promoted in time', () => {
  const of = (sentence: string) =>
    adviceOf(
      verdictOf('a', { verdict: 'timed-out', reason: 'timed-out', missing: ['healthy'], sentence }).verdict,
    );
  expect(of('The time is over: Rollout payments/api is paused at step 2 of 4 (pause).')).toBe(
    'Not seen: Healthy. Promote the rollout, or set `until: paused` to go on at its pause. Run the job again, or raise `timeout`.',
  );
  expect(of('The time is over: Deployment payments/api is paused.')).not.toContain('Promote');
});

test.each([
  [
    'Waiting until 2026-11-22 06:00 UTC: the sync windows are closed for auto-sync (deny `0 1 * * *` for 5h).',
    /^Run it again after 2026-11-22 06:00 UTC, raise `timeout`, or use event mode\.$/,
  ],
  [
    'The sync windows are closed for a sync (deny `0 1 * * *` for 5h Mars/One).',
    /^Run it again when the sync/,
  ],
  ['Waiting until the sync window opens.', /^Run it again when the sync window is open, raise/],
  ['Synchronising.', /^Run the job again/],
])('a sync that a window holds: %s', (words, advice) => {
  for (const reason of ['timed-out', 'not-yet'] as const) {
    const sentence = `The change is not live: ${words}`;
    expect(adviceOf(verdictOf('a', { verdict: 'unknown', reason, missing: [], sentence }).verdict)).toMatch(
      advice,
    );
  }
});

test('an application that was named and does not read the change', () => {
  const sentence =
    'The change has no edit that this application reads, so there is nothing that could be proven.';
  const { verdict } = verdictOf('a', { verdict: 'unknown', reason: 'nothing-to-verify', sentence });
  expect(adviceOf(verdict)).toMatch(/^Take it out of `applications`/);
  expect(adviceOf({ ...verdict, sentence: 'Hooks alone.' })).toMatch(/^Name the applications/);
});

test('what needs a sync: the one line of its cause, said once', () => {
  const line = 'Auto-sync is off: sync it in Argo CD, or set `sync: when-manual`.';
  const { verdict } = verdictOf('a', { verdict: 'failed', reason: 'needs-sync', messages: [line] });
  expect(adviceOf(verdict)).toBe(line);
  expect(adviceOf({ ...verdict, messages: [] })).toBe('Sync the application in Argo CD.');
});
