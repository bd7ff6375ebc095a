import { at, type Json, list, text } from '@sluice/core/json';
import { imageName } from '@sluice/gitops/reference';

/** What a Deployment says that it sets. */
export interface Told {
  /** Images without tag and digest. */
  readonly images: ReadonlySet<string>;
  /** Each field that it sets, also those that held the value already. */
  readonly edits: readonly { readonly place: string; readonly image: string | undefined }[];
  /** False of a large change that sets more than images: the Deployment holds no more than its digest. */
  readonly isWhole: boolean;
}

/** What the payload of a Deployment of ours says that it sets. */
export function toldBy(payload: Json): Told {
  const images = list(at(payload, 'images')).flatMap((one) => text(at(one, 'image')) ?? []);
  const change = at(payload, 'change');
  const edits = (Array.isArray(change) ? change : [change]).flatMap(editsOf);
  return { images: new Set(images.map(imageName)), edits, isWhole: at(change, 'imagesOnly') !== false };
}

function editsOf(change: Json): Told['edits'] {
  // GitHub takes an address in any case.
  const where = [text(at(change, 'repository'))?.toLowerCase(), text(at(change, 'branch'))];
  return list(at(change, 'files')).flatMap((file) =>
    list(at(file, 'edits')).map((edit) => {
      const { field, ...named } = Object(at(edit, 'place'));
      // Of a kustomize entry tag, digest and name are one image.
      const whole = at(edit, 'place', 'type') === 'kustomize-image' ? named : { ...named, field };
      const place = Object.entries(whole).toSorted(([a], [b]) => (a < b ? -1 : 1));
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
  if (!older.isWhole) return false;
  if (tellsNothing(newer)) return true;
  if (older.edits.length === 0) return [...older.images].every((image) => newer.images.has(image));
  const places = new Set(newer.edits.map(({ place }) => place));
  const isSet = ({ place, image }: Told['edits'][number]): boolean =>
    places.size > 0 ? places.has(place) : image !== undefined && newer.images.has(image);
  return older.edits.every(isSet);
}

export const TELLS_NOTHING: Told = { images: new Set(), edits: [], isWhole: true };

export const tellsNothing = ({ images, edits, isWhole }: Told): boolean =>
  isWhole && images.size === 0 && edits.length === 0;
