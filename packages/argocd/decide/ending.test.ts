import { describe, expect, test } from 'vitest';
import { decide } from './decide.ts';
import { atDeadline, once } from './ending.ts';
import { BEFORE, configMap, deployment, operated, type Situation, situation } from './testing.ts';

const progressing = { resources: [configMap(), deployment({ health: { status: 'Progressing' } })] };
const end = (given: Situation) => {
  const input = situation(given);
  return atDeadline(decide(input), input);
};
const look = (given: Situation) => {
  const input = situation(given);
  return once(decide(input), input);
};

describe('at the deadline', () => {
  test('a wanted state that was not reached is timed-out, with the clauses that were missing', () => {
    expect(end({ shown: progressing })).toMatchObject({ verdict: 'timed-out', missing: ['healthy'] });
    const running = operated({ phase: 'Running', finishedAt: undefined });
    const resources = [deployment({ status: 'OutOfSync', health: { status: 'Missing' } })];
    expect(end({ shown: { resources, operationState: running } })).toMatchObject({
      verdict: 'timed-out',
      missing: ['synced', 'operation', 'healthy'],
    });
    expect(end({ shown: { revision: BEFORE } })).toMatchObject({ verdict: 'timed-out' });
  });

  test.each([
    ['evidence', { resources: { unavailable: 'permission denied' } }],
    ['content', { shown: { revision: BEFORE }, content: { [BEFORE]: { unavailable: 'Git is away' } } }],
    ['evidence that was not asked for in time', { resources: null }],
  ] as const)('%s that could not be had makes it unknown', (_, given) => {
    expect(end(given)).toMatchObject({ verdict: 'unknown', reason: 'could-not-ask' });
  });

  test('a server that is away makes it unknown, with every clause missing', () => {
    const input = { ...situation(), observed: { unavailable: 'Argo CD does not answer' } };
    expect(decide(input)).toMatchObject({ type: 'wait', unavailable: true });
    expect(atDeadline(decide(input), input)).toMatchObject({ verdict: 'unknown', missing: { length: 8 } });
  });

  test('a verdict stays what it is', () => {
    expect(end({})).toMatchObject({ verdict: 'live' });
  });
});

describe('one look', () => {
  test('is not over before evidence and a fresh comparison are there', () => {
    expect(look({ resources: null })).toBeUndefined();
    expect(look({ shown: { reconciledAt: 0 } })).toBeUndefined();
  });

  test('finds live, and unknown with the missing clauses where it would have to wait', () => {
    expect(look({})).toMatchObject({ verdict: 'live' });
    expect(look({ shown: progressing })).toMatchObject({
      verdict: 'unknown',
      reason: 'not-yet',
      missing: ['healthy'],
    });
  });

  test('does not sync, and advises nothing of the kind', () => {
    const outOfSync = { sync: 'OutOfSync', resources: [configMap(), deployment({ status: 'OutOfSync' })] };
    expect(look({ shown: { ...outOfSync, automated: null, operationState: null } })).toMatchObject({
      reason: 'needs-sync',
      messages: ['Auto-sync is off: sync it in Argo CD.'],
    });
    const gone = configMap({ name: 'old', status: 'OutOfSync', requiresPruning: true });
    const shown = { sync: 'OutOfSync', resources: [deployment(), gone] };
    expect(look({ shown, settings: { scope: 'application' } })).toMatchObject({
      reason: 'needs-sync',
      messages: ['Nothing prunes it: turn on `automated.prune`.'],
    });
  });
});
