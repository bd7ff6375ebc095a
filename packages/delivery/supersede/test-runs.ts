import type { DeploymentKey } from '../deployment.ts';
import { TELLS_NOTHING } from './coverage.ts';
import type { Plan } from './plan.ts';
import type { SeenRun } from './runs.ts';
import type { StatusSeen } from './standing.ts';
import type { TracedDeployment } from './traced-deployments.ts';

export const key: DeploymentKey = { project: 'shop', environment: 'qa' };

export const runOf = (id: number, given: Partial<SeenRun> = {}): SeenRun => ({
  id,
  status: 'in_progress',
  conclusion: '',
  names: ['deploy'],
  title: `Deploy ${id}`,
  url: `https://github.com/acme/app/actions/runs/${id}`,
  workflow: 7,
  event: 'push',
  branch: 'main',
  sha: String(id).padStart(40, '0'),
  repository: 1,
  pulls: [],
  createdAt: 1_000_000,
  ...given,
});

/** Statuses, oldest first: `inactive 9` is the word of run 9. */
export const statusesOf = (...states: readonly string[]): readonly StatusSeen[] =>
  states.map((one) => {
    const [state = '', by] = one.split(' ');
    return { state, description: by === undefined ? '' : `Superseded by run ${by}: nothing was changed.` };
  });

export const deploymentOf = (
  run: number,
  states: readonly string[] = ['queued'],
  given: Partial<TracedDeployment> = {},
): TracedDeployment => ({
  ...{ id: run * 10, key, run, partial: false, several: false, target: undefined },
  told: TELLS_NOTHING,
  statuses: statusesOf(...states),
  ...given,
});

/** What a plan comes to, in a form that a table can hold: `1 not-begun`. */
export const told = ({ cancel, keep }: Plan) => ({
  cancel: cancel.map(({ run, why }) => `${run.id} ${why}`),
  keep: keep.map(({ run, why }) => `${run} ${why}`),
});
