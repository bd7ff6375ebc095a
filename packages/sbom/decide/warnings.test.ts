import { describe, expect, test } from 'vitest';
import { decideScan } from './decide-scan.ts';
import { scanInput } from './testing.ts';
import type { ScanInput, Threshold } from './types.ts';

describe('what makes a scan weaker than it looks', () => {
  const old = 'what is known since then is not in it';
  test.each<[string, Partial<Pick<ScanInput, 'kev' | 'epss'>> & { day?: string }, readonly string[]]>([
    ['a day ago', { day: '2026-11-20' }, []],
    ['two weeks ago', { day: '2026-11-07' }, []],
    [
      'longer ago',
      { day: '2026-11-06' },
      [`The database of vulnerabilities is of 2026-11-06, 15 days ago: ${old}; load it anew.`],
    ],
    ['in the future', { day: '2027-11-06' }, []],
    [
      'years ago',
      {
        kev: { ids: new Set(), day: '2022-11-21', fails: true },
        epss: { scores: new Map(), day: '2026-10-21' },
      },
      [
        `The catalog of \`kev\` is of 2022-11-21, 1,461 days ago: ${old}; fetch it anew.`,
        `The table of \`epss\` is of 2026-10-21, 31 days ago: ${old}; fetch it anew.`,
      ],
    ],
  ])('data of %s', (_, { day, ...threats }, expected) => {
    const input = scanInput([], threats);
    const scan = { ...input.scan, ...(day !== undefined && { day }) };
    expect(decideScan({ ...input, scan }).warnings).toEqual(expected);
  });

  const kev = (fails: boolean) => ({ ids: new Set<string>(), fails });
  const idle = [expect.stringContaining('no vulnerability counts, whatever it is')];
  test.each<[string, Pick<ScanInput, 'kev' | 'epss'>, readonly unknown[]]>([
    ['nothing that could count', {}, idle],
    ['exploits that are only shown', { kev: kev(false), epss: { scores: new Map() } }, idle],
    ['exploits that count', { kev: kev(true) }, []],
    ['probabilities that count', { epss: { scores: new Map(), failsFrom: 0.5 } }, []],
  ])('threshold none, and %s', (_, threats, expected) => {
    const warnings = (threshold: Threshold) =>
      decideScan(scanInput([], { ...threats, settings: { threshold } })).warnings;
    expect([warnings('none'), warnings('critical')]).toEqual([expected, []]);
  });
});
