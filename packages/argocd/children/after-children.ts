import type { Verdict } from '../decide/types.ts';
import { describeResource, type ResourceKey } from '../observation.ts';

/** What became of what one object generates, beside the verdicts of the Applications that were watched. */
export interface Offspring {
  readonly key: ResourceKey;
  /** How many Applications were watched for it; each has a verdict of its own. */
  readonly watched: number;
  /** What is known of the object itself, where that speaks against it. */
  readonly against?: Pick<Verdict, 'verdict' | 'reason' | 'sentence'>;
}

/** The verdict of a parent once its children have theirs. It is never the proof: without a child that was watched nothing is. */
export function afterChildren(parent: Verdict, all: readonly Offspring[]): Verdict {
  const { generates: _, ...rest } = parent;
  const sentences = all.flatMap(({ against }) => against?.sentence ?? []);
  const against = all.find((one) => one.against?.verdict === 'failed') ?? all.find((one) => one.against);
  const nobody = all.find(({ watched }) => watched === 0);
  if (against?.against !== undefined) {
    const messages = [...sentences.filter((one) => one !== against.against?.sentence), ...rest.messages];
    return { ...rest, ...against.against, messages };
  }
  if (all.length === 0 || nobody !== undefined) return rest;
  const names = all.map(({ key }) => describeResource(key)).join(', ');
  const count = all.reduce((sum, { watched }) => sum + watched, 0);
  return {
    ...rest,
    verdict: 'live',
    reason: 'proven',
    sentence: `The change is in ${names}; ${count === 1 ? 'the Application that it deploys has a verdict of its own' : `the ${count} Applications that come of it have verdicts of their own`}.`,
  };
}
