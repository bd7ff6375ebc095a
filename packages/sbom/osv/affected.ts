import type { Order } from '../versions/order.ts';
import { orderOf } from '../versions/orders.ts';
import { semver } from '../versions/semver.ts';
import { fixesBy } from './fixes.ts';
import { isBetween, type RangeTest, rangeTest } from './range.ts';
import type { OsvAffected, OsvRange } from './record.ts';

/** What a record says of one version of a package. */
export type Answer =
  /** `fixed`: the later versions that are not affected, the lowest first. */
  | { readonly says: 'affected'; readonly fixed: readonly string[] }
  | { readonly says: 'not-affected' }
  /** A range is in commits, or in versions that cannot be put in order here. */
  | { readonly says: 'cannot-tell' };

const NOT_AFFECTED: Answer = { says: 'not-affected' };
const CANNOT_TELL: Answer = { says: 'cannot-tell' };

/**
 * Asks what a record says of one package, for any version of it. `entries` are those of its `affected` that name the
 * package; `ecosystem` is the package's, as OSV writes it. Made ready once for all versions.
 */
export function answers(entries: readonly OsvAffected[], ecosystem: string): (version: string) => Answer {
  const order = orderOf(ecosystem);
  const tests = entries.map((entry) => entryTest(entry, order));
  const ask = (version: string) => anyOf(tests, version);
  let fixes: ReturnType<typeof fixesBy> | undefined;
  return (version) => {
    const affected = ask(version);
    if (affected === undefined) return CANNOT_TELL;
    if (!affected) return NOT_AFFECTED;
    fixes ??= fixesBy(entries, order, ask);
    return { says: 'affected', fixed: fixes(version) };
  };
}

/** One that holds it is enough; one that cannot tell outweighs all that do not hold it. */
function anyOf(tests: readonly RangeTest[], version: string): boolean | undefined {
  let all: boolean | undefined = false;
  for (const test of tests) {
    const answer = test(version);
    if (answer === true) return true;
    if (answer === undefined) all = undefined;
  }
  return all;
}

function entryTest(entry: OsvAffected, order: Order | undefined): RangeTest {
  const listed = new Set(entry.versions);
  // A range in commits only explains the list beside it: https://ossf.github.io/osv-schema/#affectedrangestype-field
  const ranges = listed.size > 0 ? entry.ranges.filter(({ type }) => type !== 'GIT') : entry.ranges;
  const tests = ranges.map((range) => rangeTest(range, order ?? orderOfType(range)));
  // A package without versions and ranges: the record names it, and does not say which of its versions it means.
  if (tests.length === 0 && listed.size === 0) return () => undefined;
  return (version) => {
    if (listed.has(version)) return true;
    const inRange = anyOf(tests, version);
    if (inRange !== false || order === undefined || listed.size === 0) return inRange;
    if (!order.isVersion(version)) return undefined;
    if ((order.isFree || tests.length === 0) && isListed(entry.versions, version, order)) return true;
    const last = order.last(version);
    return last !== undefined && entry.versions.some((one) => isBetween(one, version, last, order))
      ? undefined
      : false;
  };
}

/** By the order too, where the list stands alone or may be in another writing: PyPI's `4.2` is `4.2.0`. */
const isListed = (versions: readonly string[], version: string, order: Order): boolean =>
  versions.some((listed) => order.isVersion(listed) && order.against(version, listed) === 0);

/** A range of type SEMVER brings its order along, also for ecosystems that have none here. */
const orderOfType = ({ type }: OsvRange): Order | undefined => (type === 'SEMVER' ? semver : undefined);
