import type { WaitOutcome } from './outcome.ts';
import { worstFirst } from './worst.ts';

/**
 * What was found for the changes of several repositories, together: the verdict of the worst, every application, and the pages one
 * after the other, the worst first. Of one it is that one.
 */
export function outcomeOfSeveral(outcomes: readonly WaitOutcome[]): WaitOutcome {
  const [worst, ...others] = outcomes.toSorted((a, b) => rankOf(a) - rankOf(b));
  if (worst === undefined) throw new Error('nothing was waited for');
  if (others.length === 0) return worst;
  const sameVerdict = outcomes.filter(({ verdict }) => verdict === worst.verdict);
  const counted = `${sameVerdict.length} of ${outcomes.length} repositories ${worst.verdict}: `;
  return {
    ...worst,
    summary: sameVerdict.length === outcomes.length ? sentences(outcomes) : `${counted}${worst.summary}`,
    result: { ...worst.result, applications: outcomes.flatMap(({ result }) => result.applications) },
    outputs: { ...worst.outputs, revision: outcomes.map(({ outputs }) => outputs.revision ?? '').join('\n') },
    page: [worst, ...others]
      .map(({ page }) => page.trimEnd())
      .join('\n\n')
      .concat('\n'),
  };
}

/** Each sentence once: the same images go to all repositories as a rule. */
const sentences = (outcomes: readonly WaitOutcome[]): string =>
  [...new Set(outcomes.map(({ summary }) => summary))].join(' ');

const rankOf = ({ verdict }: WaitOutcome): number => worstFirst.indexOf(verdict);
