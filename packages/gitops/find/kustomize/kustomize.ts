import type { ImageTemplate } from '../../image-replace-paths.ts';
import { readReference } from '../../reference.ts';
import type { MappingNode, YamlNode } from '../../yaml/tree.ts';
import { child, follow, isMapping, isOnlyDocument, itemsOf, type Reached, textAt } from '../../yaml/walk.ts';
import { elementSteps } from '../element.ts';
import { helmPlace, helmSites } from '../helm/helm.ts';
import type { ImageSite } from '../site.ts';

/** The names that kustomize looks for; a file of another name is none. */
export const KUSTOMIZATION_NAMES = ['kustomization.yaml', 'kustomization.yml', 'Kustomization'] as const;

export function isKustomization(path: string): boolean {
  return /(?:^|\/)(?:kustomization\.ya?ml|Kustomization)$/.test(path);
}

/** Whether a file of that name is one: without `apiVersion` and `kind` it is, with those of something else kustomize refuses it. */
export function isKustomizationRoot(root: Reached | undefined): boolean {
  const [apiVersion, kind] = [textAt(root, 'apiVersion'), textAt(root, 'kind')];
  const isOurs = apiVersion === undefined || apiVersion.startsWith('kustomize.config.k8s.io/');
  return isMapping(root) && isOurs && (kind === undefined || /^(?:Kustomization|Component)$/.test(kind));
}

/** The elements of a kustomization's `images:` that have a name. */
export function kustomizeEntries(
  document: YamlNode | undefined,
): { name: string; holder: Reached<MappingNode> }[] {
  return itemsOf(child(follow(document), 'images')).flatMap((holder) => {
    const name = textAt(holder, 'name');
    return name !== undefined && isMapping(holder) ? [{ name, holder }] : [];
  });
}

/** The images that a kustomization sets: `newName ?? name` tells which. kustomize takes one document only. */
export function kustomizeSites(documents: readonly YamlNode[]): ImageSite[] {
  if (!isOnlyDocument(documents)) return [];
  return kustomizeEntries(documents[0]).flatMap(({ name, holder }) => {
    const reference = readReference(textAt(holder, 'newName') || name);
    return reference === undefined ? [] : [{ type: 'kustomize', name, reference, holder } as const];
  });
}

/** The images of values that a kustomization hands to charts itself. */
export function inlineChartSites(
  documents: readonly YamlNode[],
  templates: readonly ImageTemplate[] | undefined,
): ImageSite[] {
  const charts = child(follow(documents[0]), 'helmCharts');
  if (charts === undefined || !isOnlyDocument(documents)) return [];
  return itemsOf(charts).flatMap((chart, index) => {
    const root = child(chart, VALUES);
    const steps = elementSteps(charts, chart, index, [{ key: 'helmCharts' }], ['releaseName', 'name']);
    return root === undefined
      ? []
      : helmSites({ root, steps: [...steps, { key: VALUES }], place: helmPlace }, templates);
  });
}

const VALUES = 'valuesInline';
