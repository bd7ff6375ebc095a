import { describe, expect, it } from 'vitest';
import { advisoriesOf } from './advisories.ts';
import { finding, seen, unseen } from './test-scanned.ts';

describe('advisories', () => {
  it('are one for each vulnerability, in whatever it was found, and under whatever name', () => {
    const found = advisoriesOf([
      seen('a', [finding('GHSA-1', { aliases: ['CVE-1'] })]),
      seen('b', [finding('cve-1')]),
      seen('c', [finding('GO-1', { aliases: ['CVE-1', 'CVE-2'] }), finding('GHSA-3')]),
      unseen('d'),
    ]);
    expect(found.map(({ names }) => [...names].toSorted())).toEqual([
      ['CVE-1', 'CVE-2', 'GHSA-1', 'GO-1'],
      ['GHSA-3'],
    ]);
    expect(found[0]?.places.map(({ target }) => target.project).toSorted()).toEqual(['a', 'b', 'c']);
  });

  it('that are connected by a third alone are one, in whatever order they come', () => {
    const all = [
      seen('a', [finding('A')]),
      seen('b', [finding('B')]),
      seen('c', [finding('C', { aliases: ['A', 'B'] })]),
    ];
    for (const order of [all, all.toReversed(), [all[1], all[2], all[0]].flatMap((one) => one ?? [])])
      expect(advisoriesOf(order).map(({ names }) => [...names].toSorted())).toEqual([['A', 'B', 'C']]);
  });

  it('come worst first: what counts, what is exploited, by severity and score', () => {
    const found = advisoriesOf([
      seen('a', [
        finding('low', { severity: 'low', score: 2 }),
        finding('high', { severity: 'high', score: 7 }),
        finding('higher', { severity: 'high', score: 8 }),
        finding('allowed', { severity: 'critical', status: 'allowed', blocking: false }),
      ]),
      seen('b', [finding('exploited', { severity: 'low', exploited: true })]),
    ]);
    expect(found.map(({ id }) => id)).toEqual(['exploited', 'higher', 'high', 'low', 'allowed']);
  });

  it('of many names in a chain take time with their number', () => {
    const chain = Array.from({ length: 20_000 }, (_, at) => finding(`N-${at}`, { aliases: [`N-${at + 1}`] }));
    expect(advisoriesOf([seen('a', chain)])).toHaveLength(1);
  });
});
