import type { ImageTemplate } from '../../image-replace-paths.ts';
import type { Step } from '../../path.ts';
import { child, entriesOf, isMapping, itemsOf, type Reached } from '../../yaml/walk.ts';
import { elementSteps, TELLING } from '../element.ts';
import { helmSites } from '../helm/helm.ts';
import type { ImageSite } from '../site.ts';
import { withoutTemplates } from '../templated.ts';
import { fluxSites, type SourceAt, sourceSites } from './application-source.ts';
import { apiGroup, type KubeObject, type ObjectName } from './object-lookup.ts';
import { objectPlace } from './object-place.ts';

interface At {
  readonly reached: Reached;
  readonly steps: readonly Step[];
}

type Find = (object: KubeObject, templates: readonly ImageTemplate[]) => ImageSite[];

/** The kinds of Argo CD and Flux that set images of what they deploy, by their API group. */
const KINDS: Readonly<Record<string, { readonly groups: readonly string[]; readonly find: Find }>> = {
  Application: { groups: ['argoproj.io'], find: applicationSites },
  ApplicationSet: { groups: ['argoproj.io'], find: applicationSetSites },
  HelmRelease: { groups: ['helm.toolkit.fluxcd.io', 'helm.fluxcd.io'], find: helmReleaseSites },
  Kustomization: {
    groups: ['kustomize.toolkit.fluxcd.io'],
    find: (object) => fluxSites(object, ...at(object.root, ['spec'])),
  },
};

/** The images that such an object sets; undefined for other kinds. */
export function deployerSites(
  object: KubeObject,
  templates: readonly ImageTemplate[],
): ImageSite[] | undefined {
  const find = finderOf(object);
  return find === undefined ? undefined : withoutTemplates(object, find(object, templates));
}

/** Whether an object makes others that its own rendered form does not show. */
export const isDeployer = (object: ObjectName): boolean => finderOf(object) !== undefined;

function finderOf({ apiVersion, kind: name }: ObjectName): Find | undefined {
  const kind = Object.hasOwn(KINDS, name) ? KINDS[name] : undefined;
  return kind?.groups.includes(apiGroup(apiVersion)) ? kind.find : undefined;
}

function at(root: Reached, keys: readonly string[]): [Reached | undefined, readonly Step[]] {
  return [child(root, ...keys), keys.map((key) => ({ key }))];
}

function applicationSites(object: KubeObject, templates: readonly ImageTemplate[]): ImageSite[] {
  const [spec, steps] = at(object.root, ['spec']);
  return specSites(object, templates, spec, steps);
}

/** The sources of an Application, or of a template of one. */
function specSites(
  object: KubeObject,
  templates: readonly ImageTemplate[],
  spec: Reached | undefined,
  steps: readonly Step[],
): ImageSite[] {
  const single: At[] = [['source'], ['sourceHydrator', 'drySource']].flatMap((keys) => {
    const source = child(spec, ...keys);
    return source === undefined
      ? []
      : [{ reached: source, steps: [...steps, ...keys.map((key) => ({ key }))] }];
  });
  const sources = elements({ reached: child(spec, 'sources'), steps: [...steps, { key: 'sources' }] });
  return [...single, ...sources].flatMap(({ reached, steps: own }) => {
    const source: SourceAt = { object, source: reached, steps: own, templates };
    return sourceSites(source);
  });
}

function elements(list: {
  readonly reached: Reached | undefined;
  readonly steps: readonly Step[];
}): readonly At[] {
  const { reached, steps } = list;
  if (reached === undefined) return [];
  return itemsOf(reached).map((item, index) => ({
    reached: item,
    steps: elementSteps(reached, item, index, steps, TELLING),
  }));
}

function applicationSetSites(object: KubeObject, templates: readonly ImageTemplate[]): ImageSite[] {
  const [spec, steps] = at(object.root, ['spec', 'template', 'spec']);
  const [generators, own] = at(object.root, ['spec', 'generators']);
  return [
    ...specSites(object, templates, spec, steps),
    ...elements({ reached: generators, steps: own }).flatMap((one) => generatorSites(object, templates, one)),
  ];
}

/** The values that a generator gives to the template, and the sources of a template of its own; a matrix has generators in it. */
function generatorSites(object: KubeObject, templates: readonly ImageTemplate[], generator: At): ImageSite[] {
  if (!isMapping(generator.reached)) return [];
  return entriesOf(generator.reached).flatMap(({ key, value }) => {
    const steps = [...generator.steps, { key }];
    const below = (name: string) => ({ reached: child(value, name), steps: [...steps, { key: name }] });
    const values = below('values').reached === undefined ? [] : [below('values')];
    const given = [...elements(below('elements')), ...values].flatMap(({ reached: root, steps: path }) =>
      root === undefined ? [] : helmSites({ root, steps: path, place: objectPlace(object) }),
    );
    const spec = child(value, 'template', 'spec');
    return [
      ...given,
      ...specSites(object, templates, spec, [...steps, { key: 'template' }, { key: 'spec' }]),
      ...elements(below('generators')).flatMap((one) => generatorSites(object, templates, one)),
    ];
  });
}

/** `spec.values`; what `valuesFrom` names stands in other objects. */
function helmReleaseSites(object: KubeObject, templates: readonly ImageTemplate[]): ImageSite[] {
  const [root, steps] = at(object.root, ['spec', 'values']);
  const [renderers, own] = at(object.root, ['spec', 'postRenderers']);
  const values = root === undefined ? [] : helmSites({ root, steps, place: objectPlace(object) }, templates);
  const images = elements({ reached: renderers, steps: own }).flatMap((one) =>
    fluxSites(object, child(one.reached, 'kustomize'), [...one.steps, { key: 'kustomize' }]),
  );
  return [...values, ...images];
}
