import type { Place } from '@sluice/gitops/change';
import { sitesOf } from '@sluice/gitops/find/files';
import type { ImageSite } from '@sluice/gitops/find/site';
import { formatReference, type ImageReference, readReference } from '@sluice/gitops/reference';
import { loadYaml } from '@sluice/gitops/yaml/load';
import { textAt } from '@sluice/gitops/yaml/walk';

/** A place in Git that sets the version of an image. */
export interface ImagePlace {
  readonly path: string;
  readonly type: Place['type'];
  /** Of an entry of `images:` in a kustomization; empty for others. */
  readonly name: string;
  /** Of Helm values: where its tag and digest stand; none for others. */
  readonly keys: readonly string[];
  readonly image: string;
}

/** Every place of the files that sets an image with its tag or digest. What cannot be read holds none. */
export function imagePlaces(files: ReadonlyMap<string, string>): readonly ImagePlace[] {
  return [...files].flatMap(([path, content]) => {
    const loaded = loadYaml(content);
    const places = loaded.ok
      ? sitesOf(path, loaded.documents).flatMap((site) => placeOf(path, site) ?? [])
      : [];
    return places.filter(({ image }) => {
      const { tag, digest }: Partial<ImageReference> = readReference(image) ?? {};
      return tag !== undefined || digest !== undefined;
    });
  });
}

export const isSamePlace = (one: ImagePlace, place: Place): boolean =>
  place.type === 'kustomize-image' && one.type === place.type && one.name === place.name;

function placeOf(path: string, site: ImageSite): ImagePlace | undefined {
  switch (site.type) {
    case 'left-alone':
      return undefined;
    case 'kustomize-text':
    case 'reference': {
      const { place, reference } = site;
      const keys = place.type === 'helm-value' ? [place.path] : [];
      return { path, type: place.type, name: '', keys, image: formatReference(reference) };
    }
    case 'kustomize': {
      const { name, reference, holder, place } = site;
      const image = withVersion(
        formatReference(reference),
        textAt(holder, 'newTag'),
        textAt(holder, 'digest'),
      );
      return { path, type: place?.('newTag').type ?? 'kustomize-image', name, keys: [], image };
    }
    case 'helm': {
      const { reference, tag, digest, place } = site;
      const keys = [tag, digest].flatMap((field) => field?.path ?? []);
      const image = withVersion(formatReference(reference), tag?.value.node.text, digest?.value.node.text);
      return { path, type: place('', 'tag').type, name: '', keys, image };
    }
  }
}

/** Empty texts are none. */
const withVersion = (name: string, tag = '', digest = ''): string =>
  `${name}${tag === '' ? '' : `:${tag}`}${digest === '' ? '' : `@${digest}`}`;
