import { grouped } from '@sluice/core/grouped';
import { tooMuch } from '../database/errors.ts';
import type { Match, Package, Scan, Unmatched } from '../types.ts';

/** A package of which a source cannot tell, and why. */
export interface Left {
  readonly package: Package;
  readonly why: Unmatched['why'];
}

/** What a source has found, and of which packages it cannot tell. */
export interface Answered {
  readonly matches: readonly Match[];
  readonly left: readonly Left[];
}

/** An answer as a scan has it. */
export const answered = ({
  matches,
  left,
}: Answered): Pick<Scan, 'matches' | 'unmatched' | 'unanswered'> => ({
  matches,
  unmatched: left.map(({ package: { purl, files }, why }) => ({
    component: purl,
    why,
    file: files[0] ?? '',
  })),
  unanswered: left.map((one) => one.package),
});

/** Some 500 bytes each: with their findings they stay within the memory of a runner. */
const MOST_MATCHES = 200_000;

/** Throws where there are more matches than are kept: without a bound the run would end without a word. */
export function refuseMore(matches: number, most = MOST_MATCHES): void {
  if (matches <= most) return;
  throw tooMuch(`${grouped(most)} known vulnerabilities`);
}
