import { parsePath, type Step } from '@sluice/gitops/path';
import { imageName } from '@sluice/gitops/reference';
import { readValue } from '@sluice/gitops/yaml/events';
import { at, items, type Json } from './json.ts';

/** Where in an object a value stands, in the grammar of the input `set`, from the object's root; `within`: in a text of YAML there. */
export interface ValueAt {
  readonly path: string;
  readonly within?: string;
}

/** What stands at a place of an object; undefined where nothing does, or several could be meant. */
export function valueAt(object: Json, { path, within }: ValueAt): Json {
  const value = along(object, parsePath(path));
  if (within === undefined) return value;
  return typeof value === 'string' ? along(readValue(value), parsePath(within)) : undefined;
}

export function along(root: Json, steps: readonly Step[]): Json {
  let here = root;
  for (const { key, select } of steps) {
    here = Array.isArray(here) ? here[Number(key)] : at(here, key);
    if (select !== undefined) here = element(items(here), select);
  }
  return here;
}

/** Of several that bear the name none is the one. */
function element(list: readonly Json[], select: NonNullable<Step['select']>): Json {
  if ('index' in select) return list[select.index];
  const { field, text: wanted } = select;
  const found = list.filter((one) =>
    field === ''
      ? typeof one === 'string' && imageName(one) === wanted
      : String(at(one, field) ?? '') === wanted,
  );
  return found.length === 1 ? found[0] : undefined;
}
