import type { Finding, Unmatched } from '../types.ts';
import { oneLine } from './foreign.ts';

/** `3 vulnerabilities`, `1 vulnerability`. */
export const count = (number: number, one: string, many = `${one}s`): string =>
  `${number.toLocaleString('en-US')} ${number === 1 ? one : many}`;

export const vulnerabilities = (number: number): string => count(number, 'vulnerability', 'vulnerabilities');

/** `qs 6.7.0` */
export const packageOf = ({ package: { name }, version }: Finding): string =>
  `${oneLine(name, 200)} ${oneLine(version, 80)}`;

/** `high 7.5`; only the word where there is no score. */
export function severityOf({ severity, score }: Pick<Finding, 'severity' | 'score'>): string {
  return score === undefined ? severity : `${severity} ${score.toFixed(1)}`;
}

/** The first words of it, and how many there are more. */
export function firstOf(words: readonly string[], most: number): readonly string[] {
  return words.length <= most
    ? words
    : [...words.slice(0, most), `… and ${(words.length - most).toLocaleString('en-US')} more`];
}

/** `6.7.3, 6.8.1` or that there is none. */
export function fixOf({ fixed }: Pick<Finding, 'fixed'>): string {
  return fixed.length === 0
    ? 'none'
    : firstOf(
        fixed.map((version) => oneLine(version, 80)),
        3,
      ).join(', ');
}

const longestWay = 8;

/** The shortest way by which it came in: `shop › express@4.17.1 › qs@6.7.0`; empty where the SBOM does not tell. */
export function wayOf({ paths }: Pick<Finding, 'paths'>): string {
  const [way = []] = paths;
  const steps = way.map((step) => oneLine(step, 120));
  const shown =
    steps.length <= longestWay ? steps : [...steps.slice(0, 3), '…', ...steps.slice(3 - longestWay)];
  return shown.join(' › ');
}

/** What stands in the way of an answer, for people. */
export const whyUnmatched: Readonly<Record<Unmatched['why'], string>> = {
  'no-purl': 'no purl',
  'bad-purl': 'a purl that is none',
  'no-version': 'no version',
  'unknown-ecosystem': 'an ecosystem that is not known here',
  'no-order': 'a version that cannot be compared',
};
