import { expect, test } from 'vitest';
import { decide } from '../decide/decide.ts';
import type { Decision, DecisionInput } from '../decide/types.ts';
import { drive } from './drive.ts';
import { scenarioOf } from './scenario.ts';
import { range } from './simulate.ts';

/** Every fourth input that the histories of these seeds come to. */
function inputs(first: number, count: number): readonly (readonly [DecisionInput, Decision])[] {
  const found: (readonly [DecisionInput, Decision])[] = [];
  let turn = 0;
  for (const seed of range(first, count)) {
    drive({
      scenario: scenarioOf(seed),
      seen: (input, decision) => {
        turn += 1;
        if (turn % 4 === 0) found.push([input, decision]);
      },
    });
  }
  return found;
}

function freeze(value: unknown): void {
  if (typeof value !== 'object' || value === null || Object.isFrozen(value)) return;
  Object.freeze(value);
  for (const one of value instanceof Map ? value.values() : Object.values(value)) freeze(one);
}

test('a decision is pure: the same input, which it does not touch, gives the same again', () => {
  for (const [input, decision] of inputs(40_001, 15)) {
    freeze(input);
    expect(decide(input)).toEqual(decision);
    expect(decide(structuredClone(input))).toEqual(decision);
  }
});

test('time that passes without an observation makes nothing live, and takes no verdict back', () => {
  let verdicts = 0;
  for (const [input, decision] of inputs(41_001, 40)) {
    const later = decide({ ...input, now: input.now + 3_600_000 });
    if (decision.type === 'verdict') {
      verdicts += 1;
      expect(later).toMatchObject({ type: 'verdict', verdict: decision.verdict, reason: decision.reason });
    } else if (later.type === 'verdict') {
      expect(later.verdict).not.toBe('live');
    }
  }
  expect(verdicts).toBeGreaterThan(3);
});

test('what cannot be seen makes nothing live', () => {
  for (const [input] of inputs(42_001, 20)) {
    const unavailable = { unavailable: 'Argo CD is away' };
    expect(decide({ ...input, observed: unavailable })).toMatchObject({ type: 'wait', unavailable: true });
    const blind = decide({ ...input, evidence: { ...input.evidence, resources: unavailable } });
    if (input.expectation.type === 'change' && blind.type === 'verdict')
      expect(blind.verdict).not.toBe('live');
  }
});

test('with more time to settle, and with clocks that may be further apart, it is never live earlier', () => {
  let lives = 0;
  for (const [input, decision] of inputs(43_001, 40)) {
    for (const more of [{ settleMs: 60_000 }, { skewMs: 10_000 }]) {
      const stricter = decide({ ...input, settings: { ...input.settings, ...more } });
      if (stricter.type !== 'verdict' || stricter.verdict !== 'live') continue;
      lives += 1;
      expect(decision).toMatchObject({ type: 'verdict', verdict: 'live' });
    }
  }
  expect(lives).toBeGreaterThan(0);
});
