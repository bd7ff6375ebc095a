import { code, codeBlock, escapeMarkdown } from '@sluice/core/summary';
import type { Finding } from '../types.ts';
import { oneLine } from './foreign.ts';
import type { ScanReport } from './outcome.ts';

/** What to do, for the annotation and for the page. */
export interface Advice {
  readonly sentence: string;
  readonly markdown: string;
}

/** What to do about a verdict; undefined where there is nothing. */
export function adviceOf({ decision, allowList }: ScanReport): Advice | undefined {
  const { verdict, reason, findings } = decision;
  if (verdict === 'clean') return undefined;
  if (reason === 'expired-allowance')
    return plain(
      `Update the package and remove the entry from ${allowList}; or, where its reason still holds, give it a later date.`,
    );
  if (reason === 'too-many-unmatched')
    return plain(
      'Let the generator of the SBOM write a purl with a version for each component, or raise `max-unmatched`.',
    );
  if (reason === 'nothing-to-scan')
    return plain('Check that the SBOM is that of what was built: it should list packages by purl.');
  return findingsAdvice(findings, allowList);
}

const plain = (sentence: string): Advice => ({ sentence, markdown: escapeMarkdown(sentence) });

function findingsAdvice(findings: readonly Finding[], allowList: string): Advice {
  const [worst] = findings;
  const update = findings.some(({ blocking, fixed }) => blocking && fixed.length > 0)
    ? 'Update the packages to a fixed version. '
    : 'No fixed version is known. ';
  const sentence = `${update}What has to stay can be allowed in ${allowList}, with a reason and a date.`;
  const markdown = `${update}What has to stay can be allowed in ${code(allowList)}, with a reason and a date:`;
  if (worst === undefined) return plain(sentence);
  return { sentence, markdown: `${markdown}\n\n${codeBlock(entryOf(worst), 'yaml')}` };
}

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
