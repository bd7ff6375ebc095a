import { nameKey } from './group.ts';
import type { Judged } from './order.ts';
import type { ScanInput } from './types.ts';

/** What `fail-on-kev`, `fail-on-epss` and `only-fixed` leave open. */
export function threatWarnings(
  judged: readonly Judged[],
  { kev, epss }: Pick<ScanInput, 'kev' | 'epss'>,
): readonly string[] {
  const open = judged.filter(({ finding: { status, isNew } }) => status === 'open' && isNew !== false);
  const withoutCve = open.filter(
    ({ finding: { id, aliases, upstream = [] } }) =>
      ![id, ...aliases, ...upstream].some((name) => nameKey(name).startsWith('CVE-')),
  );
  const withoutScore = open.filter(({ finding }) => finding.epss === undefined);
  const waiting = judged.filter(
    ({ causes, waits, finding }) => waits && causes.length === 0 && finding.exploited,
  );
  const warnings: string[] = [];
  if (kev?.fails === true && withoutCve.length > 0)
    warnings.push(
      `Nothing tells whether ${some(withoutCve)} exploited: the catalog of exploited vulnerabilities goes by CVE, and there is none.`,
    );
  if (epss?.failsFrom !== undefined && withoutScore.length > 0)
    warnings.push(`EPSS has no probability that ${some(withoutScore)} exploited.`);
  if (waiting.length > 0)
    warnings.push(`${some(waiting)} exploited, and \`only-fixed\` leaves it out: there is no fix.`);
  return warnings;
}

const SHOWN = 5;

/** `CVE-2024-1 is`, `CVE-2024-1, CVE-2024-2 are`: each once. */
function some(judged: readonly Judged[]): string {
  const ids = [...new Set(judged.map(({ finding }) => finding.id))];
  const more = ids.length > SHOWN ? ` and ${ids.length - SHOWN} more` : '';
  return `${ids.slice(0, SHOWN).join(', ')}${more} ${ids.length === 1 ? 'is' : 'are'}`;
}
