import { faultOf } from '../children/application-set.ts';
import type { Verdict } from '../decide/types.ts';
import type { Json } from '../json.ts';
import { describeResource, type ResourceKey } from '../observation.ts';
import type { Family } from './children.ts';

/** A fault that stands for the grace time is no passing one: a generator may ask Git, or a cluster, that is away. */
export function createFaults(key: ResourceKey, { clock, watch }: Family) {
  let since: number | undefined;
  let said: Verdict | undefined;
  return {
    verdict: (): Verdict | undefined => said,
    /** What is wrong with it for now; undefined of a set is one that was not answered. */
    see(set: Json): string | undefined {
      if (set === undefined) return 'Argo CD does not answer about it';
      const fault = faultOf(set);
      since = fault === undefined ? undefined : (since ?? clock.now());
      if (fault === undefined || since === undefined) return undefined;
      if (watch.mode === 'wait' && clock.now() - since >= watch.settings.degradedGraceMs) {
        said = { type: 'verdict', ...failing(key, fault), messages: [], missing: [], proof: [] };
      }
      return fault;
    },
  };
}

const failing = (key: ResourceKey, fault: string) =>
  ({
    verdict: 'failed',
    reason: 'not-generated',
    sentence: `${describeResource(key)} does not generate what it says: ${fault}`,
  }) as const;
