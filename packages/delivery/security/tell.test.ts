import type { Log, LogPlace } from '@sluice/core/log';
import { expect, it } from 'vitest';
import { advisoriesOf } from './advisories.ts';
import { notesOf } from './notes.ts';
import type { Scanned } from './scan-targets.ts';
import { teller, tellFindings, tellNotes } from './tell.ts';
import { expired, finding, seen, unseen } from './test-scanned.ts';
import { unmatchedOf } from './unmatched.ts';

type Line = readonly [string, string, (LogPlace | readonly string[])?];

function heard(scanned: readonly Scanned[]): readonly Line[] {
  const lines: Line[] = [];
  const say = (level: string) => (message: string, place?: LogPlace) =>
    void lines.push(place === undefined ? [level, message] : [level, message, place]);
  const log: Log = {
    ...{ debug: say('debug'), info: say('info'), warning: say('warning'), error: say('error') },
    group: (title, group) => void lines.push(['group', title, group]),
  };
  scanned.forEach(teller(log, undefined));
  tellFindings(advisoriesOf(scanned), 'high', log);
  tellNotes(notesOf(scanned), unmatchedOf(scanned), log);
  return lines;
}

it('each Deployment has a line: what was found, or why it could not be scanned', () => {
  const unmatched = [{ component: 'zlib', why: 'no-purl', file: 'f' }] as const;
  expect(
    heard([seen('a', [finding('GHSA-1')]), seen('b', [], { unmatched }), unseen('c', 'no-sbom')]),
  ).toEqual([
    ['info', 'a in production (acme/app): vulnerable, 1 finding, 1 that counts'],
    [
      'info',
      'b in production (acme/app): clean, 0 findings, 0 that count, 1 component that could not be looked up',
    ],
    ['info', 'c in production (acme/app): could-not-scan: It could not be fetched.'],
    ['warning', 'c in production: It could not be fetched.'],
    [
      'group',
      '1 vulnerability, worst first',
      ['high 7.5  GHSA-1  qs 6.7.0  fixed in: 6.7.3  counts: at or above high  (a in production)'],
    ],
    ['group', '1 component that could not be looked up', ['zlib: no purl (b in production)']],
  ]);
});

it('of many that could not be scanned ten are warnings, and all are lines of the log', () => {
  const lines = heard(Array.from({ length: 40 }, (_, at) => unseen(`p${at}`, 'no-sbom')));
  expect(lines.filter(([level]) => level === 'warning')).toHaveLength(10);
  expect(lines.filter(([level]) => level === 'info')).toHaveLength(40);
});

it('an allowance that has expired is an error at its line, once, and what was not used a warning at its', () => {
  const unused = { file: 'allow.yml', line: 9, message: 'was not used' };
  const more = { problems: [expired('CVE-9')], warnings: [unused, 'old'] };
  expect(heard([seen('a', [], more), seen('b', [], more)]).slice(2)).toEqual([
    ['error', 'CVE-9 was allowed to 2026-01-01: "no harm"', { file: 'allow.yml', line: 3 }],
    ['warning', 'was not used', { file: 'allow.yml', line: 9 }],
    ['warning', 'old'],
  ]);
});
