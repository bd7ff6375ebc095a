import { formatPath, type Step } from '../../path.ts';
import { child, isScalar, itemsOf, type Reached, textAt } from '../../yaml/walk.ts';
import { elementSteps } from '../element.ts';
import type { HelmField, ImageSite, PlaceOf } from '../site.ts';
import { taggedSite } from './helm.ts';
import { pairSites } from './helm-map.ts';

export interface Parameters {
  /** `name` and `value` each, as `helm --set` takes them. */
  readonly list: Reached | undefined;
  readonly steps: readonly Step[];
  readonly place: PlaceOf;
  /** Values that the parameters lie over, the first of which wins. */
  readonly values: readonly Reached[];
}

/**
 * The images of Helm parameters: `image.tag` with the `image.repository` beside it or in the values, and a reference with a tag or
 * digest in a parameter whose name ends in `image`. A tag whose repository nobody says may be of any image.
 */
export function parameterSites({ list, steps, place, values }: Parameters): ImageSite[] {
  const fields = new Map<string, HelmField & { readonly steps: readonly Step[] }>();
  for (const [index, item] of itemsOf(list).entries()) {
    const name = textAt(item, 'name');
    const value = child(item, 'value');
    if (list === undefined || name === undefined || !isScalar(value)) continue;
    const own = [...elementSteps(list, item, index, steps), { key: 'value' }];
    fields.set(name, { steps: own, path: formatPath(own), value });
  }
  const inValues = (name: string): string | undefined =>
    values.map((root) => textAt(root, ...name.split('.'))).find((text) => text !== undefined);
  const text = (name: string): string | undefined => fields.get(name)?.value.node.text ?? inValues(name);
  const globalRegistry = text('global.imageRegistry') || undefined;
  const keyed = { keys: [...fields.keys()], text, field: (name: string) => fields.get(name) };
  const whole = [...fields].flatMap(([name, field]) =>
    /image$/i.test(name) ? taggedSite(field.value, field.steps, place) : [],
  );
  return [...pairSites(keyed, { place, isImage: false, globalRegistry }), ...whole];
}
