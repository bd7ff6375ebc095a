import type { Baseline } from '../decide/types.ts';
import { type Application, keyOf } from '../observation.ts';

/**
 * What a decision needs from before and just after the commit.
 * @param before the application as it was before the commit; absent where nothing was left to commit.
 * @param first what the first answer after the commit shows: the look before it may be of days ago, where a pull request was reviewed.
 * @param answer server time (header `Date`) and local arrival of that answer, in milliseconds.
 */
export function takeBaseline(
  before: Application | undefined,
  first: Application,
  answer: Pick<Baseline, 'serverTime' | 'localTime' | 'comparedAt'>,
): Baseline {
  const unwell = before === undefined ? [] : unwellIn(before);
  return { ...answer, unwell: unwell.flatMap((one) => still(one, first)) };
}

/** What of it the first answer shows as well. Health comes out of Redis, and may be absent from one answer. */
function still(one: Unwell, { resources }: Application): readonly Unwell[] {
  const now = resources.find((resource) => keyOf(resource) === keyOf(one));
  if (now === undefined) return [];
  const { health, sync, ...key } = one;
  const isTold = now.health !== undefined && now.health !== 'Unknown';
  return [
    {
      ...key,
      ...(health !== undefined && (!isTold || now.health === health) && { health }),
      ...(sync !== undefined && now.sync === sync && { sync }),
    },
  ];
}

type Unwell = Baseline['unwell'][number];

function unwellIn(application: Application): Baseline['unwell'] {
  return application.resources
    .filter(({ sync, health }) => sync === 'OutOfSync' || health === 'Degraded' || health === 'Missing')
    .map(({ group, kind, namespace, name, health, sync }) => ({
      ...{ group, kind, namespace, name },
      ...(sync !== undefined && { sync }),
      ...(health !== undefined && { health }),
    }));
}
