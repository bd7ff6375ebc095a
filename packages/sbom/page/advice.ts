import { code, codeBlock, escapeMarkdown } from '@sluice/core/summary';
import type { Expired } from '../decide/types.ts';
import type { Finding } from '../types.ts';
import { oneLine } from './foreign.ts';
import { expiredOf } from './headline.ts';
import type { ScanReport } from './outcome.ts';
import { unmatchedAdvice } from './unmatched-advice.ts';

/** What to do, for the annotation and for the page. */
export interface Advice {
  readonly sentence: string;
  readonly markdown: string;
}

/** What to do about a verdict; undefined where there is nothing. */
export function adviceOf({ decision, allowList }: ScanReport): Advice | undefined {
  const { verdict, reason, findings } = decision;
  if (verdict === 'clean') return undefined;
  const expired = expiredOf(decision);
  const overdue = expired.filter(({ hides }) => hides.length > 0);
  const unneeded = expired.filter(({ hides }) => hides.length === 0);
  const also = unneeded.length === 0 ? '' : ` Nothing needs ${linesIn(unneeded)}: remove ${those(unneeded)}.`;
  if (reason === 'expired-allowance')
    return plain(
      overdue.length === 0
        ? also.trimStart()
        : `What ${linesIn(overdue)} allowed does not count by itself: remove ${those(overdue)}; or, where the reason still holds, give ${overdue.length === 1 ? 'it' : 'them'} a later date.${also}`,
    );
  if (reason === 'too-many-unmatched') return plain(`${unmatchedAdvice(decision.unmatched)}.`);
  if (reason === 'nothing-to-scan')
    return plain('Check that the SBOM is that of what was built: it should list packages by purl.');
  return findingsAdvice(findings, { allowList, overdue, also });
}

const SHOWN = 5;

/** `line 7 of .github/sluice-allow.yml`, `lines 7, 12 of …`. */
function linesIn(entries: readonly Expired[]): string {
  const lines = entries.slice(0, SHOWN).map(({ line }) => line);
  const more = entries.length - lines.length;
  const shown = `${lines.join(', ')}${more > 0 ? ` and ${more} more` : ''}`;
  return `${entries.length === 1 ? 'line' : 'lines'} ${shown} of ${oneLine(entries[0]?.file ?? '', 200)}`;
}

const those = ({ length }: readonly Expired[]): string => (length === 1 ? 'the entry' : 'the entries');

const plain = (sentence: string): Advice => ({ sentence, markdown: escapeMarkdown(sentence) });

interface Allowing {
  readonly allowList: string;
  /** They allowed what counts, or what does not. */
  readonly overdue: readonly Expired[];
  /** A sentence about the others, with a space before it; empty where there are none. */
  readonly also: string;
}

function findingsAdvice(findings: readonly Finding[], { allowList, overdue, also }: Allowing): Advice {
  const blocking = findings.filter((one) => one.blocking);
  const update = blocking.some(({ fixed }) => fixed.length > 0)
    ? 'Update the packages to a fixed version.'
    : 'No fixed version is known.';
  const later =
    overdue.length === 0 ? '' : ` Where the reason still holds, give ${linesIn(overdue)} a later date.`;
  // A second entry beside one that names it would leave that as it is: expired.
  const named = new Set(overdue.flatMap(({ hides }) => hides.map(keyOf)));
  const isNamed = ({ id, package: { name } }: Finding): boolean => named.has(keyOf({ id, name }));
  // Names may have megabytes: they are compared only where there is something to compare with.
  const rest = named.size === 0 ? blocking : blocking.filter((one) => !isNamed(one));
  const [worst] = rest;
  if (worst === undefined) return plain(`${update}${later}${also}`);
  const what = rest.length < blocking.length ? 'What else has to stay' : 'What has to stay';
  const sentence = `${update}${later} ${what} can be allowed in ${allowList}, with a reason and a date.${also}`;
  const markdown = `${escapeMarkdown(`${update}${later}${also}`)} ${what} can be allowed in ${code(allowList)}, with a reason and a date:`;
  return { sentence, markdown: `${markdown}\n\n${codeBlock(entryOf(worst), 'yaml')}` };
}

const keyOf = ({ id, name }: Expired['hides'][number]): string => JSON.stringify([id, name]);

/** JSON texts are YAML: whatever the names hold. */
const entryOf = ({ id, package: { name } }: Finding): string =>
  [
    `- id: ${scalar(id)}`,
    `  package: ${scalar(name)}`,
    '  reason: why it does no harm here',
    '  expires: YYYY-MM-DD',
  ].join('\n');

function scalar(text: string): string {
  const line = oneLine(text, 200);
  const isPlain = /^[A-Za-z][\w.:/-]*[\w.]$/.test(line) && !/^(true|false|null|yes|no|on|off)$/i.test(line);
  return isPlain ? line : JSON.stringify(line);
}
