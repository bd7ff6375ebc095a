import { SluiceError } from '@sluice/core/errors';
import { createGitHub } from '@sluice/core/github';
import type { World } from '@sluice/core/run';
import { escapeMarkdown } from '@sluice/core/summary';
import type { Outcome } from '@sluice/core/verdict';
import type { Planned } from '@sluice/gitops/bump/bump-parts';
import { placedImages } from '@sluice/gitops/bump/bump-plan';
import { missingEverywhere, nowhere } from '@sluice/gitops/bump/plan-source';
import { credentialOf } from '@sluice/gitops/inputs';
import {
  checkDeployment,
  type DeploymentHome,
  type DeploymentKey,
  queueDeployment,
  reportDeployment,
} from './deployment.ts';
import { deploymentPayload } from './deployment-payload.ts';
import { deploymentState } from './deployment-state.ts';
import type { DeployInputs } from './inputs.ts';
import { payloadWait } from './payload-wait.ts';
import { retirePredecessors } from './predecessors.ts';
import { gaveWayTo, readSuperseder } from './supersede/handshake.ts';

/** The GitHub Deployment of this run. Where none is kept, nothing is asked of GitHub. */
export interface DeploymentRecord {
  /** Creates it, `queued`; gives back its id. */
  queue(parts: readonly Pick<Planned, 'plan'>[], summary: string): Promise<number>;
  /**
   * Says that something is about to be changed, and looks whether a newer run has taken its place before. Throws where one has, and where
   * that cannot be said or seen: then nothing was changed.
   */
  begin(): Promise<void>;
  /** The newer run that `begin` has found. */
  supersededBy(): number | undefined;
  /** Says that others have to do something before it goes on; once, and of a run that is cancelled meanwhile as its last word. */
  wait(sentence: string): Promise<void>;
  /** Says that it goes on after a wait for others. */
  resume(sentence: string): Promise<void>;
  /** Says the verdict, which stands whatever GitHub answers: a record that failed is a warning, and a line of the page. */
  end<O extends Outcome>(outcome: O): Promise<O>;
  /** Says that the run broke off. Gives back the error to throw, which tells of a cancellation whether anything was changed. */
  fail(error: unknown): Promise<unknown>;
}

/** Of the two seconds that a cancelled run has (GRACE_MS of core/run.ts). */
const LAST_WORD_MS = 1500;

/** Opens the record of the inputs' Deployment. Throws where `deployment-id` is not one of the same project, environment and tenant. */
export async function openRecord(inputs: DeployInputs, world: World): Promise<DeploymentRecord> {
  const id = inputs['dry-run'] ? undefined : inputs['deployment-id'];
  const key = keyOf(inputs);
  const home = (signal = world.signal) => homeOf(inputs, world, signal);
  const learnId = (of: number) => world.learn({ outputs: { 'deployment-id': String(of) } });
  if (id !== undefined) {
    await checkDeployment(home(), key, id);
    learnId(id);
  }
  let begun = false;
  let waits: string | undefined;
  let superseder: number | undefined;

  /** Undefined when it was said, else a sentence. A cancelled run has a last word, past the signal that has cut everything else. */
  async function say(what: string, act: (home: DeploymentHome) => Promise<unknown>) {
    try {
      await act(home()).catch((error) => {
        if (!world.signal.aborted) throw error;
        return act(home(AbortSignal.timeout(LAST_WORD_MS)));
      });
      return undefined;
    } catch (error) {
      const sentence = `${what}: ${messageOf(error)}`;
      world.log.warning(sentence);
      return sentence;
    }
  }

  return {
    async queue(parts, summary) {
      begun = true;
      const images = placedImagesOf(inputs, parts);
      const payload = deploymentPayload(images, key, parts, world.context, {
        ...{ wait: payloadWait(inputs), sbom: inputs.sbom ?? null },
        partial: inputs.partial || leavesOut(parts),
      });
      return queueDeployment(home(), {
        ...{ key, sha: world.context.sha, payload, summary },
        created: learnId,
      });
    },
    async begin() {
      if (id !== undefined && !begun) {
        const written = await reportDeployment(home(), id, 'in_progress', 'Committing the change');
        const pause = (ms: number) => world.clock.sleep(ms, world.signal);
        superseder = await readSuperseder(home(), id, written, pause);
        if (superseder !== undefined) throw gaveWay(superseder);
      }
      begun = true;
    },
    supersededBy: () => superseder,
    async wait(sentence) {
      const first = waits === undefined;
      waits = sentence;
      if (id === undefined || !first) return;
      await say(`Deployment ${id} could not be set to pending`, (at) =>
        reportDeployment(at, id, 'pending', sentence),
      );
    },
    async resume(sentence) {
      const waited = waits !== undefined;
      waits = undefined;
      if (id === undefined || !waited) return;
      await say(`Deployment ${id} could not be set to in_progress`, (at) =>
        reportDeployment(at, id, 'in_progress', sentence),
      );
    },
    async end(outcome) {
      if (id === undefined) return outcome;
      // The run that ends it finds it by this state.
      const state =
        outcome.reason === 'awaits-notification' ? 'in_progress' : deploymentState(outcome.verdict);
      const failed =
        (await say(`Deployment ${id} could not be set to ${state}`, (at) =>
          reportDeployment(at, id, state, outcome.summary),
        )) ??
        (state === 'success'
          ? await say(`The Deployments before ${id} could not be set to inactive`, (at) =>
              retirePredecessors(at, key, id),
            )
          : undefined);
      return failed === undefined
        ? outcome
        : { ...outcome, page: `${outcome.page}\n${escapeMarkdown(failed)}\n` };
    },
    async fail(error) {
      const cause = world.signal.aborted ? cancelled(world.signal.reason, begun) : error;
      // Nothing is wrong with what is merely not merged yet.
      const waiting = world.signal.aborted ? waits : undefined;
      const state = waiting === undefined ? 'error' : 'pending';
      const sentence = waiting === undefined ? messageOf(cause) : `The run was cancelled. ${waiting}`;
      if (id !== undefined) {
        await say(`Deployment ${id} could not be set to ${state}`, async (at) => {
          // What a newer run has said of it is why it was cancelled.
          const isTold = world.signal.aborted && (await gaveWayTo(at, id, begun, waits !== undefined));
          if (!isTold) await reportDeployment(at, id, state, sentence);
        });
      }
      return cause;
    },
  };
}

/** The images that have a place in one of the repositories. */
function placedImagesOf(
  inputs: DeployInputs,
  parts: readonly Pick<Planned, 'plan'>[],
): DeployInputs['images'] {
  const placed = new Set(parts.flatMap(({ plan }) => placedImages(inputs, plan)));
  return inputs.images.filter((image) => placed.has(image));
}

/** With `on-no-match: warn` an image or a field without a place is passed over. */
function leavesOut(parts: readonly Pick<Planned, 'plan'>[]): boolean {
  const plans = parts.map(({ plan }) => plan);
  return nowhere(plans).length > 0 || missingEverywhere(plans).length > 0;
}

function cancelled(reason: unknown, begun: boolean): unknown {
  if (begun || !(reason instanceof SluiceError)) return reason;
  const message = 'The run was cancelled before the first write: nothing was changed.';
  return new SluiceError('platform', 'cancelled', message, { hint: 'Run the job again.', cause: reason });
}

const gaveWay = (run: number): SluiceError =>
  new SluiceError('conflict', 'conflict', `Run ${run} took its place before anything was changed.`);

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));

/** Whose deployment the inputs are about. */
export function keyOf({ project, environment, tenant }: DeployInputs): DeploymentKey {
  return { project, environment, ...(tenant === '' ? {} : { tenant }) };
}

/** Where the Deployment of the inputs is kept: by default in the repository of the workflow. */
export function homeOf(
  inputs: DeployInputs,
  world: World,
  signal: AbortSignal,
  repository = world.context.repository,
): DeploymentHome {
  const { context, log, clock, fetch, hide } = world;
  const { apiUrl, graphqlUrl, serverUrl, runId } = context;
  const [owner = '', repo = ''] = repository.split('/');
  // The default of `deployment-token` is the job's own, which reaches no other repository.
  const isElsewhere = repository !== context.repository && inputs['app-id'] !== '';
  const credential = isElsewhere
    ? credentialOf(inputs, repository)
    : ({ type: 'token', token: inputs['deployment-token'] } as const);
  return {
    github: createGitHub({ apiUrl, graphqlUrl, credential, log, clock, fetch, signal }),
    owner,
    repo,
    logUrl: `${serverUrl}/${context.repository}/actions/runs/${runId}`,
    environmentUrl: inputs['environment-url'],
    hide,
  };
}
