import type { Change, Edit, Place } from './change.ts';
import { placeReader } from './find/read-place.ts';
import type { Scalar } from './scalar.ts';
import { loadYaml } from './yaml/load.ts';

export interface PlaceState {
  readonly path: string;
  readonly place: Place;
  readonly wanted: Scalar;
  /** What stands there; undefined where the file or the place is gone, or the file cannot be read. */
  readonly found: Scalar | undefined;
  readonly exact: boolean;
  readonly edit: Edit;
}
export interface Containment {
  readonly contained: boolean;
  readonly places: readonly PlaceState[];
}

/**
 * Whether the files of one revision hold every value of a change, each looked up by name. Strings, numbers and
 * booleans are never taken for one another: unquoted `1.10` is the number 1.1. A change without edits is not contained.
 */
export function evaluateChange(
  change: Pick<Change, 'files'>,
  files: ReadonlyMap<string, string>,
): Containment {
  const places = change.files.flatMap(({ path, edits }) => {
    const text = files.get(path);
    const loaded = text === undefined ? undefined : loadYaml(text);
    const read = placeReader(loaded?.ok ? loaded.documents : []);
    return edits.map((edit) => placeState(path, edit, read(edit.place)));
  });
  return { contained: places.length > 0 && places.every(({ exact }) => exact), places };
}

function placeState(path: string, edit: Edit, values: readonly Scalar[]): PlaceState {
  const { place, to } = edit;
  // Of several objects with one name the one that differs decides.
  const found = values.find((value) => value !== to) ?? values[0];
  return { path, place, wanted: to, found, exact: found === to, edit };
}

/**
 * Where else a container stands that is gone from its file: every other file given that has it, with its image there.
 * Other places are bound to their file and are never found in another.
 */
export function relocate(
  place: Place,
  files: ReadonlyMap<string, string>,
): { readonly path: string; readonly found: Scalar }[] {
  if (place.type !== 'container') return [];
  return [...files].flatMap(([path, text]) => {
    if (!text.includes(place.container) || !text.includes(place.kind)) return [];
    const loaded = loadYaml(text);
    return loaded.ok ? placeReader(loaded.documents)(place).map((found) => ({ path, found })) : [];
  });
}
