import type { ImageTemplate } from '../../image-replace-paths.ts';
import { formatPath, type Step } from '../../path.ts';
import { imageName, readReference } from '../../reference.ts';
import { readEmbedded } from '../../yaml/embedded.ts';
import { child, follow, isMapping, isScalar, itemsOf, type Reached, textAt } from '../../yaml/walk.ts';
import { elementSteps } from '../element.ts';
import { helmSites } from '../helm/helm.ts';
import { parameterSites } from '../helm/helm-parameters.ts';
import type { ImageSite, KustomizeField } from '../site.ts';
import { unreadText } from '../unread.ts';
import { patchTexts } from './application-patches.ts';
import type { ObjectName } from './object-lookup.ts';
import { nameText, objectPlace } from './object-place.ts';

/** What the finding of images in a source of an Application goes by. */
export interface SourceAt {
  readonly object: ObjectName;
  readonly source: Reached;
  readonly steps: readonly Step[];
  readonly templates: readonly ImageTemplate[];
}

/** The images that a source of an Application sets: Argo CD hands them to Helm and kustomize, over what stands in their files. */
export function sourceSites(at: SourceAt): ImageSite[] {
  const kustomize = child(at.source, 'kustomize');
  const steps = (key: string): readonly Step[] => [...at.steps, { key: 'kustomize' }, { key }];
  return [
    ...helmSourceSites(at),
    ...kustomizeTexts(at.object, child(kustomize, 'images'), steps('images')),
    ...patchTexts(at.object, child(kustomize, 'patches'), steps('patches')),
  ];
}

function helmSourceSites({ object, source, steps, templates }: SourceAt): ImageSite[] {
  const place = objectPlace(object);
  const helm = [...steps, { key: 'helm' }];
  const map = child(source, 'helm', 'valuesObject');
  const inMap =
    map === undefined
      ? []
      : helmSites({ root: map, steps: [...helm, { key: 'valuesObject' }], place }, templates);
  const text = child(source, 'helm', 'values');
  const outer = formatPath([...helm, { key: 'values' }]);
  const inText = isScalar(text) ? readEmbedded(text.node) : undefined;
  const root =
    inText !== undefined && 'documents' in inText ? follow(inText.documents[0], text?.via) : undefined;
  const ofText =
    root === undefined ? [] : helmSites({ root, steps: [], place: objectPlace(object, outer) }, templates);
  const parameters = {
    list: child(source, 'helm', 'parameters'),
    steps: [...helm, { key: 'parameters' }],
    place,
    // Parameters lie over both, and one of them may hold the repository of a tag that stands in a parameter.
    values: [map, root].filter((one) => one !== undefined),
  };
  const unread = unreadText(text, `${nameText(object)} ${outer} is left alone`);
  return [...parameterSites(parameters), ...inMap, ...ofText, ...unread];
}

/** The texts that Argo CD gives to `kustomize edit set image`: `name=newName:tag`, `name:tag`, `name@digest`. */
function kustomizeTexts(object: ObjectName, list: Reached | undefined, steps: readonly Step[]): ImageSite[] {
  return itemsOf(list).flatMap((item, index) => {
    if (list === undefined || !isScalar(item)) return [];
    const { text } = item.node;
    const reference = readReference(text.slice(text.indexOf('=') + 1));
    if (reference === undefined) return [];
    const place = objectPlace(object)(formatPath(elementSteps(list, item, index, steps)), 'reference');
    return [{ type: 'kustomize-text', name: imageName(text), place, value: item, reference } as const];
  });
}

const HOLDS = { newName: 'repository', newTag: 'tag', digest: 'digest' } as const;

/** What Flux hands to kustomize, as it stands in a kustomization: entries of `images`, and `patches`. `steps` lead to what holds them. */
export function fluxSites(
  object: ObjectName,
  holder: Reached | undefined,
  steps: readonly Step[],
): ImageSite[] {
  return [
    ...kustomizeMaps(object, child(holder, 'images'), [...steps, { key: 'images' }]),
    ...patchTexts(object, child(holder, 'patches'), [...steps, { key: 'patches' }]),
  ];
}

function kustomizeMaps(object: ObjectName, list: Reached | undefined, steps: readonly Step[]): ImageSite[] {
  return itemsOf(list).flatMap((holder, index) => {
    const name = textAt(holder, 'name');
    if (list === undefined || name === undefined || !isMapping(holder)) return [];
    const reference = readReference(textAt(holder, 'newName') || name);
    if (reference === undefined) return [];
    const element = elementSteps(list, holder, index, steps);
    const place = (field: KustomizeField) =>
      objectPlace(object)(formatPath([...element, { key: field }]), HOLDS[field]);
    return [{ type: 'kustomize', name, reference, holder, place } as const];
  });
}
