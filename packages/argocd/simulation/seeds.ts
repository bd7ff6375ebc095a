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

/** The same of histories that the loop itself follows. */
export const LOOP_SEEDS: typeof SEEDS = [
  [50_460, 'the Application is changed after its manifests were rendered anew'],
  [32_737, 'what is Degraded for a moment comes in one piece with what it is after that'],
  [35_856, 'an event that comes while a verdict is being made'],
  [52_772, 'what the change does not touch was Degraded before'],
];
