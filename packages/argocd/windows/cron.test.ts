import { describe, expect, it } from 'vitest';
import { nextAfter, parseSchedule } from './cron.ts';

const next = (schedule: string, after: string): string | undefined => {
  const parsed = parseSchedule(schedule);
  if (parsed === undefined) throw new Error(`${schedule} was not read`);
  const found = nextAfter(parsed, Date.parse(after));
  return found === undefined ? undefined : new Date(found).toISOString();
};

describe('the next beginning of a schedule', () => {
  // 2026-11-21 is a Saturday.
  it.each([
    ['* * * * *', '2026-11-21T03:00:00Z', '2026-11-21T03:01:00.000Z'],
    ['* * * * *', '2026-11-21T03:00:30Z', '2026-11-21T03:01:00.000Z'],
    ['0 22 * * *', '2026-11-21T22:00:00Z', '2026-11-22T22:00:00.000Z'],
    ['0 22 * * *', '2026-11-21T21:59:59Z', '2026-11-21T22:00:00.000Z'],
    ['*/15 * * * *', '2026-11-21T03:16:00Z', '2026-11-21T03:30:00.000Z'],
    ['5/20 * * * *', '2026-11-21T03:46:00Z', '2026-11-21T04:05:00.000Z'],
    ['10-12 3,5 * * *', '2026-11-21T03:12:00Z', '2026-11-21T05:10:00.000Z'],
    ['0 9 * * 1-5', '2026-11-21T03:00:00Z', '2026-11-23T09:00:00.000Z'],
    ['0 9 * * MON-FRI', '2026-11-20T09:00:00Z', '2026-11-23T09:00:00.000Z'],
    ['0 0 1 jan ?', '2026-11-21T03:00:00Z', '2027-01-01T00:00:00.000Z'],
    ['0 0 29 2 *', '2026-11-21T03:00:00Z', '2028-02-29T00:00:00.000Z'],
    // The year changes, and 2100 has no leap day.
    ['0 0 29 2 *', '2096-03-01T00:00:00Z', '2104-02-29T00:00:00.000Z'],
    ['59 23 31 12 *', '2026-12-31T23:59:00Z', '2027-12-31T23:59:00.000Z'],
  ])('%s after %s is %s', (schedule, after, expected) => {
    expect(next(schedule, after)).toBe(expected);
  });

  it.each([
    ['of a day of the month and one of the week either', '0 0 25 * 1', '2026-11-23T00:00:00.000Z'],
    ['with one of them `*` both', '0 0 25 * *', '2026-11-25T00:00:00.000Z'],
    ['a step of days is a choice, so either', '0 0 */10 * 2', '2026-11-24T00:00:00.000Z'],
  ])('%s: %s', (_, schedule, expected) => {
    expect(next(schedule, '2026-11-21T03:00:00Z')).toBe(expected);
  });

  it('is none for a day that no month has', () => {
    expect(next('0 0 30 2 *', '2026-11-21T03:00:00Z')).toBeUndefined();
  });
});

describe('what is no schedule of Argo CD', () => {
  it.each([
    '',
    '* * * *',
    '* * * * * *',
    '@daily',
    '60 * * * *',
    '* 24 * * *',
    '* * 0 * *',
    '* * * 13 *',
    '* * * * 7',
    '*/0 * * * *',
    '5-1 * * * *',
    '1-2-3 * * * *',
    '*/2/2 * * * *',
    'TZ=Europe/Berlin 0 9 * * *',
    '-1 * * * *',
    '0 9 * * mo',
  ])('%j', (schedule) => {
    expect(parseSchedule(schedule)).toBeUndefined();
  });
});
