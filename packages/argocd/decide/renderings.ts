import { isDeepStrictEqual } from 'node:util';
import { at, type Json } from '../json.ts';
import type { Application } from '../observation.ts';
import type { Evidence } from './types.ts';

/** What was rendered by the spec that the Application has: one commit renders to something else where its source is changed. */
export function withoutOldRenderings(evidence: Evidence, { wanted }: Pick<Application, 'wanted'>): Evidence {
  if (evidence.renderedBy === undefined || hasSameSources(evidence.renderedBy, wanted)) return evidence;
  const { rendered, uncached, renderedBy, ...others } = evidence;
  return others;
}

const hasSameSources = (one: Json, other: Json): boolean =>
  ['source', 'sources', 'sourceHydrator'].every((field) =>
    isDeepStrictEqual(at(one, field), at(other, field)),
  );
