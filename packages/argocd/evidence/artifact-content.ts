import type { ContentEvidence, Expectation } from '../decide/types.ts';

/**
 * Clause 2 of a source that is no Git repository. A digest or version is the expected one, or it is another: which of the two is newer
 * nothing tells, so it may still come. Of a change only what is rendered and runs can be seen.
 */
export const contentOfArtifact = (expectation: Expectation, revision: string): ContentEvidence => {
  if (expectation.type === 'change') return { state: 'unreadable' };
  return { state: expectation.revision === revision ? 'contained' : 'behind' };
};
