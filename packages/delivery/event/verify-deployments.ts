import { SluiceError } from '@sluice/core/errors';
import type { World } from '@sluice/core/run';
import type { DeploymentHome } from '../deployment.ts';
import type { DeployInputs } from '../inputs.ts';
import type { DeployOutcome } from '../outcome.ts';
import { asStrict } from '../payload-wait.ts';
import { homeOf } from '../record.ts';
import { couldNotTell, type Finding, type Verified } from './finding.ts';
import { locateChanges, observe } from './observe.ts';
import { type OpenDeployment, openDeployments } from './open-deployments.ts';
import { settleDeployment } from './settle-deployment.ts';
import { touchedBy } from './touched.ts';
import { type LookedIn, verifiedOutcome } from './verified-outcome.ts';
import { type Wake, wakeOf } from './wake.ts';

/** A sweep looks at many, and looks again at its next turn. */
const SWEEP_LOOK_MS = 60_000;

/** So long may it take between the first write and the wait. */
const COMMITTING_MS = 120_000;

/** So many are looked at side by side: each has its own wait, and its own requests. */
const TOGETHER = 4;

/** Looks at the Deployments that other runs have left `in_progress`, and says on each how it ended. Nothing is committed. */
export async function verifyDeployments(inputs: DeployInputs, world: World): Promise<DeployOutcome> {
  const sweeps = inputs.deployment === 'sweep';
  const wake: Wake = sweeps || inputs['deployment-id'] !== undefined ? { type: 'none' } : await wakeOf(world);
  const open = await openOnes(inputs, world);
  const left = inputs['deployment-id'] === undefined ? open.filter(isLeft(world)) : open;
  const chosen = sweeps ? left.filter(isRipe(inputs, world)) : await touchedBy(left, wake, inputs, world);
  const where = repositoriesOf(inputs, world).join(', ');
  world.log.info(`${counted(open.length)} in progress in ${where}; looked at: ${chosen.length}.`);
  const verified: Verified[] = [];
  const look = (deployment: OpenDeployment) =>
    verifyOne(deployment, wake, asStrict(inputs, deployment.wait), world);
  for (let from = 0; from < chosen.length; from += TOGETHER)
    verified.push(...(await Promise.all(chosen.slice(from, from + TOGETHER).map(look))));
  return verifiedOutcome(verified, lookedIn(open, inputs, world));
}

const counted = (count: number): string => (count === 1 ? '1 Deployment is' : `${count} Deployments are`);

const repositoriesOf = ({ 'deployment-repositories': given }: DeployInputs, { context }: World) =>
  given.length === 0 ? [context.repository] : given;

const lookedIn = (open: readonly OpenDeployment[], inputs: DeployInputs, world: World): LookedIn => ({
  repositories: repositoriesOf(inputs, world),
  isElsewhere: open.length === 0 && inputs['deployment-repositories'].length === 0,
});

async function openOnes(inputs: DeployInputs, world: World): Promise<readonly OpenDeployment[]> {
  const { project, environment, tenant, 'deployment-id': id } = inputs;
  const wanted = {
    ...(project !== '' && { project }),
    ...(environment !== '' && { environment }),
    ...(tenant !== '' && { tenant }),
  };
  const homes = repositoriesOf(inputs, world).map(
    (name): DeploymentHome => homeOf(inputs, world, world.signal, name),
  );
  const lists = await Promise.all(homes.map((home) => openDeployments(home, wanted)));
  return lists.flat().filter((one) => id === undefined || one.id === id);
}

/** A run that waits itself has the word as long as it may wait: two would contradict each other. */
const isLeft =
  ({ clock }: World) =>
  ({ since, wait }: OpenDeployment): boolean =>
    wait === undefined || wait.itself === 0 || clock.now() - since >= wait.itself + COMMITTING_MS;

const isRipe =
  (inputs: DeployInputs, { clock }: World) =>
  ({ since }: OpenDeployment): boolean =>
    clock.now() - since >= inputs['sweep-after'];

async function verifyOne(
  deployment: OpenDeployment,
  wake: Wake,
  inputs: DeployInputs,
  world: World,
): Promise<Verified> {
  const sweeps = inputs.deployment === 'sweep';
  const finding = await find(deployment, wake, inputs, world).catch((error: unknown): Finding => {
    world.signal.throwIfAborted();
    if (!(error instanceof SluiceError)) throw error;
    return { ...couldNotTell('could-not-ask', error.message), ...(error.hint && { hint: error.hint }) };
  });
  const giveUpAfter = sweeps ? inputs['give-up-after'] : undefined;
  const { clock, log } = world;
  const settling = { clock, log, giveUpAfter, next: inputs['next-workflow'], isDry: inputs['dry-run'] };
  try {
    return await settleDeployment(deployment, finding, settling);
  } catch (error) {
    world.signal.throwIfAborted();
    if (!(error instanceof SluiceError)) throw error;
    return notRecorded(deployment, finding, error, world);
  }
}

/** The others are looked at all the same. What nobody can read on the Deployment is not told for it either. */
function notRecorded(
  deployment: OpenDeployment,
  { waited, summary, evidence }: Finding,
  { message, hint }: SluiceError,
  { log }: World,
): Verified {
  const note = `Deployment ${deployment.id} could not be brought up to date: ${message}`;
  log.warning(note);
  const told = couldNotTell(
    'not-recorded',
    `Its Deployment could not be brought up to date. What was found: ${summary}`,
    evidence,
  );
  return { deployment, note, finding: { ...told, ...(hint && { hint }), ...(waited && { waited }) } };
}

async function find(
  deployment: OpenDeployment,
  wake: Wake,
  inputs: DeployInputs,
  world: World,
): Promise<Finding> {
  const located = await locateChanges(deployment, inputs, world);
  if (located.type === 'nothing') return located.finding;
  if (inputs['argocd-server'].length === 0) {
    const { fromReports } = await import('./from-reports.ts');
    return fromReports(deployment, located.changes, wake, inputs, world);
  }
  const sweeps = inputs.deployment === 'sweep';
  const timeout = sweeps ? Math.min(inputs.timeout, inputs.settle + SWEEP_LOOK_MS) : inputs.timeout;
  return observe(located.changes, inputs, world, timeout);
}
