import { at, type Json, text } from './json.ts';
import { type Application, keyOf, type ResourceKey } from './observation.ts';

/** The objects of two renderings that are not the same, are new or are gone. */
export function differingObjects(
  before: readonly Json[],
  after: readonly Json[],
  application: Application,
): readonly ResourceKey[] {
  const old = byKey(before, application);
  const now = byKey(after, application);
  return [...new Map([...old, ...now])]
    .filter(([key]) => stable(old.get(key)?.manifest) !== stable(now.get(key)?.manifest))
    .map(([, { object }]) => object);
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

/** JSON with sorted keys: order of keys is no difference. */
const stable = (value: Json): string =>
  JSON.stringify(value, (_, inner: Json) =>
    typeof inner === 'object' && inner !== null && !Array.isArray(inner)
      ? Object.fromEntries(Object.entries(inner).toSorted(([a], [b]) => (a < b ? -1 : 1)))
      : inner,
  ) ?? '';
