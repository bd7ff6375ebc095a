import { nextAfter, parseSchedule, type Schedule } from './cron.ts';

/** A sync window of an AppProject that is assigned to an application. */
export interface SyncWindow {
  readonly kind: 'allow' | 'deny';
  readonly schedule: string;
  /** As Go writes it: `1h30m`. */
  readonly duration: string;
  readonly manualSync: boolean;
  /** Where it is known, empty for UTC; the endpoint of an application's windows leaves it out, the AppProject has it. */
  readonly timeZone?: string;
}

/** What the windows of an application say; times in milliseconds since the epoch. */
export interface SyncWindows {
  /** Those that Argo CD holds for assigned, and of these the ones it calls active now. */
  readonly assigned: readonly SyncWindow[];
  readonly active: readonly SyncWindow[];
  /** Argo CD's own word on a manual sync now. */
  readonly canSync: boolean;
  /** When it was asked, by the local clock. */
  readonly takenAt: number;
}

/** Who begins a sync: some windows let a person through and auto-sync not. */
export type Initiator = 'manual' | 'automatic';

/** Whether the windows keep a sync away, as Argo CD reckons it from those that are active. */
export function isClosed(
  { assigned, active }: Pick<SyncWindows, 'assigned' | 'active'>,
  by: Initiator,
): boolean {
  const denying = active.filter(({ kind }) => kind === 'deny');
  if (denying.length > 0) return by === 'automatic' || !denying.every(({ manualSync }) => manualSync);
  if (active.some(({ kind }) => kind === 'allow')) return false;
  const allowing = assigned.filter(({ kind }) => kind === 'allow');
  if (allowing.length === 0) return false;
  return by === 'automatic' || !allowing.every(({ manualSync }) => manualSync);
}

/** Further ahead nobody waits, and time zones move their clocks. */
const horizon = 366 * 86_400_000;
/** Windows without a gap would go on for ever. */
const mostSteps = 5000;

/**
 * When windows that are closed now open: undefined where that cannot be told (a schedule that cannot be read, a time zone that is
 * not known or contradicts what Argo CD calls active) or is not within a year.
 */
export function opensAt(windows: SyncWindows, by: Initiator, now: number): number | undefined {
  const timed = windows.assigned.map(timedWindow);
  const known = timed.filter((one) => one !== undefined);
  if (known.length < timed.length || !agrees(known, windows, now)) return undefined;
  const closedAt = (time: number): boolean => {
    const active = known.filter((one) => activeUntil(one, time) !== undefined);
    return isClosed({ assigned: windows.assigned, active: active.map(({ window }) => window) }, by);
  };
  let time = now;
  for (let step = 0; step < mostSteps && time <= now + horizon; step++) {
    if (!closedAt(time)) return time;
    const next = Math.min(...known.map((one) => nextTurn(one, time)));
    // A window is active between its ends, not at them.
    time = next + 1;
  }
  return undefined;
}

interface Timed {
  readonly window: SyncWindow;
  readonly schedule: Schedule;
  readonly durationMs: number;
  readonly timeZone: string;
}

function timedWindow(window: SyncWindow): Timed | undefined {
  const schedule = parseSchedule(window.schedule);
  const durationMs = parseDuration(window.duration);
  if (schedule === undefined || durationMs === undefined || window.timeZone === undefined) return undefined;
  return { window, schedule, durationMs, timeZone: window.timeZone };
}

/** What we reckon for active is what Argo CD calls active: else we have the time zone or the rule wrong, or its clock is another. */
function agrees(known: readonly Timed[], { active }: SyncWindows, now: number): boolean {
  const isActive = ({ window }: Timed): boolean => active.some((one) => sameWindow(one, window));
  return known.every((one) => (activeUntil(one, now) !== undefined) === isActive(one));
}

/** What both endpoints say of a window. */
export const sameWindow = (a: SyncWindow, b: SyncWindow): boolean =>
  a.kind === b.kind &&
  a.schedule === b.schedule &&
  a.duration === b.duration &&
  a.manualSync === b.manualSync;

/** The end of the earliest run of a window in which a time lies. */
function activeUntil({ schedule, durationMs, timeZone }: Timed, time: number): number | undefined {
  const offset = offsetOf(timeZone, time);
  const began = nextAfter(schedule, time + offset - durationMs);
  return began !== undefined && began < time + offset ? began + durationMs - offset : undefined;
}

/** When a window begins or ends next. */
function nextTurn(one: Timed, time: number): number {
  const end = activeUntil(one, time);
  const offset = offsetOf(one.timeZone, time);
  const start = nextAfter(one.schedule, time + offset);
  return Math.min(
    end ?? Number.POSITIVE_INFINITY,
    start === undefined ? Number.POSITIVE_INFINITY : start - offset,
  );
}

/** How far the wall clocks of a zone are ahead of UTC at a time, ms. Argo CD takes an unknown zone for UTC. */
function offsetOf(timeZone: string, time: number): number {
  if (timeZone === '' || timeZone === 'UTC') return 0;
  try {
    const wall = new Intl.DateTimeFormat('en-US', {
      ...{ timeZone, hourCycle: 'h23', year: 'numeric', month: 'numeric', day: 'numeric' },
      ...{ hour: 'numeric', minute: 'numeric', second: 'numeric' },
    }).formatToParts(time);
    const part = (type: string): number => Number(wall.find((one) => one.type === type)?.value);
    const shown = Date.UTC(
      part('year'),
      part('month') - 1,
      part('day'),
      part('hour'),
      part('minute'),
      part('second'),
    );
    return shown - Math.floor(time / 1000) * 1000;
  } catch (error) {
    if (error instanceof RangeError) return 0;
    throw error;
  }
}

const UNITS: Readonly<Record<string, number>> = { h: 3_600_000, m: 60_000, s: 1000, ms: 1 };

/** A duration as Go's `ParseDuration` takes it, in ms. */
function parseDuration(text: string): number | undefined {
  if (!/^(\d+(\.\d+)?(h|ms|m|s))+$/.test(text)) return undefined;
  const parts = [...text.matchAll(/(\d+(?:\.\d+)?)(h|ms|m|s)/g)];
  return parts.reduce((sum, [, count, unit = '']) => sum + Number(count) * (UNITS[unit] ?? 0), 0);
}

/**
 * What there is to say of windows that keep a sync away: until when, or which they are where that cannot be told; undefined where none
 * does. The sentence stays the same while nothing changes.
 * @param now when the windows were asked for, by the server's clock.
 */
export function closedWindows(
  windows: SyncWindows,
  by: Initiator,
  now: number,
): { readonly why: string; readonly opensAt?: number } | undefined {
  const closed = by === 'manual' ? !windows.canSync : isClosed(windows, by);
  if (!closed) return undefined;
  const opens = opensAt(windows, by, now);
  const whose = by === 'manual' ? 'a sync' : 'auto-sync';
  const which = `closed for ${whose} (${describe(windows)})`;
  if (opens === undefined) return { why: `The sync windows are ${which}` };
  return { why: `Waiting until ${minuteOf(opens)}: the sync windows are ${which}`, opensAt: opens };
}

/** `2026-11-22 06:00 UTC` */
const minuteOf = (time: number): string =>
  `${new Date(time).toISOString().slice(0, 16).replace('T', ' ')} UTC`;

/** Those that deny now; where none does, those that would allow. */
function describe({ active, assigned }: SyncWindows): string {
  const denying = active.filter(({ kind }) => kind === 'deny');
  const shown = denying.length > 0 ? denying : assigned.filter(({ kind }) => kind === 'allow');
  const zoned = (one: SyncWindow): SyncWindow => assigned.find((other) => sameWindow(one, other)) ?? one;
  return shown.map(zoned).map(describeWindow).join('; ') || 'Argo CD names none';
}

const describeWindow = ({ kind, schedule, duration, timeZone }: SyncWindow): string =>
  `${kind} \`${schedule}\` for ${duration}${timeZone ? ` ${timeZone}` : ''}`;
