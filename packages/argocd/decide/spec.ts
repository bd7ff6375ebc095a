import { isDeepStrictEqual } from 'node:util';
import { at, isRecord, type Json } from '../json.ts';
import { wait } from './look.ts';
import { sameSource } from './same-source.ts';
import type { Clause } from './types.ts';

/** Clause 6: the Application stays, and the comparison was made with the source and destination that it has now. */
export const spec: Clause = {
  name: 'spec',
  gate: false,
  check({ application: { deleting, wanted, comparedTo } }) {
    if (deleting) return wait('spec', 'The Application is being deleted');
    // Argo CD has written it with every comparison: where it is absent, there is nothing that could be older.
    if (!isRecord(comparedTo)) return undefined;
    return sameSource(wanted, comparedTo) && sameDestination(wanted, comparedTo)
      ? undefined
      : wait('spec', 'The Application was changed and Argo CD has not compared with that yet');
  },
};

/** Argo CD fills `server` in from `name`, or leaves it out: only what both sides say can differ. */
function sameDestination(wanted: Json, compared: Json): boolean {
  return ['server', 'name', 'namespace'].every((field) => {
    const [left, right] = [at(wanted, 'destination', field), at(compared, 'destination', field)];
    const oneSided = field !== 'namespace' && (left === undefined || right === undefined);
    return oneSided || isDeepStrictEqual(left, right);
  });
}
