import type { Wanted } from './judge-checks.ts';
import { type CheckPattern, isMeant, isOfWorkflow } from './pattern.ts';
import type { Check, Observation, Run } from './types.ts';

export interface OpenRun {
  readonly run: Run;
  readonly pattern: CheckPattern;
}

/**
 * Runs that have not ended, and in which a check may appear yet that a pattern means: with `*` in any run of a workflow that has such checks, or that
 * the entry names; with a whole name in one that has no check of that name yet. Each run once.
 */
export function openRuns(wanted: Wanted, seen: Observation, meant: readonly Check[]): readonly OpenRun[] {
  const isOvertaken = (run: Run): boolean =>
    seen.checks.some((check) => isSameWorkflow(check.run, run) && isAfter(check.run, run));
  const parked = seen.parked.filter((run) => !isOvertaken(run));
  return [...seen.running, ...parked].flatMap((run): readonly OpenRun[] => {
    // Two runs of one workflow would wait for each other: the newer one waits for the older.
    if (isAfter(run, seen.own)) return [];
    const pattern = wanted.patterns.find((one) => isOpen(one, run, wanted, meant));
    return pattern === undefined ? [] : [{ run, pattern }];
  });
}

function isOpen(pattern: CheckPattern, run: Run, { own }: Wanted, meant: readonly Check[]): boolean {
  const { app, workflow, isOwn, name } = pattern;
  if (app !== undefined && app.toLowerCase() !== 'github-actions') return false;
  const ofPattern = meant.filter((check) => isMeant(pattern, check, own));
  // That nothing is there is told by itself, with the runs that wait for approval.
  if (run.state === 'parked' && ofPattern.length === 0) return false;
  const concerns =
    isOwn === true
      ? run.path === own?.path && run.event === own.event
      : workflow === undefined
        ? ofPattern.some((check) => check.run?.path === run.path)
        : isOfWorkflow(workflow, run);
  if (!concerns) return false;
  return name.includes('*') || !ofPattern.some((check) => isSameWorkflow(check.run, run));
}

const isSameWorkflow = (one: Run | undefined, other: Run): boolean =>
  one?.path === other.path && one.event === other.event;

/** Whether a run is of the same workflow and event as another one, and newer. */
export const isAfter = (run: Run | undefined, other: Run | undefined): boolean =>
  run !== undefined && other !== undefined && isSameWorkflow(run, other) && run.id > other.id;
