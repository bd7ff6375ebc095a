import type { Finding } from '../types.ts';
import { type Group, nameKey } from './group.ts';
import { counts } from './severity.ts';
import type { Cause, ScanInput } from './types.ts';

/** A finding before it is known whether it counts. */
export type Open = Omit<Finding, 'blocking'>;

const namesOf = ({ id, aliases }: Pick<Finding, 'id' | 'aliases'>): readonly string[] => [id, ...aliases];

/** What the catalog of exploited vulnerabilities and EPSS say of it under any of its names, and of any vulnerability that it puts together: the worst. */
export function threatOf(
  group: Group,
  { kev, epss }: Pick<ScanInput, 'kev' | 'epss'>,
): Pick<Finding, 'exploited' | 'epss'> {
  const upstream = group.advisories.flatMap((one) => one.upstream ?? []);
  const names = [...new Set([...namesOf(group), ...upstream].map(nameKey))];
  let highest: number | undefined;
  for (const name of names) {
    const probability = epss?.scores.get(name);
    if (probability !== undefined) highest = Math.max(probability, highest ?? 0);
  }
  return {
    ...(kev && { exploited: names.some((name) => kev.ids.has(name)) }),
    ...(highest !== undefined && { epss: highest }),
  };
}

/** Why an open and new finding counts. Exploits count below the threshold too. */
export function causesOf(
  finding: Open,
  { kev, epss, settings }: Pick<ScanInput, 'kev' | 'epss' | 'settings'>,
): readonly Cause[] {
  if (finding.status !== 'open' || finding.isNew === false) return [];
  const causes: Cause[] = [];
  if (kev?.fails === true && finding.exploited === true) causes.push('exploited');
  if (epss?.failsFrom !== undefined && (finding.epss ?? -1) >= epss.failsFrom) causes.push('epss');
  if (counts(finding.severity, settings.threshold))
    causes.push(finding.severity === 'unknown' ? 'unknown-severity' : 'severity');
  return causes;
}
