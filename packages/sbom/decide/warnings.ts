import { grouped } from '@sluice/core/grouped';
import { nameKey } from './group.ts';
import type { Judged } from './order.ts';
import type { ScanInput } from './types.ts';

/** Databases, catalog and scores are made anew every day, or every few days. */
const MOST_DAYS = 14;

/** What of that which the findings are held against is so old that much is missing in it. */
export function ageWarnings({
  scan,
  kev,
  epss,
  today,
}: Pick<ScanInput, 'scan' | 'kev' | 'epss' | 'today'>): readonly string[] {
  const dated = [
    ['The database of vulnerabilities', scan.day, 'load it anew'],
    ['The catalog of `kev`', kev?.day, 'fetch it anew'],
    ['The table of `epss`', epss?.day, 'fetch it anew'],
  ] as const;
  return dated.flatMap(([what, day, advice]) => {
    const days = day === undefined ? 0 : Math.floor((Date.parse(today) - Date.parse(day)) / 86_400_000);
    return days > MOST_DAYS
      ? [`${what} is of ${day}, ${grouped(days)} days ago: what is known since then is not in it; ${advice}.`]
      : [];
  });
}

/** Whether any finding can count: a run that none can fail looks like one that found none. */
export function settingsWarnings({
  settings,
  kev,
  epss,
}: Pick<ScanInput, 'settings' | 'kev' | 'epss'>): readonly string[] {
  const isIdle = settings.threshold === 'none' && kev?.fails !== true && epss?.failsFrom === undefined;
  return isIdle
    ? [
        '`severity-threshold` is `none`, and neither `fail-on-kev` nor `fail-on-epss` is set: no vulnerability counts, whatever it is.',
      ]
    : [];
}

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
