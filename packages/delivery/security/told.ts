import { count } from '@sluice/sbom/page/words';
import type { Advisory } from './advisories.ts';
import type { Scanned } from './scan-targets.ts';

/** Whether it has a verdict of its own. */
export const isTold = (one: Scanned): boolean =>
  one.type === 'seen' && one.decision.verdict !== 'could-not-scan';

export const untoldFirst = (a: Scanned, b: Scanned): number => Number(isTold(a)) - Number(isTold(b));

/** What stands in the way of an answer. */
export function obstacle(one: Scanned): string {
  if (one.type === 'unseen') return `${one.target.name}: ${one.why}`;
  const { reason, counts, problems } = one.decision;
  switch (reason) {
    case 'too-many-unmatched':
      return `${one.target.name}: ${count(counts.unmatched, 'component')} could not be looked up.`;
    case 'expired-allowance':
      return `${one.target.name}: ${count(problems.length, 'entry', 'entries')} of the allow-list ${problems.length === 1 ? 'has' : 'have'} expired.`;
    default:
      return `${one.target.name}: its SBOM lists nothing that could be looked up.`;
  }
}

/** The names of what has it, worst first. */
export const placesOf = ({ places }: Advisory): readonly string[] => [
  ...new Set(places.map(({ target }) => target.name)),
];
