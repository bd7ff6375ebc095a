import type { Place } from '../change.ts';
import type { Scalar } from '../scalar.ts';
import type { YamlNode } from '../yaml/tree.ts';

/** What stands at a place of a JSON patch. */
export function readJsonPatch(
  _documents: readonly YamlNode[],
  _place: Extract<Place, { type: 'json-patch' }>,
): Scalar[] {
  return [];
}
