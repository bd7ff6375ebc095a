import path from 'node:path';
import { isObject, type JsonObject, listAt, put, textAt } from '../json.ts';
import { isNamespaced, kindOf, nameOf } from '../manifest.ts';
import { merge } from '../merge.ts';
import type { KustomizeSource, Manifest } from '../types.ts';
import { type ImageEntry, parseImageOverride, setImages } from './images.ts';
import { RenderError, readManifests, readMapping } from './yaml.ts';

type Files = ReadonlyMap<string, string>;

const kustomizationNames = ['kustomization.yaml', 'kustomization.yml', 'Kustomization'] as const;
/** What this stand-in renders; anything else in a kustomization is an error, never silently left out. */
const known = new Set([
  'apiVersion',
  'kind',
  'metadata',
  'resources',
  'images',
  'namespace',
  'patches',
  'components',
]);

export function kustomizationFile(files: Files, folder: string): string | undefined {
  return kustomizationNames.map((name) => path.posix.join(folder, name)).find((file) => files.has(file));
}

/** A scalar as a tag: kustomize reads `newTag: 1.10` without quotes as a number and fails on it, so do we. */
function tagText(entry: JsonObject, field: string): string | undefined {
  const value = entry[field];
  if (value === undefined || value === null) return undefined;
  if (typeof value === 'string') return value;
  throw new RenderError(
    `\`kustomize build\` failed exit status 1: Error: invalid Kustomization: json: cannot unmarshal number into Go struct field Image.images.${field} of type string`,
  );
}

function imageEntries(kustomization: JsonObject): readonly ImageEntry[] {
  return listAt(kustomization, 'images')
    .filter((entry) => isObject(entry))
    .map((entry) => ({
      name: textAt(entry, 'name') ?? '',
      newName: textAt(entry, 'newName'),
      newTag: tagText(entry, 'newTag'),
      digest: textAt(entry, 'digest'),
    }));
}

function buildResource(files: Files, folder: string, resource: string): readonly Manifest[] {
  const place = path.posix.join(folder, resource);
  const text = files.get(place);
  if (text !== undefined) return readManifests(resource, text);
  if (kustomizationFile(files, place) !== undefined) return build(files, place);
  throw new RenderError(
    `\`kustomize build\` failed exit status 1: Error: accumulating resources: accumulation err='accumulating resources from '${resource}': no such file or directory`,
  );
}

function patchOne(manifests: readonly Manifest[], patch: Manifest): readonly Manifest[] {
  const matches = (manifest: Manifest) =>
    kindOf(manifest) === kindOf(patch) && nameOf(manifest) === nameOf(patch);
  if (!manifests.some(matches)) {
    throw new RenderError(
      `\`kustomize build\` failed exit status 1: Error: no matches for Id ${kindOf(patch)} ${nameOf(patch)}`,
    );
  }
  return manifests.map((manifest) => {
    const patched = matches(manifest) ? merge(manifest, patch) : manifest;
    return isObject(patched) ? patched : manifest;
  });
}

function patchesOf(files: Files, folder: string, kustomization: JsonObject): readonly Manifest[] {
  return listAt(kustomization, 'patches').flatMap((entry) => {
    const file = textAt(entry, 'path');
    const text = file === undefined ? textAt(entry, 'patch') : files.get(path.posix.join(folder, file));
    if (text === undefined)
      throw new RenderError(`\`kustomize build\` failed exit status 1: Error: patch ${file} not found`);
    return readManifests(file ?? 'patch', text);
  });
}

function inNamespace(manifests: readonly Manifest[], namespace: string | undefined): readonly Manifest[] {
  if (namespace === undefined) return manifests;
  return manifests.map((manifest) =>
    isNamespaced(kindOf(manifest)) ? put(manifest, ['metadata', 'namespace'], namespace) : manifest,
  );
}

function transform(files: Files, folder: string, kustomization: JsonObject, from: readonly Manifest[]) {
  const unknown = Object.keys(kustomization).find((key) => !known.has(key));
  if (unknown !== undefined)
    throw new RenderError(`this stand-in does not render ${unknown}: in a kustomization`);
  const patched = patchesOf(files, folder, kustomization).reduce(patchOne, from);
  const placed = inNamespace(patched, textAt(kustomization, 'namespace'));
  return setImages(placed, imageEntries(kustomization));
}

function build(files: Files, folder: string): readonly Manifest[] {
  const file = kustomizationFile(files, folder);
  if (file === undefined) throw new RenderError(`${folder}: no kustomization file found`);
  const kustomization = readMapping(file, files.get(file) ?? '');
  const resources = listAt(kustomization, 'resources')
    .filter((resource) => typeof resource === 'string')
    .flatMap((resource) => buildResource(files, folder, resource));
  const components = listAt(kustomization, 'components').filter((component) => typeof component === 'string');
  const withComponents = components.reduce((manifests: readonly Manifest[], component) => {
    const place = path.posix.join(folder, component);
    const own = kustomizationFile(files, place);
    if (own === undefined) throw new RenderError(`${place}: no kustomization file found`);
    return transform(files, place, readMapping(own, files.get(own) ?? ''), manifests);
  }, resources);
  return transform(files, folder, kustomization, withComponents);
}

/** `kustomize build` of a folder, then what the Application itself overrides. */
export function renderKustomize(
  files: Files,
  folder: string,
  overrides: KustomizeSource | undefined,
): readonly Manifest[] {
  const built = inNamespace(build(files, folder), overrides?.namespace);
  return setImages(built, (overrides?.images ?? []).map(parseImageOverride));
}
