/** A check run of a commit. */
export interface CheckRun {
  readonly name: string;
  /** Nothing while it is queued or runs. */
  readonly conclusion: Conclusion | undefined;
  /** When it began: of several of one name the latest counts. */
  readonly startedAt: number;
}

export type Conclusion =
  | 'success'
  | 'failure'
  | 'neutral'
  | 'cancelled'
  | 'skipped'
  | 'timed_out'
  | 'action_required'
  | 'stale';

/** What GitHub has for one commit. */
export interface CommitChecks {
  readonly checks: readonly CheckRun[];
  /** Commit statuses, by context. */
  readonly statuses?: Readonly<Record<string, 'success' | 'pending' | 'failure' | 'error'>>;
}

export type CheckState = 'passed' | 'pending' | 'failed';

/** "Successful check statuses are: success, skipped, and neutral." (troubleshooting required status checks, GitHub's documentation) */
const successful: readonly (Conclusion | undefined)[] = ['success', 'skipped', 'neutral'];

/**
 * What a required check of this name is on a commit. What nobody has reported is pending: a workflow that is not triggered leaves the
 * pull request waiting for ever. A check and a commit status of one name are both required.
 */
export function requiredCheck(name: string, { checks, statuses = {} }: CommitChecks): CheckState {
  const [latest] = checks
    .filter((check) => check.name === name)
    .toSorted((a, b) => b.startedAt - a.startedAt);
  const status = statuses[name];
  const found: CheckState[] = [];
  if (latest !== undefined) found.push(stateOf(latest));
  if (status !== undefined)
    found.push(status === 'success' ? 'passed' : status === 'pending' ? 'pending' : 'failed');
  return worst(found.length === 0 ? ['pending'] : found);
}

function stateOf({ conclusion }: CheckRun): CheckState {
  if (conclusion === undefined) return 'pending';
  return successful.includes(conclusion) ? 'passed' : 'failed';
}

/** What all required checks of a branch are on a commit. Without a required check nothing stands in the way. */
export function protection(required: readonly string[], commit: CommitChecks): CheckState {
  return worst(required.map((name) => requiredCheck(name, commit)));
}

const worst = (states: readonly CheckState[]): CheckState =>
  (['failed', 'pending'] as const).find((state) => states.includes(state)) ?? 'passed';
