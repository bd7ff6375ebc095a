import type { Blocker } from '../blockers.ts';
import type { CheckReason } from '../reasons.ts';
import type { CheckReading } from './wait-for-checks.ts';

/** What of the checks stands in the way. */
export function blockersOfChecks(reading: CheckReading | undefined): readonly Blocker[] {
  if (reading === undefined) return [];
  if (reading.type === 'not-read') {
    const sentence = `the checks could not be read: ${clause(reading.sentence)}`;
    return [{ reason: 'checks-not-read', sentence, hint: reading.hint }];
  }
  const { judgement, waitedMs } = reading;
  if (judgement.type === 'ready') return [];
  const waited = waitedMs < 1000 ? '' : ` after ${spelled(waitedMs)}`;
  const problems = judgement.problems.map(({ name, reason, told, hint }) => ({
    ...(name !== '' && { name }),
    reason,
    sentence: reason === 'check-failed' || reason === 'check-skipped' ? told : `${told}${waited}`,
    hint: hint ?? HINTS[reason],
  }));
  if (problems.length > 0) return problems;
  const sentence = 'the checks could not be read: GitHub did not hand over all that it counted';
  return [{ reason: 'checks-not-read', sentence, hint: 'Run the job again.' }];
}

const HINTS: Readonly<Record<CheckReason, string>> = {
  'check-failed': 'Mend it and push; or run it again, and then this job.',
  'check-skipped':
    'Look at the `if:` of the job. Where its skip is meant, it cannot be asked for in `checks`: let its workflow have a gate of its own, and ask for that.',
  'check-missing':
    'Compare the entry with the whole name of the check, as `gh pr checks` shows it. A workflow without `merge_group`, or with filters for paths or branches, makes none.',
  'check-pending':
    'Run this job again when it has ended, or give it more time: by `timeout`, where pr.yml is called by its `checks-timeout`.',
  'check-parked':
    'Somebody with write access has to approve it ("Approve and run" on the pull request); then run this job again.',
};

/** A sentence as part of another one. */
const clause = (sentence: string): string => sentence.replace(/\.$/, '').replace(/^The /, 'the ');

/** `1 h 30 min`, `12 s`. */
function spelled(ms: number): string {
  const seconds = Math.round(ms / 1000);
  const parts = [
    [Math.floor(seconds / 3600), 'h'],
    [Math.floor(seconds / 60) % 60, 'min'],
    [seconds % 60, 's'],
  ] as const;
  return parts.flatMap(([number, unit]) => (number === 0 ? [] : [`${number} ${unit}`])).join(' ');
}
