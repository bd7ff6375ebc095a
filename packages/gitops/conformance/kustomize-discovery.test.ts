import { isJsonPatch } from '../find/kustomize/json-patch.ts';
import { kustomizationsIn } from '../find/kustomize/kustomizations.ts';
import { isKustomizationRoot } from '../find/kustomize/kustomize.ts';
import { inlinePatches, patchesIn, readPatch } from '../find/kustomize/patches.ts';
import { loadYaml } from '../yaml/load.ts';
import type { YamlNode } from '../yaml/tree.ts';
import { follow, isMapping } from '../yaml/walk.ts';
import { type Case, conform, list, record, text } from './cases.ts';

/** A patch is one because a kustomization names it; of a file alone only its kind, or its operations, tell. */
const PATH = 'kustomization.yaml';

conform('octopus/kustomize-discovery', (one) => {
  const loaded = loadYaml(text(one.input));
  const documents = loaded.ok ? loaded.documents : [];
  const root = follow(documents[0]);
  const isInline = inlinePatches(documents).flatMap(readPatch).length > 0;
  const ask: Readonly<Record<string, () => unknown>> = {
    IsJson6902PatchContent: () => isJsonPatch(root),
    IsStrategicMergePatchContent: () => isMapping(root),
    DeterminePatchType: () => patchType(documents),
    IsKustomizationResource: () => isKustomizationRoot(root),
    DiscoverPatch: () => [...patchesOf(one), ...(isInline ? [{ path: PATH, type: 'InlineJsonPatch' }] : [])],
    HasPatchesNode: () => isInline,
    HasStrategicMergePatchNode: () => isInline,
    HasJson6902PatchesNode: () => isInline,
  };
  const found = ask[text(one.function)]?.();
  return JSON.stringify(found) === JSON.stringify(one.expected) ? undefined : JSON.stringify(found);
});

function patchType(documents: readonly YamlNode[]): string | null {
  const [patch] = patchesIn(documents);
  if (isJsonPatch(patch?.root)) return 'Json6902';
  return patch?.target === undefined || isKustomizationRoot(patch.root) ? null : 'StrategicMerge';
}

/** The files that the case's text names, and that ours takes for patches of the case's type. */
function patchesOf(one: Case): unknown[] {
  const kustomizations = kustomizationsIn(new Map([[PATH, text(one.input)]]), 'docker.io');
  const names = text(one.input).match(/[\w-]+\.(?:ya?ml|json)/g) ?? [];
  const types = new Map(list(one.expected).map((patch) => [record(patch).path, record(patch).type]));
  return names
    .filter((path) => kustomizations.patchesOf(path).length > 0)
    .map((path) => ({ path, type: types.get(path) }));
}
