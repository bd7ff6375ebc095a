import type { Rating } from '../types.ts';
import type { Scorer } from './types.ts';

/** The longest vector of CVSS 4.0 with every metric is below 300 characters. */
const LONGEST = 400;
const PREFIXED = /^CVSS:[\d.]+\//;

/**
 * What scores the vectors of these ratings. The library is loaded only if there is one.
 * It is the base score: what an advisory says of exploits at its time (`E:U`) lowers nothing.
 */
export async function cvssScorer(ratings: Iterable<Rating>): Promise<Scorer> {
  if (![...ratings].some(({ type }) => type !== 'word')) return () => undefined;
  const { Cvss2, Cvss3P0, Cvss3P1, Cvss4P0 } = (await import('ae-cvss-calculator')).default;
  const scored = new Map<string, number | undefined>();
  const calculate = ({ type, value }: Rating): number | undefined => {
    if (type === 'CVSS_V2' && (!PREFIXED.test(value) || value.startsWith('CVSS:2.0/')))
      return complete(new Cvss2(value))?.calculateScores().base;
    if (type === 'CVSS_V3' && value.startsWith('CVSS:3.0/'))
      return complete(new Cvss3P0(value))?.calculateScores().base;
    if (type === 'CVSS_V3' && value.startsWith('CVSS:3.1/'))
      return complete(new Cvss3P1(value))?.calculateScores().base;
    if (type === 'CVSS_V4' && value.startsWith('CVSS:4.0/'))
      return complete(new Cvss4P0(value))?.calculateScores().baseMetricsOnly;
    return undefined;
  };
  return (rating) => {
    if (rating.type === 'word' || rating.value.length > LONGEST) return undefined;
    const key = `${rating.type} ${rating.value}`;
    if (!scored.has(key))
      scored.set(key, isVector(rating.value) ? inRange(attempt(() => calculate(rating))) : undefined);
    return scored.get(key);
  };
}

/** Metrics that are there once each: of two the library would take the later one, and it scores a part as 0. */
function isVector(value: string): boolean {
  const metrics = value
    .replace(PREFIXED, '')
    .replace(/^\((.*)\)$/, '$1')
    .split('/');
  const names = metrics.map((metric) => /^([A-Za-z]{1,3}):[A-Za-z]{1,6}$/.exec(metric)?.[1]);
  return !names.includes(undefined) && new Set(names).size === names.length;
}

const complete = <T extends { isBaseFullyDefined(): boolean }>(vector: T): T | undefined =>
  vector.isBaseFullyDefined() ? vector : undefined;

/** The library throws where a vector has a metric or a value that there is not. */
function attempt(calculate: () => number | undefined): number | undefined {
  try {
    return calculate();
  } catch {
    return undefined;
  }
}

const inRange = (score: number | undefined): number | undefined =>
  score !== undefined && score >= 0 && score <= 10 ? score : undefined;
