import { describe, expect, it } from 'vitest';
import { advisoriesOf } from './advisories.ts';
import { planIssues, type Step } from './issue-plan.ts';
import type { Scanned } from './scan-targets.ts';
import { finding, seen, unseen } from './test-scanned.ts';

const qs = finding('GHSA-1');
const UNKNOWN = { unmatched: [{ component: 'x', why: 'no-purl', file: 'f' }] } as const;

const begun = (scanned: Scanned): Scanned => ({
  ...scanned,
  target: { ...scanned.target, key: `${scanned.target.key} (begun)`, isBegun: true },
});

/** What is done to the issue that was opened for what was found before. */
function stepsOf(before: Scanned, now: readonly Scanned[]): readonly Step[] {
  const settings = { isWhole: true, allowList: 'allow.yml', scope: 'production', mostNew: 20 } as const;
  const plan = (scanned: readonly Scanned[], bodies: readonly string[]) =>
    planIssues({
      ...{ ...settings, maxUnmatched: undefined, advisories: advisoriesOf(scanned), scanned },
      issues: bodies.map((body) => ({ number: 1, author: 'bot', isOpen: true, body })),
    }).steps;
  return plan(
    now,
    plan([before], []).flatMap((step) => (step.type === 'open' ? step.body : [])),
  );
}

describe('an issue of what had only begun', () => {
  const other = seen('b', []);
  const told = new Set(['npm qs']);
  it.each<readonly [string, Scanned, readonly Scanned[], readonly Step['type'][]]>([
    ['stays where it is active now and could not be scanned', begun(seen('a', [qs])), [unseen('a')], []],
    [
      'stays where it is active now and its package was not told of',
      begun(seen('a', [qs])),
      [seen('a', [], UNKNOWN)],
      [],
    ],
    [
      'is closed where it is active now, and has it no more',
      begun(seen('a', [qs])),
      [seen('a', [])],
      ['close'],
    ],
    [
      'is closed where its package was told of',
      begun(seen('a', [qs])),
      [seen('a', [], UNKNOWN, told)],
      ['close'],
    ],
    ['is closed where it was retired', begun(seen('a', [qs])), [], ['close']],
    [
      'of what was active stays where that is retired, and another has begun',
      seen('a', [qs]),
      [begun(seen('a', []))],
      [],
    ],
  ])('%s', (_, before, now, steps) => {
    expect(stepsOf(before, [...now, other]).map(({ type }) => type)).toEqual(steps);
  });

  it('is closed with what was seen, once it is active', () => {
    expect(stepsOf(begun(seen('a', [qs])), [seen('a', [])])).toMatchObject([
      { comment: expect.stringContaining('it was looked up again wherever') },
    ]);
  });
});
