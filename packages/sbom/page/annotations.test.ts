import type { Log, LogPlace } from '@sluice/core/log';
import { expect, it } from 'vitest';
import { withFindings } from '../test-decision.ts';
import { finding } from '../test-findings.ts';
import { annotate } from './annotations.ts';
import { findingLines, unmatchedLines } from './log-lines.ts';

interface Said {
  readonly level: string;
  readonly message: string;
  readonly place?: LogPlace | undefined;
}

function heard(act: (log: Log) => void): readonly Said[] {
  const said: Said[] = [];
  act({
    debug: () => {},
    info: (message) => said.push({ level: 'info', message }),
    warning: (message, place) => said.push({ level: 'warning', message, place }),
    error: (message, place) => said.push({ level: 'error', message, place }),
    group: (message) => said.push({ level: 'group', message }),
  });
  return said;
}

it('an annotation says what, how bad, the fix, and by which way it came in', () => {
  const findings = [finding(), finding({ name: 'b', fixed: [], paths: [] }), finding({ blocking: false })];
  expect(heard((log) => annotate(withFindings(findings), log)).map(({ message }) => message)).toEqual([
    'qs 6.7.0: GHSA-hrpp-h998-j3pp (high 7.5), fixed in 6.7.3; comes in by shop › express@4.17.1 › qs@6.7.0',
    'b 6.7.0: GHSA-hrpp-h998-j3pp (high 7.5), no fixed version is known',
  ]);
});

it('there are at most nine errors, since GitHub shows ten and the verdict has its own', () => {
  const many = Array.from({ length: 40 }, (_, at) => finding({ id: `GHSA-${at}` }));
  const said = heard((log) => annotate(withFindings(many), log));
  expect(said.filter(({ level }) => level === 'error')).toHaveLength(9);
  expect(said[0]?.message).toContain('GHSA-0');
});

it('an entry that has expired stands at its line, before what was found', () => {
  const problems = [
    { file: '.github/sluice-allow.yml', line: 7, message: 'GHSA-1 was allowed to 2026-01-01' },
  ];
  const [first, second] = heard((log) => annotate(withFindings([finding()], { problems }), log));
  expect(first).toEqual({
    level: 'error',
    message: 'GHSA-1 was allowed to 2026-01-01',
    place: { file: '.github/sluice-allow.yml', line: 7 },
  });
  expect(second?.message).toContain('qs 6.7.0');
});

it('there are at most ten warnings; the log has the others', () => {
  const warnings = Array.from({ length: 25 }, (_, at) => ({
    file: 'a.yml',
    line: at + 1,
    message: `w${at}`,
  }));
  const said = heard((log) => annotate(withFindings([], { warnings }), log));
  expect(said.filter(({ level }) => level === 'warning')).toHaveLength(10);
  expect(said.at(-2)?.message).toBe('16 further warnings: the log has them.');
  expect(said.at(-1)?.level).toBe('group');
});

it('text of others is one line with nothing hidden in it, in the log too', () => {
  const evil = 'a\n::error::x \u202e\r##[error]';
  const all = withFindings(
    [finding({ name: evil, id: evil, version: evil, fixed: [evil], paths: [[evil]] })],
    {
      warnings: [evil],
      problems: [{ file: evil, message: evil }],
      unmatched: [{ component: evil, why: 'no-purl', file: evil }],
    },
  );
  const lines = [
    ...heard((log) => annotate(all, log)).map(({ message }) => message),
    ...findingLines(all),
    ...unmatchedLines(all),
  ];
  expect(lines.length).toBeGreaterThanOrEqual(5);
  for (const line of lines) expect(line).not.toMatch(/[\n\r\u202e]/);
});

it('the log has at most 500 lines of findings', () => {
  const lines = findingLines(withFindings(Array(700).fill(finding())));
  expect(lines).toHaveLength(501);
  expect(lines.at(-1)).toBe('… and 200 more');
});
