import type { Order } from '../versions/order.ts';
import type { OsvEvent, OsvRange } from './record.ts';

/** Whether a version lies in a range; undefined: cannot be told. */
export type RangeTest = (version: string) => boolean | undefined;

/**
 * A range made ready for versions of one ecosystem, by https://ossf.github.io/osv-schema/#evaluation. Where the schema
 * leaves it open, it holds too much rather than too little: a range that begins nowhere begins at the first version.
 */
export function rangeTest(range: OsvRange, order: Order | undefined): RangeTest {
  const { events, type } = range;
  // Commits follow each other in a repository that is not here, and a type of a later schema by rules that are not known.
  if ((type !== 'SEMVER' && type !== 'ECOSYSTEM') || events.length === 0) return () => undefined;
  if (events.every(isUnbounded)) return () => true;
  if (order === undefined || !events.every((event) => isBoundary(event, order))) return () => undefined;
  const limits = events.filter(({ kind }) => kind === 'limit').map(({ version }) => version);
  // A stable sort: of two events at one version, the record's own order says which is last.
  const timeline = events.filter(({ kind }) => kind !== 'limit').sort((a, b) => compare(order, a, b));
  const begins = timeline.some(({ kind }) => kind === 'introduced');
  return (version) => {
    if (!order.isVersion(version)) return undefined;
    if (limits.length > 0 && !limits.some((limit) => limit === '*' || order.against(version, limit) < 0))
      return false;
    if (holds(timeline, version, order, !begins)) return true;
    const last = order.last(version);
    return last !== undefined && timeline.some((event) => beginsWithin(event, version, last, order))
      ? undefined
      : false;
  };
}

function holds(timeline: readonly OsvEvent[], version: string, order: Order, before: boolean): boolean {
  let affected = before;
  for (const event of timeline) {
    const after = isFirst(event) ? 1 : order.against(version, event.version);
    if (event.kind === 'introduced' && after >= 0) affected = true;
    else if (event.kind === 'fixed' && after >= 0) affected = false;
    else if (event.kind === 'last_affected' && after > 0) affected = false;
  }
  return affected;
}

/** Whether what it introduces begins after the first and not after the last that a text can mean. */
const beginsWithin = (event: OsvEvent, first: string, last: string, order: Order): boolean =>
  event.kind === 'introduced' && !isFirst(event) && isBetween(event.version, first, last, order);

export const isBetween = (version: string, first: string, last: string, order: Order): boolean =>
  order.compare(version, first) > 0 && order.compare(version, last) <= 0;

/** `0` sorts before any other version, whatever the order makes of it; only where it introduces: https://ossf.github.io/osv-schema/#affectedrangesevents-fields */
const isFirst = ({ kind, version }: OsvEvent): boolean => kind === 'introduced' && version === '0';

const isUnbounded = (event: OsvEvent): boolean =>
  isFirst(event) || (event.kind === 'limit' && event.version === '*');

const isBoundary = (event: OsvEvent, order: Order): boolean =>
  isFirst(event) || (event.kind === 'limit' && event.version === '*') || order.isVersion(event.version);

function compare(order: Order, a: OsvEvent, b: OsvEvent): number {
  if (isFirst(a) || isFirst(b)) return Number(isFirst(b)) - Number(isFirst(a));
  return order.compare(a.version, b.version);
}
