import type { World } from '@sluice/core/run';
import { reportDeployment } from '../deployment.ts';
import type { DeploymentState } from '../deployment-state.ts';
import { type Telling, tellPull } from './comment.ts';
import type { PreviewVerdict } from './inputs.ts';
import type { Notes } from './notes.ts';
import { type PreviewOutcome, withNotes } from './outcome.ts';
import type { Deploying, Wanted } from './plan-deploy.ts';
import type { PreviewReason } from './reasons.ts';
import { createDeployment, deploymentHome, lastDeployment, retireDeployments } from './record.ts';

/** Of the two seconds that a cancelled run has (GRACE_MS of core/run.ts). */
const LAST_WORD_MS = 1500;

/** There is nothing of it any more, or another run says how it is. */
const OVER: ReadonlySet<PreviewReason> = new Set(['superseded', 'removed-meanwhile', 'not-wanted']);

const STATES = {
  ...{ live: 'success', removed: 'inactive', failed: 'failure', 'timed-out': 'failure', unknown: 'error' },
} as const satisfies Record<PreviewVerdict, DeploymentState>;

/** What people see of a deployment: the Deployment and the comment. Neither decides anything. */
export interface DeployTelling {
  /** Says that something is about to be written. */
  begin(wanted: Wanted): Promise<void>;
  /** Says nothing yet of what stands there already; its Deployment is the one that there is. */
  resume(wanted: Wanted): Promise<void>;
  /** Says how it ended; a run that never began, or was overtaken, leaves the comment alone. */
  end(outcome: PreviewOutcome): Promise<PreviewOutcome>;
  /** Says that it broke off; gives back the error to throw. */
  fail(error: unknown): Promise<unknown>;
}

export function openTelling({ inputs, pull, run }: Deploying, world: World, notes: Notes): DeployTelling {
  const { number, commit } = pull;
  let wanted: Wanted | undefined;
  let id: number | undefined;
  let known: string | undefined;
  const home = (signal = world.signal) => deploymentHome(inputs, world, wanted?.url ?? '', signal);
  const telling = (state: string, sentence: string): Telling => ({
    ...{ number, state, sentence, url: wanted?.url ?? '', commit, run },
  });

  const named = (found: number) => {
    id = found;
    world.learn({ outputs: { 'deployment-id': String(found) } });
  };
  const create = ({ digest }: Wanted) =>
    createDeployment(home(), { inputs, number, commit, digest }, world, named);

  return {
    async resume(planned) {
      wanted = planned;
      await notes.attempt('There is no Deployment of this', async () => {
        const last = await lastDeployment(home(), inputs.project, number);
        if (last === undefined) return await create(planned);
        known = last.state;
        return named(last.id);
      });
    },
    async begin(planned) {
      wanted = planned;
      await notes.attempt('There is no Deployment of this', () => create(planned));
      await notes.attempt('The pull request got no comment of this', () =>
        tellPull(
          inputs,
          telling('on its way', 'It is being made; this comment tells when it is live.'),
          world,
        ),
      );
    },
    async end(outcome) {
      const { verdict, reason, summary } = outcome;
      const isOver = OVER.has(reason);
      const state = isOver ? 'inactive' : STATES[verdict];
      const own = id;
      if (own !== undefined && known !== state)
        await notes.attempt(`The Deployment ${own} could not be set to ${state}`, async () => {
          await reportDeployment(home(), own, state, summary);
          if (state === 'success')
            await retireDeployments(home(), inputs.project, number, `Replaced by deployment ${own}`, own);
        });
      if (wanted !== undefined && !isOver)
        await notes.attempt('The pull request got no comment of this', () =>
          tellPull(inputs, telling(verdict, summary), world),
        );
      if (wanted === undefined && reason === 'limit-reached')
        await notes.attempt('The pull request got no comment of this', () =>
          tellPull(inputs, { ...telling('not made', summary), commit: '', again: outcome.hint ?? '' }, world),
        );
      const ids = own === undefined ? {} : { 'deployment-id': String(own) };
      return withNotes({ ...outcome, outputs: { ...outcome.outputs, ...ids } }, notes.all);
    },
    async fail(error) {
      const own = id;
      if (wanted === undefined) return error;
      const cause = world.signal.aborted ? world.signal.reason : error;
      const sentence = cause instanceof Error ? cause.message : String(cause);
      const signal = world.signal.aborted ? AbortSignal.timeout(LAST_WORD_MS) : world.signal;
      const last = [
        own === undefined ? undefined : reportDeployment(home(signal), own, 'error', sentence),
        tellPull(inputs, telling('unknown', sentence), world, { signal }),
      ];
      // Whatever becomes of these words, the error is what is told.
      await Promise.allSettled(last);
      return cause;
    },
  };
}
