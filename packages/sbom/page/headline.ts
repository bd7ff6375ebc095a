import { basename } from 'node:path/posix';
import { grouped } from '@sluice/core/grouped';
import type { Cause, Expired, ScanDecision, Threshold } from '../decide/types.ts';
import type { Sbom } from '../types.ts';
import { oneLine } from './foreign.ts';
import { count, vulnerabilities } from './words.ts';

export interface Headed {
  readonly decision: ScanDecision;
  readonly sboms: readonly Pick<Sbom, 'file' | 'subject'>[];
  readonly threshold: Threshold;
  /** Only what the base has not counts. */
  readonly isCompared: boolean;
  readonly maxUnmatched?: number;
}

/** The verdict in words, without a full stop: `payments-api has 3 vulnerabilities at or above high`. */
export function headline(given: Headed): string {
  const { decision } = given;
  const what = `${subjectOf(given.sboms)} ${given.sboms.length === 1 ? 'has' : 'have'}`;
  switch (decision.verdict) {
    case 'vulnerable':
      return `${what} ${decision.counts.blocking > 0 ? counting(given) : overdue(decision)}`;
    case 'clean':
      return `${what} ${noneCounting(given)}`;
    case 'could-not-scan':
      if (decision.reason === 'expired-allowance')
        return `${what} ${noneCounting(given)}${overdueToo(decision)}`;
      return `Whether ${what} vulnerabilities could not be told: ${obstacle(given)}`;
  }
}

/** `payments-api`, the name of its file, or how many there are. */
export function subjectOf(sboms: Headed['sboms']): string {
  const [only, ...others] = sboms;
  if (only === undefined || others.length > 0) return count(sboms.length, 'SBOM');
  return oneLine(only.subject ?? '', 120) || oneLine(basename(only.file), 120);
}

function counting({ decision: { counts }, threshold, isCompared }: Headed): string {
  const fresh = isCompared ? 'new ' : '';
  const subject = `${grouped(counts.blocking)} ${fresh}${counts.blocking === 1 ? 'vulnerability' : 'vulnerabilities'}`;
  const parts = (Object.keys(causeWords) as readonly Cause[]).filter((cause) => counts.causes[cause] > 0);
  const [only, ...others] = parts;
  if (only !== undefined && others.length === 0 && counts.causes[only] === counts.blocking)
    return `${subject} ${causeWords[only](threshold)}`.trimEnd();
  const told = parts.map(
    (cause) => `${counts.causes[cause]} ${causeWords[cause](threshold) || 'of any severity'}`,
  );
  return `${subject} that ${counts.blocking === 1 ? 'counts' : 'count'}: ${told.join(', ')}`;
}

const causeWords: Readonly<Record<Cause, (threshold: Threshold) => string>> = {
  exploited: () => 'known to be exploited',
  epss: () => 'likely to be exploited',
  severity: (threshold) => (threshold === 'any' ? '' : `at or above ${threshold}`),
  'unknown-severity': () => 'of unknown severity',
};

/** The entries of the allow-list that have expired. */
export const expiredOf = ({ problems }: Pick<ScanDecision, 'problems'>): readonly Expired[] =>
  problems.filter((one) => typeof one !== 'string');

function overdue(decision: ScanDecision): string {
  const { length } = expiredOf(decision);
  return `${count(length, 'allowance')} that ${length === 1 ? 'has' : 'have'} expired`;
}

/** Beside what was found. */
function overdueToo(decision: ScanDecision): string {
  const { length } = expiredOf(decision);
  const separator = decision.counts.findings === 0 ? ',' : ';';
  return `${separator} and ${count(length, 'allowance has', 'allowances have')} expired`;
}

/** Nothing counts: how much there is all the same, and why it does not. */
function noneCounting({ decision: { counts }, threshold, isCompared }: Headed): string {
  if (counts.findings === 0) return 'no known vulnerability';
  const fresh = isCompared ? 'new ' : '';
  const limit = threshold === 'none' || threshold === 'any' ? 'that counts' : `at or above ${threshold}`;
  const below = counts.findings - counts.allowed - counts.notAffected - counts.known - counts.withoutFix;
  const rest = [
    below > 0 ? `${below} ${threshold === 'none' ? 'open' : 'below it'}` : '',
    counts.known > 0 ? `${counts.known} in the base too` : '',
    counts.withoutFix > 0 ? `${counts.withoutFix} without a fix` : '',
    counts.allowed > 0 ? `${counts.allowed} allowed` : '',
    counts.notAffected > 0 ? `${counts.notAffected} not affected` : '',
  ].filter((part) => part !== '');
  return `no ${fresh}vulnerability ${limit}: ${rest.join(', ')}`;
}

function obstacle({ decision: { reason, counts }, maxUnmatched = 0 }: Headed): string {
  if (reason === 'too-many-unmatched')
    return `${count(counts.unmatched, 'component')} could not be looked up, and \`max-unmatched\` is ${maxUnmatched}`;
  return counts.packages === 0
    ? 'nothing in it could be looked up'
    : 'an SBOM lists nothing that could be looked up';
}

/** The ones that weigh most, for one sentence. */
export function examples({ findings }: ScanDecision, most = 3): string {
  const blocking = findings.filter((one) => one.blocking);
  const named = blocking.slice(0, most).map(({ id, package: { name }, version, fixed }) => {
    const [lowest] = fixed;
    const fix = lowest === undefined ? 'no fix is known' : `fixed in ${oneLine(lowest, 80)}`;
    return `${oneLine(id, 80)} in ${oneLine(name, 120)} ${oneLine(version, 60)} (${fix})`;
  });
  const more = blocking.length - named.length;
  return `${named.join(', ')}${more > 0 ? ` and ${vulnerabilities(more).replace(/ .*/, '')} more` : ''}`;
}
