import { escapeMarkdown, prose } from '@sluice/core/summary';
import type { SupersedeDetails } from './result.ts';
import { type Looked, newerLine, runsTable } from './rows.ts';

interface Facts extends SupersedeDetails, Omit<Looked, 'cancelled' | 'kept'> {
  readonly summary: string;
  readonly hint?: string;
}

/** More notes than these nobody reads; the output `result` has all. */
const MOST_NOTES = 20;

const HEADS: Readonly<Record<SupersedeDetails['about'], string>> = {
  deployment: 'Superseded deployments',
  branch: 'Superseded runs',
  'pull-request': 'Runs of a closed pull request',
};

/** The page: the verdict, what to do, each run with what became of it. */
export function supersedePage(facts: Facts): string {
  const { summary, hint, closedPullRequests: closed } = facts;
  // What the verdict says is not said twice.
  const notes = facts.notes.filter((note) => !summary.includes(bare(note)));
  return [
    `### ${HEADS[facts.about]}`,
    `**${prose(summary)}**`,
    hint === undefined ? '' : prose(hint),
    runsTable(facts),
    newerLine(facts.supersededBy, facts),
    closed.length === 0 ? '' : `Closed: ${closed.map(escapeMarkdown).join(', ')}`,
    notes
      .slice(0, MOST_NOTES)
      .map((note) => `- ${prose(note)}`)
      .join('\n'),
  ]
    .filter((part) => part !== '')
    .join('\n\n')
    .concat('\n');
}

/** A note without the runs that it names, as a sentence within another. */
const bare = (note: string): string =>
  note.replace(/^Runs? [\d, ]+(and \d+ more)?: .(?=.)/, '').replace(/\.$/, '');
