import type { Baseline } from '../decide/types.ts';
import type { Application } from '../observation.ts';

/**
 * What a decision needs from before and just after the commit.
 * @param before the application as it was before the commit; absent where nothing was left to commit.
 * @param answer server time (header `Date`) and local arrival of the first answer received after the commit, in milliseconds.
 */
export function takeBaseline(
  before: Application | undefined,
  answer: Pick<Baseline, 'serverTime' | 'localTime' | 'comparedAt'>,
): Baseline {
  return { ...answer, unwell: before === undefined ? [] : unwellIn(before) };
}

function unwellIn(application: Application): Baseline['unwell'] {
  return application.resources
    .filter(({ sync, health }) => sync === 'OutOfSync' || health === 'Degraded' || health === 'Missing')
    .map(({ group, kind, namespace, name, health, sync }) => ({
      ...{ group, kind, namespace, name },
      ...(sync !== undefined && { sync }),
      ...(health !== undefined && { health }),
    }));
}
