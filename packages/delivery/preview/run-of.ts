import type { RunnerContext } from '@sluice/core/context';

/** The run as trailers and marks name it: `owner/name/run id/attempt`. */
export const runOf = ({ repository, runId, runAttempt }: RunnerContext): string =>
  `${repository}/${runId === '' ? 0 : runId}/${runAttempt}`;
