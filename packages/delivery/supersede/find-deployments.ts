import { SluiceError } from '@sluice/core/errors';
import type { DeploymentKey } from '../deployment.ts';
import { closesPulls, type Found } from './find.ts';
import type { Home } from './home.ts';
import type { SupersedeInputs } from './inputs.ts';
import { isNamed, keyName, keyText, sameKey } from './key.ts';
import { type DeploymentScope, hasNotSucceeded, planDeployments } from './plan-deployments.ts';
import { readGroup } from './read-group.ts';
import type { SeenRun } from './runs.ts';
import { readDeployment, type TracedDeployment, traceDeployments } from './traced-deployments.ts';

interface Runs {
  readonly own: number;
  readonly key: DeploymentKey;
  readonly runs: readonly SeenRun[];
  /** Those that are not completed, without our own. */
  readonly others: readonly SeenRun[];
}

/** Which deployments a newer one has made pointless, by what GitHub says of runs, Deployments and the concurrency group. */
export async function findDeployments(
  inputs: SupersedeInputs,
  home: Home,
  { own, key, runs, others }: Runs,
): Promise<Found> {
  const when: DeploymentScope['when'] = inputs.when === 'succeeded' ? 'succeeded' : 'queued';
  const read = async () => {
    const traced = await traceDeployments(home, Math.min(...others.map(({ createdAt }) => createdAt)));
    if (others.some(({ createdAt }) => createdAt <= traced.since))
      home.world.log.warning('There are more Deployments than are read: what is older than these is kept.');
    return traced;
  };
  const { deployments: found, since } = await read();
  const unlisted = await ownUnlisted(inputs, home, found);
  const deployments = [...found, ...unlisted];
  const given = deployments.find((one) => one.id === inputs['deployment-id']);
  if (given !== undefined && given.run !== own) throw notOurs(given.id);
  const ours = deployments.filter((one) => one.run === own);
  if (ours.length > 0 && !ours.some((one) => sameKey(one.key, key))) throw wrongKey(key, ours);
  const isUnknown = (run: SeenRun) =>
    run.status !== 'in_progress' && !isNamed(run, key) && deployments.every((one) => one.run !== run.id);
  const scope = { own, key, runs, deployments, since, when, cancelWaiting: inputs['cancel-waiting'] };
  const known = planDeployments({ ...scope, group: new Set() });
  // One read is for the one or for the other. Who is only known by the group gives way by itself as soon as it has a Deployment.
  const mayBeInGroup = others.some((run) => run.id < own && isUnknown(run));
  const asksGroup = mayBeInGroup && !closesPulls(inputs, known) && unlisted.length === 0;
  const group = asksGroup ? keyName(key) : undefined;
  const plan =
    group === undefined
      ? known
      : planDeployments({
          ...scope,
          group: await readGroup(home, group),
        });
  const isPartial = plan.keep.some(({ run, why }) => run === own && why === 'partial');
  return {
    ...{
      plan,
      about: 'deployment',
      key,
      readAgain: async () => (await read()).deployments,
      reads: group === undefined && unlisted.length === 0 ? 2 : 3,
    },
    ...(hasNotSucceeded({ ...scope, group: new Set() }) && { because: 'not-succeeded' }),
    ...(isPartial && { because: 'own-is-partial' }),
  };
}

/** Our own Deployment, where it was made so shortly before that the list does not hold it yet: without it nobody knows what this run sets. */
async function ownUnlisted(
  inputs: SupersedeInputs,
  home: Home,
  listed: readonly TracedDeployment[],
): Promise<readonly TracedDeployment[]> {
  const id = inputs['deployment-id'];
  if (id === undefined || listed.some((one) => one.id === id)) return [];
  const one = await readDeployment(home, id);
  if (one !== undefined) return [one];
  throw notOurs(id);
}

const notOurs = (id: number): SluiceError =>
  new SluiceError(
    'input',
    'invalid-input',
    `An input is wrong: deployment-id: ${id} is no Deployment of this run.`,
    {
      hint: 'Give the output `deployment-id` of the step that plans.',
    },
  );

/** What deploys one thing makes no other pointless: a step that was copied names the wrong one. */
function wrongKey(key: DeploymentKey, ours: readonly TracedDeployment[]): SluiceError {
  const own = ours.map((one) => `\`${keyText(one.key)}\``).join(', ');
  const message = `An input is wrong: this run has a Deployment of ${own}, and none of \`${keyText(key)}\`.`;
  const hint = 'Give the project, environment and tenant that this run deploys.';
  return new SluiceError('input', 'invalid-input', message, { hint });
}
