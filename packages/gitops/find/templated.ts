import { formatPath, type Step } from '../path.ts';
import { entriesOf, isMapping, isScalar, itemsOf, type Reached } from '../yaml/walk.ts';
import { elementSteps, TELLING } from './element.ts';
import type { KubeObject } from './object-lookup.ts';
import { nameText } from './object-place.ts';
import { type ImageSite, type LeftAlone, nodesOfSite } from './site.ts';

/**
 * What an ApplicationSet fills in (`{{`) is no value: a site of which one is left alone, and so is a text in which the name of an image
 * stands. Both are told.
 */
export function withoutTemplates(object: KubeObject, sites: readonly ImageSite[]): ImageSite[] {
  const told = sites.map((site) =>
    isTemplated(site) ? leave(object, pathOf(site), { reference: site.reference }) : site,
  );
  return [...told, ...templatesIn(object, object.root, [])];
}

type Templated = Extract<ImageSite, { type: 'helm' | 'reference' | 'kustomize-text' }>;

const isTemplated = (site: ImageSite): site is Templated =>
  nodesOfSite(site).some(({ text }) => text.includes('{{'));

function pathOf(site: Templated): string {
  const place = site.type === 'helm' ? site.place((site.tag ?? site.digest)?.path ?? '', 'tag') : site.place;
  return 'path' in place ? place.path : '';
}

function templatesIn(object: KubeObject, reached: Reached, steps: readonly Step[]): LeftAlone[] {
  if (isScalar(reached)) {
    const { text } = reached.node;
    return text.includes('{{') ? [leave(object, formatPath(steps), { text })] : [];
  }
  if (isMapping(reached)) {
    return entriesOf(reached).flatMap(({ key, value }) => templatesIn(object, value, [...steps, { key }]));
  }
  return itemsOf(reached).flatMap((item, index) =>
    templatesIn(object, item, elementSteps(reached, item, index, steps, TELLING)),
  );
}

function leave(object: KubeObject, path: string, about: LeftAlone['about']): LeftAlone {
  const message = `${nameText(object)} ${path} has an expression (\`{{\`), which is left alone`;
  return { type: 'left-alone', reason: 'expression', message, about };
}
