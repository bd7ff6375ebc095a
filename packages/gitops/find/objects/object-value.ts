import type { Place } from '../../change.ts';
import type { Scalar } from '../../scalar.ts';
import { readEmbedded } from '../../yaml/embedded.ts';
import { follow, isScalar, type Reached, readOne } from '../../yaml/walk.ts';
import { type KubeObject, reach } from './object-lookup.ts';

/**
 * What stands at a place of a Kubernetes object. A tag or digest that is not there, where what would hold it is, reads as the empty
 * text: it means the same.
 */
export function readObjectValue(
  { root }: KubeObject,
  { path, within, holds }: Extract<Place, { type: 'object-value' }>,
): Scalar[] {
  const inside = within === undefined ? root : embeddedRoot(reach(root, path).value);
  const { value, holder } = reach(inside, within ?? path);
  if (value !== undefined) return readOne(value);
  return holder?.node.kind === 'mapping' && holds !== 'reference' ? [''] : [];
}

/** The root of a text that is YAML by itself. */
function embeddedRoot(value: Reached | undefined): Reached | undefined {
  if (!isScalar(value) || readOne(value).length === 0) return undefined;
  const embedded = readEmbedded(value.node);
  return 'documents' in embedded ? follow(embedded.documents[0]) : undefined;
}
