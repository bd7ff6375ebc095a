import type { World } from '@sluice/core/run';
import { decide, switchesOf } from './decide.ts';
import type { LabelInputs } from './inputs.ts';
import { type LabelOutcome, labelOutcome } from './outcome.ts';
import { readLabels } from './read-labels.ts';

/** skip-ephemeral: what the labels of a pull request switch on and off, its short-lived environment first. */
export async function runLabels(inputs: LabelInputs, world: World): Promise<LabelOutcome> {
  const { labels, doubts } = await readLabels(inputs, world);
  for (const doubt of doubts) world.log.warning(doubt);
  const decision = decide(labels, inputs);
  const switches = switchesOf(labels, inputs.switches);
  const outcome = labelOutcome({ labels, decision, switches, doubts });
  world.log.info(outcome.summary);
  return outcome;
}
