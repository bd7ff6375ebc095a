import type { Log, LogPlace } from '@sluice/core/log';
import { expect, it } from 'vitest';
import { withFindings } from '../test-decision.ts';
import { finding } from '../test-findings.ts';
import { annotate, brokenLines } from './annotations.ts';
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

it('an annotation says what makes it worse than its severity, and of what nobody has rated that', () => {
  const findings = [
    finding({ exploited: true, epss: 0.914 }),
    { ...finding({ severity: 'unknown' }), score: undefined },
  ].map(({ score, ...one }) => (score === undefined ? one : { ...one, score }));
  const [first, second] = heard((log) => annotate(withFindings(findings), log));
  expect(first?.message).toContain('(high 7.5, exploited, EPSS 91.4 %)');
  expect(second?.message).toContain('(severity unknown)');
});

it('what could not be looked up beside a finding is an error before it', () => {
  const problems = ['2 components could not be looked up, and `max-unmatched` is 1'];
  const [first] = heard((log) => annotate(withFindings([finding()], { problems }), log));
  expect(first).toMatchObject({ level: 'error', message: problems[0] });
});

it('of the lines of a broken file nine are errors at their lines', () => {
  const said = heard((log) => {
    const tell = brokenLines(log);
    for (let line = 1; line <= 20; line += 1) tell({ file: 'a.yml', line, message: 'no' });
  });
  expect(said).toHaveLength(9);
  expect(said[0]).toEqual({ level: 'error', message: 'no', place: { file: 'a.yml', line: 1 } });
});

it('the log says of each finding why it counts, or why it does not', () => {
  const open = { blocking: false } as const;
  const all = [
    finding({ exploited: true, isNew: true }),
    finding({ ...open, severity: 'low', score: 3.1, epss: 0.2 }),
    finding({ ...open, isNew: false }),
    finding({ ...open, fixed: [], waits: true }),
    finding({ ...open, status: 'allowed', because: 'never called' }),
  ];
  const statusIn = (line: string) => line.split('  ').at(-1);
  expect(findingLines(withFindings(all), 'high').map(statusIn)).toEqual([
    'counts: at or above high, exploited, new',
    'does not count: below high, EPSS 20.0 %',
    'does not count: in the base too',
    'does not count: without a fix, and only-fixed is set',
    'allowed: never called',
  ]);
  expect(findingLines(withFindings([finding(open)]), 'none').map(statusIn)).toEqual([
    'does not count: severity-threshold is none',
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
    { file: '.github/sluice-allow.yml', line: 7, message: 'GHSA-1 was allowed to 2026-01-01', hides: [] },
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
      problems: [{ file: evil, line: 1, message: evil, hides: [] }, evil],
      unmatched: [{ component: evil, why: 'no-purl', file: evil }],
    },
  );
  const lines = [
    ...heard((log) => annotate(all, log)).map(({ message }) => message),
    ...findingLines(all, 'high'),
    ...unmatchedLines(all),
  ];
  expect(lines.length).toBeGreaterThanOrEqual(5);
  for (const line of lines) expect(line).not.toMatch(/[\n\r\u202e]/);
});

it('the log has at most 500 lines of findings', () => {
  const lines = findingLines(withFindings(Array(700).fill(finding())), 'high');
  expect(lines).toHaveLength(501);
  expect(lines.at(-1)).toBe('… and 200 more');
});
