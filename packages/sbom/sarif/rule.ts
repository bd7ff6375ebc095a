import { escapeMarkdown } from '@sluice/core/summary';
import { oneLine, webAddress } from '../page/foreign.ts';
import { count, fixOf, packageOf } from '../page/words.ts';
import type { Finding, Severity } from '../types.ts';
import type { SarifLevel, SarifRule } from './types.ts';

/** GitHub shows no more of a message (https://docs.github.com/en/code-security/reference/code-scanning/sarif-files/sarif-support). */
const LONGEST_TEXT = 1000;

/** A severity that came as a word, as GitHub's own scale has it: over 9.0 critical, 7.0 high, 4.0 medium, 0.1 low. */
const scoreOfWord: Readonly<Record<Severity, number>> = {
  critical: 9.5,
  high: 8,
  medium: 5.5,
  low: 2,
  none: 0,
  unknown: 0,
};

export const levelOf = ({ severity }: Pick<Finding, 'severity'>): SarifLevel =>
  (
    ({
      critical: 'error',
      high: 'error',
      medium: 'warning',
      unknown: 'warning',
      low: 'note',
      none: 'note',
    }) as const
  )[severity];

/** The rule of an advisory, from all of its findings: a rule has one severity, the worst. */
export function ruleOf(findings: readonly [Finding, ...Finding[]]): SarifRule {
  const worst = findings.reduce((a, b) => (scoreOf(b) > scoreOf(a) ? b : a));
  const { id, summary, url } = worst;
  const title = oneLine(summary, LONGEST_TEXT) || 'A known vulnerability';
  const score = scoreOf(worst);
  const address = webAddress(url);
  return {
    id: ruleIdOf(id),
    name: 'VulnerableDependency',
    shortDescription: { text: withoutLinks(`${oneLine(id, 120)}: ${oneLine(title, 200)}`) },
    fullDescription: { text: withoutLinks(title) },
    help: { text: helpOf(findings, withoutLinks), markdown: helpOf(findings, escapeMarkdown, address) },
    ...(address === undefined ? {} : { helpUri: address }),
    defaultConfiguration: { level: levelOf(worst) },
    properties: {
      tags: tagsOf(findings),
      // 0.0 has no meaning to GitHub: the alert then has the level alone.
      ...(score > 0 ? { 'security-severity': score.toFixed(1) } : {}),
      precision: 'very-high',
    },
  };
}

/** `RHSA-2024:1234`: as ids of advisories are; another character would be part of no id. */
export const ruleIdOf = (id: string): string => oneLine(id, 200).replace(/[^\w.:/-]+/g, '_') || '_';

/** Brackets before a parenthesis are a link in plain text of SARIF (§3.11.6): that of others makes none. */
export const withoutLinks = (text: string): string => text.replace(/\](?=\()/g, '] ');

function scoreOf({ score, severity }: Finding): number {
  return score === undefined || !(score >= 0 && score <= 10) ? scoreOfWord[severity] : score;
}

/** GitHub takes 20 tags of a rule and shows 10. */
function tagsOf(findings: readonly [Finding, ...Finding[]]): readonly string[] {
  const ecosystems = new Set(findings.map((one) => oneLine(one.package.ecosystem, 60)));
  return [
    'security',
    'vulnerability',
    ...(findings.some((one) => one.exploited) ? ['exploited'] : []),
    ...ecosystems,
  ].slice(0, 10);
}

type Written = (text: string) => string;

function helpOf(findings: readonly [Finding, ...Finding[]], written: Written, address?: string): string {
  const [{ aliases, upstream = [], summary }] = findings;
  const known = [...aliases, ...upstream].slice(0, 20).map((alias) => written(oneLine(alias, 120)));
  const places = findings.slice(0, 20).map((one) => {
    const fix = one.fixed.length === 0 ? 'no fixed version is known' : `fixed in ${written(fixOf(one))}`;
    return `- ${written(packageOf(one))}: ${fix}`;
  });
  const rest = findings.length - places.length;
  return [
    written(oneLine(summary, LONGEST_TEXT)),
    known.length === 0 ? '' : `Also known as ${known.join(', ')}.`,
    `${places.join('\n')}${rest > 0 ? `\n- and ${count(rest, 'further package')}` : ''}`,
    address === undefined ? '' : `[The advisory](${address})`,
  ]
    .filter((part) => part !== '')
    .join('\n\n');
}
