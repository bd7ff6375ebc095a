/** Histories that once had a wrong verdict, or a doubtful one, and why. Seeds name another history when `scenario.ts` changes. */
export const SEEDS: readonly (readonly [seed: number, what: string])[] = [
  [1349, 'auto-sync that may not prune does not even begin where nothing else is left to do'],
  [2236, 'a controller that is slow shows health of before the sync for seconds'],
  [3397, 'a dry run hides which sync has failed'],
  [5880, 'a comparison that takes longer than the settle time'],
  [90, 'a hard refresh that gets lost'],
  [527, 'a hard refresh that gets lost, and a controller that restarts'],
  [1797, 'a hard refresh that gets lost, and a comparison for another reason after it'],
];
