import type { RenderedDifference } from '../decide/types.ts';
import { at, type Json, text } from '../json.ts';
import { type Application, keyOf, type ResourceKey } from '../observation.ts';
import { type FieldDifference, fieldDifferences } from './fields.ts';
import { hooksOf } from './hooks.ts';

/**
 * The objects of two renderings that are not the same, are new or are gone.
 * @param isOther tells of a field that it differs by another part of the change.
 */
export function differingObjects(
  before: readonly Json[],
  after: readonly Json[],
  application: Application,
  isOther: (field: FieldDifference) => boolean = () => false,
): readonly RenderedDifference[] {
  const old = byKey(before, application);
  const now = byKey(after, application);
  return [...new Map([...old, ...now])].flatMap(([key, { object, manifest }]): RenderedDifference[] => {
    const [hook] = hooksOf([manifest], application);
    const one = { ...object, ...(hook && { hook: true }), ...(hook?.dormant && { dormant: true }) };
    if (!now.has(key)) return [{ ...one, gone: true }];
    const was = old.get(key);
    if (was === undefined) return [one];
    const fields = fieldDifferences(was.manifest, manifest).filter(
      (field) => field.path[0] !== 'status' && !isOther(field),
    );
    return fields.length > 0 ? [{ ...one, fields }] : [];
  });
}

/** Of what differs between two renderings, that which already does by the change itself. */
export function ofChange(
  differing: readonly RenderedDifference[],
  byChange: readonly RenderedDifference[],
): readonly RenderedDifference[] {
  const known = new Map(byChange.map((one) => [keyOf(one), one]));
  return differing.flatMap((one) => {
    const same = known.get(keyOf(one));
    if (same === undefined || same.gone !== one.gone) return [];
    if (one.fields === undefined || same.fields === undefined) return one.fields === same.fields ? [one] : [];
    const paths = new Set(same.fields.map(({ path }) => JSON.stringify(path)));
    const fields = one.fields.filter(({ path }) => paths.has(JSON.stringify(path)));
    return fields.length > 0 ? [{ ...one, fields }] : [];
  });
}

function byKey(manifests: readonly Json[], application: Application) {
  return new Map(
    manifests.map((manifest) => {
      const object = objectOf(manifest, application);
      return [keyOf(object), { object, manifest }] as const;
    }),
  );
}

/** Rendered objects may leave out the namespace, which the destination gives them, unless they are cluster-wide. */
function objectOf(manifest: Json, { resources, destination }: Application): ResourceKey {
  const [group, version] = (text(at(manifest, 'apiVersion')) ?? '').split('/');
  const key = {
    group: version === undefined ? '' : (group ?? ''),
    kind: text(at(manifest, 'kind')) ?? '',
    name: text(at(manifest, 'metadata', 'name')) ?? '',
  };
  const namespace = text(at(manifest, 'metadata', 'namespace'));
  const listed = resources.find(
    (one) =>
      one.group === key.group &&
      one.kind === key.kind &&
      one.name === key.name &&
      (namespace === undefined || one.namespace === namespace),
  );
  return { ...key, namespace: listed?.namespace ?? namespace ?? destination.namespace ?? '' };
}
