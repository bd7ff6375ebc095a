import { formatPath, type Step } from '../path.ts';
import { readEmbedded } from '../yaml/embedded.ts';
import type { ScalarNode } from '../yaml/tree.ts';
import { entriesOf, follow, isMapping, isScalar, itemsOf, type Reached } from '../yaml/walk.ts';
import { elementSteps, TELLING } from './element.ts';
import type { KubeObject } from './objects/object-lookup.ts';
import { nameText } from './objects/object-place.ts';
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
  if (!('path' in place)) return '';
  return place.type === 'object-value' && place.within !== undefined
    ? `${place.path} ${place.within}`
    : place.path;
}

/** `outer` leads to a text of YAML by itself, and ends in a space; in such a text only a text of its own is told. */
function templatesIn(object: KubeObject, reached: Reached, steps: readonly Step[], outer = ''): LeftAlone[] {
  if (isScalar(reached)) {
    const { text } = reached.node;
    if (!text.includes('{{')) return [];
    const path = `${outer}${formatPath(steps)}`;
    const inside = outer === '' ? treeIn(reached) : undefined;
    return inside === undefined
      ? [leave(object, path, { text })]
      : templatesIn(object, inside, [], `${path} `);
  }
  if (isMapping(reached)) {
    return entriesOf(reached).flatMap(({ key, value }) =>
      templatesIn(object, value, [...steps, { key }], outer),
    );
  }
  return itemsOf(reached).flatMap((item, index) =>
    templatesIn(object, item, elementSteps(reached, item, index, steps, TELLING), outer),
  );
}

/** What a text holds that is YAML by itself; a text of words is no tree. */
function treeIn({ node }: Reached<ScalarNode>): Reached | undefined {
  const embedded = readEmbedded(node);
  if (!('documents' in embedded) || embedded.documents.length !== 1) return undefined;
  const root = follow(embedded.documents[0]);
  return isScalar(root) ? undefined : root;
}

function leave(object: KubeObject, path: string, about: LeftAlone['about']): LeftAlone {
  const message = `${nameText(object)} ${path} has an expression (\`{{\`), which is left alone`;
  return { type: 'left-alone', reason: 'expression', message, about };
}
