import { grouped } from '@sluice/core/grouped';
import type { Finding, Unmatched } from '../types.ts';
import { oneLine } from './foreign.ts';

/** `3 vulnerabilities`, `1 vulnerability`. */
export const count = (number: number, one: string, many = `${one}s`): string =>
  `${grouped(number)} ${number === 1 ? one : many}`;

export const vulnerabilities = (number: number): string => count(number, 'vulnerability', 'vulnerabilities');

/** `qs 6.7.0` */
export const packageOf = ({ package: { name }, version }: Finding): string =>
  `${oneLine(name, 200)} ${oneLine(version, 80)}`;

/** `high 7.5`; only the word where there is no score. */
export function severityOf({ severity, score }: Pick<Finding, 'severity' | 'score'>): string {
  return score === undefined ? severity : `${severity} ${score.toFixed(1)}`;
}

/** `high 7.5`, and where no column says that it is one, `severity unknown`. */
export const ratingOf = (finding: Pick<Finding, 'severity' | 'score'>): string =>
  finding.severity === 'unknown' ? 'severity unknown' : severityOf(finding);

/** What makes it worse than its severity says. */
export const threatsOf = ({ exploited, epss }: Pick<Finding, 'exploited' | 'epss'>): readonly string[] => [
  ...(exploited === true ? ['exploited'] : []),
  ...(epss === undefined ? [] : [`EPSS ${(epss * 100).toFixed(1)} %`]),
];

const mostFixes = 3;

/** `6.7.3, 6.8.1` or that there is none. */
export function fixOf({ fixed }: Pick<Finding, 'fixed'>): string {
  if (fixed.length === 0) return 'none';
  const shown = fixed.slice(0, mostFixes).map((version) => oneLine(version, 80));
  const more = fixed.length - shown.length;
  return `${shown.join(', ')}${more > 0 ? ` and ${more} more` : ''}`;
}

const longestWay = 8;

/** The shortest way by which it came in: `shop › express@4.17.1 › qs@6.7.0`; empty where the SBOM does not tell. */
export function wayOf({ paths }: Pick<Finding, 'paths'>): string {
  const [way = []] = paths;
  const shown = way.length <= longestWay ? way : [...way.slice(0, 3), '…', ...way.slice(3 - longestWay)];
  return shown.map((step) => oneLine(step, 120)).join(' › ');
}

/** What stands in the way of an answer, for people. */
export const whyUnmatched: Readonly<Record<Unmatched['why'], string>> = {
  'no-purl': 'no purl',
  'bad-purl': 'a purl that is none',
  'no-version': 'no version',
  'unknown-ecosystem': 'an ecosystem that is not known here',
  'no-order': 'a version that cannot be compared',
  'no-source':
    'a source package that the SBOM does not name (only the name of the package itself was looked up)',
};
