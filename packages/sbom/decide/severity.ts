import type { Advisory, Rating, Severity } from '../types.ts';
import type { Scorer, Threshold } from './types.ts';

const VECTORS = ['CVSS_V4', 'CVSS_V3', 'CVSS_V2'] as const;

/** The words of GitHub, OSV's databases, the distributions and the scanners. */
const WORDS: Readonly<Record<string, Severity>> = {
  critical: 'critical',
  high: 'high',
  important: 'high',
  moderate: 'medium',
  medium: 'medium',
  low: 'low',
  minor: 'low',
  negligible: 'low',
  unimportant: 'low',
  none: 'none',
};

/** Worst first. What nobody has rated may be anything: it stands above what is known to be medium. */
export const SEVERITIES = [
  'critical',
  'high',
  'unknown',
  'medium',
  'low',
  'none',
] as const satisfies readonly Severity[];

const STEPS: readonly Severity[] = ['none', 'low', 'medium', 'high', 'critical'];

export interface Rated {
  readonly severity: Severity;
  readonly score?: number;
}

/**
 * How bad a vulnerability is that several advisories tell of: each is rated by itself, and the worst counts. A low score of a newer CVSS in one
 * takes nothing from what another one says. Those that do not rate it are left out, unless none does.
 */
export function rateWorst(advisories: readonly Pick<Advisory, 'ratings'>[], score: Scorer): Rated {
  return advisories
    .map(({ ratings }) => rate(ratings, score))
    .reduce((a, b) => (isWorse(b, a) ? b : a), { severity: 'unknown' });
}

function isWorse(a: Rated, b: Rated): boolean {
  const [one, other] = [STEPS.indexOf(a.severity), STEPS.indexOf(b.severity)];
  return one === other ? (a.score ?? -1) > (b.score ?? -1) : one > other;
}

/**
 * How bad one advisory says that it is: by the newest version of CVSS of which there is a whole vector, by the highest of several; where there
 * is none by the worst word. A vector that cannot be read is left out, so that the next best counts; and so is one that scores 0, where
 * anything else says more: nobody writes an advisory of what does no harm.
 */
function rate(ratings: readonly Rating[], score: Scorer): Rated {
  let harmless: Rated | undefined;
  for (const type of VECTORS) {
    let highest: number | undefined;
    for (const rating of ratings) {
      const found = rating.type === type ? score(rating) : undefined;
      if (found !== undefined && found > (highest ?? -1)) highest = found;
    }
    if (highest === undefined) continue;
    const rated = { severity: ofScore(highest), score: highest };
    if (highest > 0) return rated;
    harmless ??= rated;
  }
  const words = ratings
    .filter(({ type }) => type === 'word')
    .map(({ value }) => STEPS.indexOf(WORDS[value.trim().toLowerCase()] ?? 'unknown'));
  const severity = STEPS[words.reduce((a, b) => Math.max(a, b), -1)] ?? 'unknown';
  return harmless !== undefined && (severity === 'unknown' || severity === 'none') ? harmless : { severity };
}

/**
 * The scale of CVSS 3 and 4 (https://www.first.org/cvss/v4-0/specification-document, section 6). It is taken for CVSS 2 too,
 * which has no word above `high`: 9.0 and more is critical.
 */
function ofScore(score: number): Severity {
  if (score >= 9) return 'critical';
  if (score >= 7) return 'high';
  if (score >= 4) return 'medium';
  return score > 0 ? 'low' : 'none';
}

/**
 * Whether a severity counts at a threshold. `unknown` counts at each but `none`: nobody has said that it is below, and what was
 * not rated yet may be the worst there is. At `any` what is rated `none` counts too.
 */
export function counts(severity: Severity, threshold: Threshold): boolean {
  if (threshold === 'none') return false;
  if (threshold === 'any' || severity === 'unknown') return true;
  return STEPS.indexOf(severity) >= STEPS.indexOf(threshold);
}
