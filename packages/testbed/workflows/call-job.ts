import { checkedInputs, checkedSecrets } from './call.ts';
import { interpolateAll, interpolateValue } from './expression.ts';
import type { Leg } from './matrix-job.ts';
import { resolveUses, textOf } from './repository.ts';
import { runJobs } from './run.ts';
import { mapping } from './shape.ts';
import { readWorkflow } from './workflow-file.ts';
import type { JobRun } from './world.ts';

/** Runs the workflow that a job calls. Throws for inputs of a wrong type; the rest was checked before the run. */
export async function runCall(leg: Leg): Promise<JobRun> {
  const { job, world } = leg;
  if (job.does.type !== 'call') throw new Error(`${job.id} calls nothing`);
  const place = resolveUses(job.does.uses, leg.place.repository, world.repositories ?? (() => undefined));
  const file = await readWorkflow(textOf(place));
  if (file.call === undefined) throw new Error(`${job.does.uses} cannot be called: no workflow_call`);
  const given = mapping(interpolateValue(job.does.with, leg.contexts), 'with');
  const inherit = job.does.secrets === 'inherit';
  const secrets =
    job.does.secrets === 'inherit'
      ? leg.secrets
      : interpolateAll(job.does.secrets, { ...leg.contexts, secrets: leg.secrets });
  const end = await runJobs({
    ...leg,
    place,
    file,
    inputs: checkedInputs(file.call, given),
    secrets: checkedSecrets(file.call, secrets, inherit),
    allowed: leg.permissions,
    path: `${leg.path}${job.id}/`,
    names: `${leg.checkName} / `,
    world: { ...world, signal: leg.stop },
  });
  return { ...end, log: '' };
}
