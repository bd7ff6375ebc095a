import { at, type Json, list, text } from '@sluice/core/json';
import { imageName } from '@sluice/gitops/reference';

/** What a Deployment says that it sets. A large change is only its digest: then its images alone are told, and nothing of what `set` wrote. */
export interface Told {
  /** Images without tag and digest. */
  readonly images: ReadonlySet<string>;
  /** Each field that it sets, also those that held the value already. */
  readonly edits: readonly { readonly place: string; readonly image: string | undefined }[];
}

/** What the payload of a Deployment of ours says that it sets. */
export function toldBy(payload: Json): Told {
  const images = list(at(payload, 'images')).flatMap((one) => text(at(one, 'image')) ?? []);
  const change = at(payload, 'change');
  const edits = (Array.isArray(change) ? change : [change]).flatMap(editsOf);
  return { images: new Set(images.map(imageName)), edits };
}

function editsOf(change: Json): Told['edits'] {
  const where = [text(at(change, 'repository')), text(at(change, 'branch'))];
  return list(at(change, 'files')).flatMap((file) =>
    list(at(file, 'edits')).map((edit) => {
      const place = Object.entries(Object(at(edit, 'place'))).toSorted(([a], [b]) => (a < b ? -1 : 1));
      const image = text(at(edit, 'image'));
      return {
        place: JSON.stringify([...where, text(at(file, 'path')), place]),
        image: image && imageName(image),
      };
    }),
  );
}

/**
 * Whether a newer deployment sets all that an older one would set: else the older one is not pointless, for what it alone sets would never be
 * deployed. Field by field where both tell that, else image by image. What the older one does not tell is not compared, and a newer one that
 * tells nothing is taken for a newer version of the same.
 */
export function covers(newer: Told, older: Told): boolean {
  if (tellsNothing(newer)) return true;
  if (older.edits.length === 0) return [...older.images].every((image) => newer.images.has(image));
  const places = new Set(newer.edits.map(({ place }) => place));
  const isSet = ({ place, image }: Told['edits'][number]): boolean =>
    places.size > 0 ? places.has(place) : image !== undefined && newer.images.has(image);
  return older.edits.every(isSet);
}

export const TELLS_NOTHING: Told = { images: new Set(), edits: [] };

export const tellsNothing = ({ images, edits }: Told): boolean => images.size === 0 && edits.length === 0;
