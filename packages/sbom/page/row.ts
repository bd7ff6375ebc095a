import { code, escapeMarkdown } from '@sluice/core/summary';
import type { Cause, Threshold } from '../decide/types.ts';
import type { Finding } from '../types.ts';
import { oneLine, webAddress } from './foreign.ts';
import { fixOf, packageOf, severityOf, threatsOf, wayOf } from './words.ts';

/** What a column of the table says of a finding, as Markdown. */
export interface Row {
  readonly vulnerability: string;
  readonly severity: string;
  readonly package: string;
  readonly fixed: string;
  readonly way: string;
  readonly status: string;
}

export function rowOf(finding: Finding, causes: readonly Cause[], threshold: Threshold): Row {
  return {
    vulnerability: named(finding),
    severity: escapeMarkdown(severityOf(finding)),
    package: code(packageOf(finding)),
    fixed: escapeMarkdown(fixOf(finding)),
    way: code(wayOf(finding)),
    status: escapeMarkdown(statusOf(finding, causes, threshold)),
  };
}

/** The id, which leads to the advisory, the CVE that people know it by, and what it is about. */
function named({ id, aliases, url, summary }: Finding): string {
  const shown = escapeMarkdown(oneLine(id, 80));
  const address = webAddress(url);
  const linked = address === undefined ? shown : `[${shown}](${address})`;
  const known = /^CVE-/i.test(id) ? undefined : aliases.find((alias) => /^CVE-/i.test(alias));
  const names = known === undefined ? linked : `${linked} (${escapeMarkdown(oneLine(known, 40))})`;
  const about = oneLine(summary, 120);
  return about === '' ? names : `${names}\n${escapeMarkdown(about)}`;
}

/** Why it counts, or why it does not. */
export function statusOf(finding: Finding, causes: readonly Cause[], threshold: Threshold): string {
  const { status, because = '', isNew } = finding;
  if (status !== 'open') {
    const reason = oneLine(because, 200);
    return `${status === 'allowed' ? 'allowed' : 'not affected'}${reason === '' ? '' : `: ${reason}`}`;
  }
  const facts = [...threatsOf(finding), ...(isNew === true ? ['new'] : [])];
  const counts = causes.map((cause) => causeWords(cause, threshold)).filter((word) => word !== '');
  const fate = finding.blocking
    ? `counts${counts.length === 0 ? '' : `: ${counts.join(', ')}`}`
    : `does not count: ${whyNot(finding, threshold)}`;
  return [fate, ...facts].join(', ');
}

function whyNot({ isNew, waits }: Finding, threshold: Threshold): string {
  if (isNew === false) return 'in the base too';
  if (waits === true) return 'without a fix, and only-fixed is set';
  return threshold === 'none' ? 'severity-threshold is none' : `below ${threshold}`;
}

/** What the facts beside it do not say. */
function causeWords(cause: Cause, threshold: Threshold): string {
  if (cause === 'severity') return threshold === 'any' ? '' : `at or above ${threshold}`;
  return cause === 'unknown-severity' ? 'severity unknown' : '';
}
