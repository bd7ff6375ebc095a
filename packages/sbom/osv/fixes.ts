import type { Order } from '../versions/order.ts';
import type { RangeTest } from './range.ts';
import type { OsvAffected } from './record.ts';

/** A page shows 3 and the output `result` has 50; a record may have as many as there are versions of the package. */
const MOST = 50;

/**
 * For an affected version the later ones that are not, the lowest first: of many the lowest. Made ready once for all
 * versions, which share the lists. `ask`: whether a version is affected.
 */
export function fixesBy(
  entries: readonly OsvAffected[],
  order: Order | undefined,
  ask: RangeTest,
): (version: string) => readonly string[] {
  const fixes = [...new Set(namedIn(entries))];
  const sorted = order === undefined ? fixes : fixes.sort(order.compare);
  const sound = new Map<string, boolean>();
  const lists = new Map<number, readonly string[]>();

  function isSound(fix: string): boolean {
    const known = sound.get(fix) ?? ask(fix) !== true;
    sound.set(fix, known);
    return known;
  }

  function listFrom(start: number): readonly string[] {
    const list: string[] = [];
    for (let at = start; at < sorted.length && list.length < MOST; at++) {
      const fix = sorted[at];
      if (fix !== undefined && isSound(fix)) list.push(fix);
    }
    return list;
  }

  return (version) => {
    const start = order?.isVersion(version) ? firstAfter(sorted, version, order) : 0;
    const list = lists.get(start) ?? listFrom(start);
    lists.set(start, list);
    return list;
  };
}

/** The index of the first that is later than the version. */
function firstAfter(sorted: readonly string[], version: string, order: Order): number {
  let [low, high] = [0, sorted.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (order.compare(sorted[middle] ?? '', version) > 0) high = middle;
    else low = middle + 1;
  }
  return low;
}

const namedIn = (entries: readonly OsvAffected[]): readonly string[] =>
  entries
    .flatMap(({ ranges }) => ranges)
    .filter(({ type }) => type === 'SEMVER' || type === 'ECOSYSTEM')
    .flatMap(({ events }) => events)
    .filter(({ kind, version }) => kind === 'fixed' && version !== '0')
    .map(({ version }) => version);
