import { isRecord, type Json } from '../json.ts';

const LISTS = ['containers', 'initContainers', 'ephemeralContainers'] as const;
type List = (typeof LISTS)[number];

export interface ManifestImage {
  /** `field`: an `image:` outside a container list, as some custom resources have it; `container` is then its path. */
  readonly list: List | 'field';
  readonly container: string;
  readonly image: string;
}

/**
 * The images of a rendered or live object, wherever its kind keeps its pod template: Deployment, CronJob's jobTemplate, custom
 * resources. What stands under `status` and `metadata` was seen, not wanted, and is left out.
 */
export function imagesOfManifest(manifest: Json): readonly ManifestImage[] {
  const found: ManifestImage[] = [];
  if (isRecord(manifest)) {
    for (const [key, value] of Object.entries(manifest)) {
      if (key !== 'status' && key !== 'metadata') visit(key, value, key, found);
    }
  }
  return found;
}

function visit(key: string, value: Json, path: string, found: ManifestImage[]): void {
  const list = LISTS.find((one) => one === key);
  if (Array.isArray(value)) {
    value.forEach((item, index) => {
      if (list !== undefined && isContainer(item)) {
        found.push({ list, container: item.name, image: item.image });
      } else {
        visit(String(index), item, `${path}.${index}`, found);
      }
    });
  } else if (isRecord(value)) {
    for (const [name, inner] of Object.entries(value)) visit(name, inner, `${path}.${name}`, found);
  } else if (key === 'image' && typeof value === 'string' && value !== '') {
    found.push({ list: 'field', container: path, image: value });
  }
}

const isContainer = (value: Json): value is { readonly name: string; readonly image: string } =>
  isRecord(value) && typeof value.name === 'string' && typeof value.image === 'string';
