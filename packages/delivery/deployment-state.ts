/** The states of a GitHub Deployment that we set. */
export type DeploymentState =
  | 'queued'
  | 'in_progress'
  | 'pending'
  | 'success'
  | 'failure'
  | 'error'
  | 'inactive';

// "The maximum description length is 140 characters": https://docs.github.com/rest/deployments/statuses
const DESCRIPTION_LENGTH = 140;

/** A sentence cut to what GitHub takes as a description. */
export function describe(sentence: string): string {
  const line = sentence.replaceAll(/\s+/g, ' ').trim();
  if (line.length <= DESCRIPTION_LENGTH) return line;
  // Half of a surrogate pair is no character, and JSON that holds one is refused.
  return `${line.slice(0, DESCRIPTION_LENGTH - 1).replace(/[\ud800-\udbff]$/, '')}…`;
}

/**
 * What the record says for each verdict. `success` only for what was seen to run; what is committed, merged or proposed, and
 * not verified, stays `pending`; what a newer deployment replaced is `inactive`; what could not be told is an `error`.
 */
export function deploymentState(verdict: string): DeploymentState {
  switch (verdict) {
    case 'live':
      return 'success';
    case 'superseded':
      return 'inactive';
    case 'committed':
    case 'merged':
    case 'pending':
      return 'pending';
    // Whoever looks next sees it through.
    case 'rolling-out':
      return 'in_progress';
    case 'unknown':
      return 'error';
    default:
      return 'failure';
  }
}
