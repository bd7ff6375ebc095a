import type { CheckState } from './types.ts';

export interface Told {
  readonly state: CheckState;
  readonly told: string;
}

/** GitHub's conclusions of checks and jobs. Neutral is no success: nobody has said that it is good. */
const CONCLUSIONS: Readonly<Record<string, Told>> = {
  success: { state: 'success', told: 'succeeded' },
  failure: { state: 'failed', told: 'failed' },
  cancelled: { state: 'failed', told: 'was cancelled' },
  timed_out: { state: 'failed', told: 'timed out' },
  startup_failure: { state: 'failed', told: 'could not start' },
  stale: { state: 'failed', told: 'was given up by GitHub (stale)' },
  neutral: { state: 'failed', told: 'ended neutral, which is no success' },
  skipped: { state: 'skipped', told: 'was skipped' },
  action_required: { state: 'acting', told: 'waits for somebody to act (action_required)' },
};

/** What a check run or a job says. */
export function toldOf(status: string, conclusion: string | null): Told {
  if (status !== 'completed') {
    const words = status === 'waiting' ? 'waits for an approval' : `is ${status.replaceAll('_', ' ')}`;
    return { state: 'pending', told: words };
  }
  const known =
    conclusion === null ? undefined : Object.entries(CONCLUSIONS).find(([key]) => key === conclusion);
  return (
    known?.[1] ?? { state: 'failed', told: `ended with ${JSON.stringify(conclusion)}, which is no success` }
  );
}

/** What a commit status says. */
export function toldOfStatus(state: string): Told {
  if (state === 'success') return { state: 'success', told: 'succeeded' };
  return state === 'pending' ? { state: 'pending', told: 'is pending' } : { state: 'failed', told: 'failed' };
}
