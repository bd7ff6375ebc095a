import { isDeepStrictEqual } from 'node:util';
import { at, isRecord, items, type Json } from '../json.ts';

/** Whether a comparison or an operation was one of the source or sources that the spec has now. */
export function sameSource(wanted: Json, compared: Json): boolean {
  const sources = items(at(wanted, 'sources'));
  if (sources.length > 0) return isDeepStrictEqual(sources, at(compared, 'sources'));
  // A hydrated source stands in `sourceHydrator`; what it is compared to is made of that.
  if (at(wanted, 'source') === undefined) return isRecord(at(wanted, 'sourceHydrator'));
  return isDeepStrictEqual(at(wanted, 'source'), at(compared, 'source'));
}
