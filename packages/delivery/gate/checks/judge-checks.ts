import { oneLine } from '@sluice/core/one-line';
import type { CheckReason } from '../reasons.ts';
import { isAfter, openRuns } from './open-runs.ts';
import { type CheckPattern, isMeant, type OwnScope } from './pattern.ts';
import type { Check, Observation, Run } from './types.ts';

export interface Wanted {
  readonly patterns: readonly CheckPattern[];
  /** How many checks have to appear, all patterns together. */
  readonly minimum: number;
  /** Where the gate is; known where a pattern is about that. */
  readonly own?: OwnScope;
}

/** What is not as it should be. */
export interface CheckProblem {
  /** The name of the check, or the pattern that nothing was like; empty where there are too few of all. */
  readonly name: string;
  readonly reason: CheckReason;
  readonly told: string;
  /** What to do, where the reason does not tell it. */
  readonly hint?: string;
}

export interface CheckJudgement {
  /** `wait`: another look may find it otherwise. */
  readonly type: 'ready' | 'wait' | 'blocked';
  /** All that the patterns mean. */
  readonly checks: readonly Check[];
  readonly problems: readonly CheckProblem[];
}

/**
 * Whether all checks that the patterns mean are there and succeeded. `isEarly`: a run that began together with this one may not be listed
 * yet, so that nothing running does not mean that nothing comes.
 */
export function judgeChecks(given: Wanted, seen: Observation, isEarly = false): CheckJudgement {
  // GitHub lists other runs by the path that it lists for this one, whatever the runner calls the file.
  const listed = seen.own && { path: seen.own.path, event: seen.own.event };
  const wanted = given.own === undefined ? given : { ...given, own: { ...given.own, ...listed } };
  const { patterns, minimum, own } = wanted;
  const meant = seen.checks.filter((check) => patterns.some((pattern) => isMeant(pattern, check, own)));
  const absent = patterns.filter((pattern) => !meant.some((check) => isMeant(pattern, check, own)));
  const problems = [
    ...meant.flatMap(problemOf),
    ...absent.map((pattern) => absence(pattern, seen)),
    ...openRuns(wanted, seen, meant).map(({ pattern, run }) => openTold(pattern, run)),
  ];
  if (absent.length === 0 && meant.length < minimum) problems.push(tooFew(minimum, meant.length, seen));
  const isQuiet = !isEarly && seen.running.length + seen.parked.length === 0;
  // What stands beside this job can come of runs of its own workflow only.
  const comesNoMore = !isEarly && absent.some(({ isOwn }) => isOwn === true) && !mayCome(wanted, seen);
  const isOver = problems.some(
    ({ reason }) => reason === 'check-failed' || (reason === 'check-skipped' && isQuiet),
  );
  if (isOver || comesNoMore) return { type: 'blocked', checks: meant, problems };
  return { type: problems.length === 0 && seen.isWhole ? 'ready' : 'wait', checks: meant, problems };
}

function mayCome({ own }: Wanted, seen: Observation): boolean {
  return [...seen.running, ...seen.parked].some(
    (run) => run.path === own?.path && run.event === own.event && !isAfter(run, seen.own),
  );
}

function openTold(pattern: CheckPattern, run: Run): CheckProblem {
  const which = `a run of ${oneLine(run.workflow, 60)} (${oneLine(run.event, 30)})`;
  return run.state === 'parked'
    ? { name: pattern.text, reason: 'check-parked', told: `${which} waits for approval` }
    : {
        name: pattern.text,
        reason: 'check-pending',
        told: `${which} has not ended, and may have further checks`,
      };
}

function problemOf(check: Check): readonly CheckProblem[] {
  const { name, state, told } = check;
  switch (state) {
    case 'success':
      return [];
    case 'failed':
      return [{ name, reason: 'check-failed', told: `${shownCheck(check)} ${told}` }];
    case 'skipped':
      return [{ name, reason: 'check-skipped', told: `${shownCheck(check)} ${told}, and did not succeed` }];
    case 'acting':
      return [{ name, reason: 'check-parked', told: `${shownCheck(check)} ${told}` }];
    case 'pending':
      return [{ name, reason: 'check-pending', told: `${shownCheck(check)} ${told}` }];
  }
}

function absence(pattern: CheckPattern, { parked }: Observation): CheckProblem {
  const name = pattern.text;
  if (pattern.isOwn === true && parked.length === 0) {
    const told = `no other run of this workflow on this commit has the job ${oneLine(pattern.name, 80)}`;
    return { name, reason: 'check-missing', told, hint: BESIDE };
  }
  const told = `no check is like ${JSON.stringify(oneLine(name, 80))}`;
  return parked.length === 0
    ? { name, reason: 'check-missing', told, ...(isList(pattern) && { hint: ONE_PER_LINE }) }
    : { name, reason: 'check-parked', told: `${told}, and ${parkedTold(parked)}` };
}

const BESIDE =
  'The run that began when the commit was pushed has it: run that again, or push a commit, and then run this job again.';
const ONE_PER_LINE = 'An entry is one pattern: give several one per line, without commas.';
/** A comma within parentheses is of the name of a leg: `test (linux, 24)`. */
const isList = ({ name }: CheckPattern): boolean => name.replace(/\(.*?\)/g, '').includes(',');

function tooFew(minimum: number, found: number, { parked }: Observation): CheckProblem {
  const told = `${minimum} checks have to be there, and ${found === 1 ? '1 is' : `${found} are`}`;
  return parked.length === 0
    ? { name: '', reason: 'check-missing', told }
    : { name: '', reason: 'check-parked', told: `${told}; ${parkedTold(parked)}` };
}

function parkedTold(parked: Observation['parked']): string {
  const names = [...new Set(parked.map(({ workflow }) => oneLine(workflow, 60)))];
  const shown = names.slice(0, 3).join(', ');
  const rest = names.length > 3 ? ` and ${names.length - 3} more` : '';
  return `${parked.length === 1 ? 'a run' : `${parked.length} runs`} of ${shown}${rest} ${parked.length === 1 ? 'waits' : 'wait'} for approval`;
}

/** `check e2e (CI, push)`: with what tells it from others of the name. */
export function shownCheck({ name, app, run }: Check): string {
  const from =
    run === undefined ? oneLine(app, 60) : `${oneLine(run.workflow, 60)}, ${oneLine(run.event, 30)}`;
  return `check ${oneLine(name, 80)} (${from})`;
}
