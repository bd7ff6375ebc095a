import { describe, expect, it } from 'vitest';
import { closedWindows, isClosed, opensAt, type SyncWindow, type SyncWindows } from './sync-windows.ts';

const utc = (text: string): number => Date.parse(`${text}Z`);
/** A Saturday. */
const NOW = utc('2026-11-21T03:00:30');

const window = (kind: 'allow' | 'deny', fields: Partial<SyncWindow> = {}): SyncWindow => ({
  ...{ kind, schedule: '0 22 * * *', duration: '8h', manualSync: false, timeZone: '' },
  ...fields,
});

const windows = (active: readonly SyncWindow[], others: readonly SyncWindow[] = []): SyncWindows => ({
  ...{ assigned: [...active, ...others], active, canSync: false, takenAt: 0 },
});

const opened = (of: SyncWindows, by: 'manual' | 'automatic' = 'automatic'): string | undefined => {
  const found = opensAt(of, by, NOW);
  return found === undefined ? undefined : new Date(found).toISOString().slice(0, 16);
};

describe('windows keep a sync away', () => {
  const [allow, deny] = [window('allow'), window('deny')];
  const by = (one: SyncWindow): SyncWindow => ({ ...one, manualSync: true });
  it.each([
    ['none assigned', [], [], false, false],
    ['one denies', [deny], [], true, true],
    ['one denies, but not a person', [by(deny)], [], true, false],
    ['two deny, one of them a person as well', [by(deny), deny], [], true, true],
    ['one denies what another allows', [deny, allow], [], true, true],
    ['one allows', [allow], [], false, false],
    ['one would allow later', [], [allow], true, true],
    ['one would allow later, a person now', [], [by(allow)], true, false],
    ['two would allow later, one of them a person now', [], [by(allow), allow], true, true],
    ['one will deny', [], [deny], false, false],
    ['one will deny, another would allow', [], [deny, allow], true, true],
  ])('%s', (_, active, others, automatic, manual) => {
    const of = { assigned: [...active, ...others], active };
    expect(isClosed(of, 'automatic')).toBe(automatic);
    expect(isClosed(of, 'manual')).toBe(manual);
  });
});

describe('closed windows open', () => {
  it.each([
    ['when the one that denies ends', [window('deny')], [], '2026-11-21T06:00'],
    [
      'when the last of them ends',
      [window('deny'), window('deny', { schedule: '0 3 * * *', duration: '90m' })],
      [window('deny', { schedule: '30 5 * * *', duration: '1h30m' })],
      '2026-11-21T07:00',
    ],
    ['when one that allows begins', [], [window('allow', { schedule: '0 12 * * *' })], '2026-11-21T12:00'],
    [
      'when one that allows is still there after the one that denies',
      [window('deny'), window('allow', { schedule: '0 0 * * *', duration: '12h' })],
      [],
      '2026-11-21T06:00',
    ],
    [
      'on the next day that is allowed',
      [],
      [window('allow', { schedule: '0 9 * * mon-fri', duration: '8h' })],
      '2026-11-23T09:00',
    ],
    [
      'by the wall clock of their zone, of winter in Berlin',
      [window('deny', { timeZone: 'Europe/Berlin' })],
      [],
      '2026-11-21T05:00',
    ],
    [
      'by the wall clock of their zone, ahead by half an hour',
      [window('deny', { timeZone: 'Asia/Kolkata', schedule: '0 8 * * *', duration: '1h' })],
      [],
      '2026-11-21T03:30',
    ],
    [
      'by UTC where nobody knows the zone',
      [window('deny', { timeZone: 'Nowhere/Land' })],
      [],
      '2026-11-21T06:00',
    ],
    [
      'a freeze of weeks ends',
      [window('deny', { schedule: '0 0 15 11 *', duration: '1080h' })],
      [],
      '2026-12-30T00:00',
    ],
  ])('%s', (_, active, others, expected) => {
    expect(opened(windows(active, others))).toBe(expected);
  });

  it('for a person before they do for auto-sync', () => {
    const first = window('deny', { manualSync: true, schedule: '0 0 * * *', duration: '12h' });
    const second = window('deny', { schedule: '0 2 * * *', duration: '2h' });
    expect(opened(windows([first, second]), 'manual')).toBe('2026-11-21T04:00');
    expect(opened(windows([first, second]), 'automatic')).toBe('2026-11-21T12:00');
  });

  it.each([
    ['the time zone is not known', windows([{ ...window('deny'), timeZone: undefined }].map(strip))],
    ['the schedule is not one', windows([window('deny', { schedule: '@daily' })])],
    ['the duration is not one', windows([window('deny', { duration: '1d' })])],
    [
      'one follows the other without a gap',
      windows([window('deny', { schedule: '* * * * *', duration: '1h' })]),
    ],
    [
      'Argo CD calls another one active than we reckon',
      windows([window('deny', { schedule: '0 12 * * *' })]),
    ],
    ['Argo CD does not call one active that we reckon', windows([], [window('deny'), window('allow')])],
  ])('and nobody can tell when, where %s', (_, of) => {
    expect(opened(of)).toBeUndefined();
  });
});

/** As the endpoint of an application gives it. */
function strip({ kind, schedule, duration, manualSync }: Omit<SyncWindow, 'timeZone'>): SyncWindow {
  return { kind, schedule, duration, manualSync };
}

describe('what is said of them', () => {
  it('is until when, and which they are', () => {
    const of = windows([strip(window('deny'))], []);
    const zoned = { ...of, assigned: [window('deny', { timeZone: 'Europe/Berlin' })] };
    expect(closedWindows(zoned, 'automatic', NOW)).toMatchObject({
      why: 'Waiting until 2026-11-21 05:00 UTC: the sync windows are closed for auto-sync (deny `0 22 * * *` for 8h Europe/Berlin)',
      opensAt: expect.any(Number),
    });
    expect(closedWindows(of, 'manual', NOW)).toEqual({
      why: 'The sync windows are closed for a sync (deny `0 22 * * *` for 8h)',
    });
  });

  it('is nothing of open ones: for a person by what Argo CD says itself', () => {
    expect(closedWindows({ ...windows([window('deny')]), canSync: true }, 'manual', NOW)).toBeUndefined();
    expect(closedWindows(windows([window('allow')]), 'automatic', NOW)).toBeUndefined();
  });
});
