import { itemsNamed, type Step } from '../path.ts';
import { imageName, readReference } from '../reference.ts';
import { isMapping, isScalar, itemsWith, type Reached, textAt } from '../yaml/walk.ts';

/** What tells one source of an Application, or one element of a generator's list, from the others. Only a name is sure to. */
export const TELLING = [
  'name',
  'cluster',
  'env',
  'environment',
  'namespace',
  'tenant',
  'project',
  'chart',
  'path',
  'ref',
] as const;

/**
 * The way to an element of a list, so that it is found again after another was added or the order changed: by the first of these
 * fields whose text is the element's own alone, a reference by the name of its image; else by its index.
 */
export function elementSteps(
  list: Reached,
  item: Reached,
  index: number,
  steps: readonly Step[],
  fields: readonly string[] = ['name'],
): readonly Step[] {
  const last = steps.at(-1);
  if (last === undefined || last.select !== undefined) return [...steps, { key: String(index) }];
  return [...steps.slice(0, -1), { key: last.key, select: selectOf(list, item, fields) ?? { index } }];
}

function selectOf(list: Reached, item: Reached, fields: readonly string[]): Step['select'] {
  if (isMapping(item)) {
    for (const field of fields) {
      const text = textAt(item, field);
      if (text && itemsWith(list, field, text).length === 1) return { field, text };
    }
  }
  if (!isScalar(item)) return undefined;
  const text = imageName(item.node.text);
  const isReference = text !== item.node.text && readReference(text) !== undefined;
  return isReference && itemsNamed(list, text).length === 1 ? { field: '', text } : undefined;
}
