import { oneLine } from '@sluice/core/one-line';
import type { World } from '@sluice/core/run';
import { decide, type Labels, switchesOf } from './decide.ts';
import type { LabelInputs } from './inputs.ts';
import { type LabelOutcome, labelOutcome } from './outcome.ts';
import { readLabels } from './read-labels.ts';

/** skip-ephemeral: what the labels of a pull request switch on and off, its short-lived environment first. */
export async function runLabels(inputs: LabelInputs, world: World): Promise<LabelOutcome> {
  const { labels, doubts: unread } = await readLabels(inputs, world);
  const doubts = [...unread, ...commaDoubts(labels, inputs)];
  for (const doubt of doubts) world.log.warning(doubt);
  const decision = decide(labels, inputs);
  const switches = switchesOf(labels, inputs.switches);
  const outcome = labelOutcome({ labels, decision, switches, doubts });
  world.log.info(outcome.summary);
  return outcome;
}

/** A label may have a comma; where none has, one in a pattern is a list on one line. */
function commaDoubts(labels: Labels, { label, switches }: LabelInputs): readonly string[] {
  const isKnown = labels.type === 'read' && labels.names.some((name) => name.includes(','));
  const found = [...label, ...switches.map(({ pattern }) => pattern)].find((one) => one.includes(','));
  if (found === undefined || isKnown) return [];
  return [
    `${JSON.stringify(oneLine(found, 80))} is taken as the name of one label: several are given one per line.`,
  ];
}
