const MOST_NAMED = 5;

/** `run 1`; `runs 1, 2`; of many the first. */
export const runsText = (ids: readonly number[]): string =>
  `${ids.length === 1 ? 'run' : 'runs'} ${idsText(ids)}`;

export function idsText(ids: readonly number[]): string {
  const rest = ids.length - MOST_NAMED;
  return `${ids.slice(0, MOST_NAMED).join(', ')}${rest > 0 ? ` and ${rest} more` : ''}`;
}
