import type { ScanVerdict } from '@sluice/sbom/decide/types';
import { count } from '@sluice/sbom/page/words';
import type { ScanReason } from '@sluice/sbom/reasons';
import type { Advisory } from './advisories.ts';
import type { SecurityReasons } from './reasons.ts';
import type { Scanned } from './scan-targets.ts';

/** What is said of one by itself. */
export interface Said {
  readonly verdict: ScanVerdict;
  readonly reason: ScanReason | keyof SecurityReasons;
}

/** Of an allowance that has expired and that it does not need it says nothing: that is a matter of the allow-list, and of the whole. */
export function saidOf(one: Scanned): Said {
  if (one.type === 'unseen') return { verdict: 'could-not-scan', reason: one.reason };
  const { verdict, reason, isWhole, findings } = one.decision;
  if (verdict !== 'could-not-scan' || reason !== 'expired-allowance' || !isWhole) return { verdict, reason };
  return { verdict: 'clean', reason: findings.length === 0 ? 'nothing-found' : 'none-counts' };
}

/** Whether all of it was looked up that has to be: what was found of the rest is vulnerable all the same. */
export const isTold = (one: Scanned): boolean =>
  one.type === 'seen' && one.decision.isWhole && saidOf(one).verdict !== 'could-not-scan';

export const untoldFirst = (a: Scanned, b: Scanned): number => Number(isTold(a)) - Number(isTold(b));

/** What stands in the way of an answer, or of a whole one. */
export function obstacle(one: Scanned, maxUnmatched: number | undefined): string {
  const { name } = one.target;
  // That of an address says of itself which it is.
  if (one.type === 'unseen') return one.why.startsWith(name) ? one.why : `${name}: ${one.why}`;
  const { reason, counts } = one.decision;
  const isOver = counts.unmatched > (maxUnmatched ?? Number.POSITIVE_INFINITY);
  if (reason !== 'too-many-unmatched' && !isOver)
    return `${name}: its SBOM lists nothing that could be looked up.`;
  const limit = maxUnmatched === undefined ? '' : `, and \`max-unmatched\` is ${maxUnmatched}`;
  return `${name}: ${count(counts.unmatched, 'component')} could not be looked up${limit}.`;
}

/** The names of what has it, worst first. */
export const placesOf = ({ places }: Advisory): readonly string[] => [
  ...new Set(places.map(({ target }) => target.name)),
];
