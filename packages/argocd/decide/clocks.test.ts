import { describe, expect, test } from 'vitest';
import { decide } from './decide.ts';
import { deployment, operated, seconds, situation } from './testing.ts';

describe('the clocks of Argo CD', () => {
  const ahead = { reconciledAt: 310, healthSince: 320, operationState: operated({ finishedAt: 308 }) };

  test('a controller that is five minutes ahead: what it compared before the push stays old', () => {
    const baseline = { serverTime: seconds(0), localTime: seconds(0), unwell: [], comparedAt: seconds(310) };
    expect(decide(situation({ shown: ahead, baseline }))).toMatchObject({ clause: 'fresh' });
    const later = { ...ahead, reconciledAt: 320 };
    expect(decide(situation({ shown: later, baseline }))).toMatchObject({ verdict: 'live' });
  });

  test('and what needs a sync says so without waiting for five minutes to pass', () => {
    const shown = {
      ...ahead,
      automated: null,
      sync: 'OutOfSync',
      resources: [deployment({ status: 'OutOfSync' })],
    };
    expect(decide(situation({ shown }))).toMatchObject({ reason: 'needs-sync' });
  });

  test('a controller that is five minutes behind: the second comparison that is seen to begin is fresh', () => {
    const at = (reconciledAt: number) => ({
      reconciledAt,
      healthSince: -400,
      operationState: operated({ finishedAt: -400 }),
    });
    const look = (when: number, reconciledAt: number) => ({ at: when, shown: at(reconciledAt) });
    const once = situation({ shown: at(-295), earlier: [look(1, -310), look(30, -295)] });
    expect(decide(once)).toMatchObject({ clause: 'fresh' });
    const twice = [look(1, -310), look(30, -295), look(40, -290)];
    expect(decide(situation({ shown: at(-290), earlier: twice }))).toMatchObject({ verdict: 'live' });
  });

  test('behind like that, its times settle nothing: only what was watched does', () => {
    const shown = { reconciledAt: -290, healthSince: -400, operationState: operated({ finishedAt: -400 }) };
    const looks = [-310, -295].map((reconciledAt, index) => ({
      at: 55 + index,
      shown: { ...shown, reconciledAt },
    }));
    expect(decide(situation({ shown, earlier: looks }))).toMatchObject({ type: 'wait', clause: 'healthy' });
  });
});
