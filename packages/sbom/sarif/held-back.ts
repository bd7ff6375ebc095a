import { oneLine } from '../page/foreign.ts';
import { count } from '../page/words.ts';
import type { Package, Unmatched } from '../types.ts';

/** A component that is unmatched so may be looked up in another run: its SBOM says it in another way then. One of an ecosystem that nobody looks up here never was. */
const PASSING: ReadonlySet<Unmatched['why']> = new Set(['bad-purl', 'no-version', 'no-order']);

/** The version that Go gives to a module built from its own folder. It has none in any run, and so never had an alert. */
const OWN_MODULE = /@(?:\(devel\)|%28devel%29)(?:[?#]|$)/i;

const SHOWN = 3;

/**
 * Why no SARIF may be written, as the end of a sentence; undefined where it may. GitHub closes every alert that a new file does not hold, so
 * that nothing may be among what could not be looked up that an earlier run may have found something in: a package of which the
 * source could not tell, or a component that is one but for its purl or version.
 */
export function heldBack(
  unmatched: readonly Unmatched[],
  unanswered: readonly Package[],
): string | undefined {
  const names = [
    ...unmatched
      .filter(({ why, component }) => PASSING.has(why) && !OWN_MODULE.test(component))
      .map(({ component }) => component),
    ...unanswered.map(({ purl }) => purl),
  ];
  if (names.length === 0) return undefined;
  const shown = names.slice(0, SHOWN).map((name) => oneLine(name, 100));
  const more = names.length - shown.length;
  const listed = `${shown.join(', ')}${more > 0 ? ` and ${more} more` : ''}`;
  return `it would close the alerts of ${count(names.length, 'component')} that could not be looked up: ${listed}`;
}
