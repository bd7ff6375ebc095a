/** The minutes, hours, days of the month, months and days of the week at which something begins. */
export interface Schedule {
  readonly minutes: ReadonlySet<number>;
  readonly hours: ReadonlySet<number>;
  readonly days: ReadonlySet<number>;
  readonly months: ReadonlySet<number>;
  readonly weekdays: ReadonlySet<number>;
  /** One of the two day fields is `*`: then both must hold, else one of them. */
  readonly bothDays: boolean;
}

const MONTHS = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'];
const WEEKDAYS = ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat'];

interface Field {
  readonly from: number;
  readonly to: number;
  readonly names?: readonly string[];
}
const FIELDS = {
  minutes: { from: 0, to: 59 },
  hours: { from: 0, to: 23 },
  days: { from: 1, to: 31 },
  months: { from: 1, to: 12, names: MONTHS },
  weekdays: { from: 0, to: 6, names: WEEKDAYS },
} as const satisfies Record<string, Field>;

/**
 * The five fields of a schedule as Argo CD's parser takes them: `*`, `?`, names, ranges, lists and steps, no seconds, no `@daily`.
 * undefined where it is none of them. https://pkg.go.dev/github.com/robfig/cron/v3
 */
export function parseSchedule(text: string): Schedule | undefined {
  const [minutes, hours, days, months, weekdays, ...rest] = text.trim().split(/\s+/);
  if (minutes === undefined || hours === undefined || days === undefined) return undefined;
  if (months === undefined || weekdays === undefined || rest.length > 0) return undefined;
  const parsed = {
    minutes: parseField(minutes, FIELDS.minutes),
    hours: parseField(hours, FIELDS.hours),
    days: parseField(days, FIELDS.days),
    months: parseField(months, FIELDS.months),
    weekdays: parseField(weekdays, FIELDS.weekdays),
  };
  if (Object.values(parsed).some((values) => values.size === 0)) return undefined;
  return { ...parsed, bothDays: isEvery(days) || isEvery(weekdays) };
}

/** A step of one is every day as well; any other is a choice of days. */
const isEvery = (field: string): boolean => field.split(',').some((part) => /^[*?](\/1)?$/.test(part));

/** The values of a field; none where it cannot be read. */
function parseField(text: string, field: Field): ReadonlySet<number> {
  const values = new Set<number>();
  for (const part of text.split(',')) {
    const range = parseRange(part, field);
    if (range === undefined) return new Set();
    for (let value = range.from; value <= range.to; value += range.step) values.add(value);
  }
  return values;
}

function parseRange(part: string, field: Field): { from: number; to: number; step: number } | undefined {
  const [range = '', steps, ...rest] = part.split('/');
  const step = steps === undefined ? 1 : Number(/^\d+$/.test(steps) ? steps : 0);
  if (rest.length > 0 || step < 1) return undefined;
  if (range === '*' || range === '?') return { from: field.from, to: field.to, step };
  const [low = '', high, ...more] = range.split('-');
  const from = valueIn(low, field);
  // `5/15` goes on to the end of the field.
  const to = high !== undefined ? valueIn(high, field) : steps !== undefined ? field.to : from;
  if (more.length > 0 || from === undefined || to === undefined) return undefined;
  return from < field.from || to > field.to || from > to ? undefined : { from, to, step };
}

function valueIn(text: string, { names = [], from }: Field): number | undefined {
  if (/^\d+$/.test(text)) return Number(text);
  const index = names.indexOf(text.toLowerCase());
  return index < 0 ? undefined : index + from;
}

const MINUTE = 60_000;
const DAY = 86_400_000;
/** 29 February on a given weekday comes within 28 years, and across 2100 within 40. */
const mostDays = 40 * 366;

/** The first beginning after a time, ms since the epoch, by UTC; undefined where there is none: 30 February. */
export function nextAfter(schedule: Schedule, time: number): number | undefined {
  const first = Math.floor(time / MINUTE) * MINUTE + MINUTE;
  const today = Math.floor(first / DAY) * DAY;
  for (let day = 0; day < mostDays; day++) {
    const midnight = today + day * DAY;
    if (!isDayOf(schedule, new Date(midnight))) continue;
    const found = inDay(schedule, Math.max(first, midnight) - midnight);
    if (found !== undefined) return midnight + found;
  }
  return undefined;
}

function isDayOf({ days, months, weekdays, bothDays }: Schedule, date: Date): boolean {
  if (!months.has(date.getUTCMonth() + 1)) return false;
  const [day, weekday] = [days.has(date.getUTCDate()), weekdays.has(date.getUTCDay())];
  return bothDays ? day && weekday : day || weekday;
}

/** The first beginning in a day from a time of it on. */
function inDay({ minutes, hours }: Schedule, from: number): number | undefined {
  for (let minute = from / MINUTE; minute < 1440; minute++) {
    if (hours.has(Math.floor(minute / 60)) && minutes.has(minute % 60)) return minute * MINUTE;
  }
  return undefined;
}
