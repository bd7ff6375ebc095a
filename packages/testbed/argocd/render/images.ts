import { textAt } from '../json.ts';
import { mapContainers } from '../manifest.ts';
import type { Manifest } from '../types.ts';

/** One entry of kustomize's `images:`. */
export interface ImageEntry {
  readonly name: string;
  readonly newName?: string | undefined;
  readonly newTag?: string | undefined;
  readonly digest?: string | undefined;
}

/** `registry:5000/name:tag@digest` into its three parts. */
export function splitImage(image: string): { name: string; tag: string; digest: string } {
  const [head = '', digest = ''] = image.split('@');
  const slash = head.lastIndexOf('/');
  const colon = head.indexOf(':', slash + 1);
  return colon < 0
    ? { name: head, tag: '', digest }
    : { name: head.slice(0, colon), tag: head.slice(colon + 1), digest };
}

function rewrite(image: string, entry: ImageEntry): string {
  const found = splitImage(image);
  if (found.name !== entry.name) return image;
  const name = entry.newName ?? found.name;
  if (entry.digest !== undefined) return `${name}@${entry.digest}`;
  if (entry.newTag !== undefined) return `${name}:${entry.newTag}`;
  const tag = found.tag === '' ? '' : `:${found.tag}`;
  return `${name}${tag}${found.digest === '' ? '' : `@${found.digest}`}`;
}

/** kustomize's image transformer over every container. */
export function setImages(
  manifests: readonly Manifest[],
  entries: readonly ImageEntry[],
): readonly Manifest[] {
  return manifests.map((manifest) =>
    mapContainers(manifest, (container) => {
      const image = textAt(container, 'image');
      if (image === undefined) return container;
      return { ...container, image: entries.reduce(rewrite, image) };
    }),
  );
}

/** An entry of an Application's `kustomize.images`: `name=newname:tag`, `name:tag`, `name@digest`. */
export function parseImageOverride(text: string): ImageEntry {
  const [left = '', right] = text.split('=');
  const wanted = splitImage(right ?? left);
  return {
    name: right === undefined ? wanted.name : left,
    newName: wanted.name,
    newTag: wanted.tag === '' ? undefined : wanted.tag,
    digest: wanted.digest === '' ? undefined : wanted.digest,
  };
}
