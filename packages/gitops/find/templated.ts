import { formatPath, type Step } from '../path.ts';
import { readEmbedded } from '../yaml/embedded.ts';
import type { ScalarNode } from '../yaml/tree.ts';
import { entriesOf, follow, isMapping, isScalar, itemsOf, type Reached } from '../yaml/walk.ts';
import { elementSteps, TELLING } from './element.ts';
import type { KubeObject } from './objects/object-lookup.ts';
import { nameText } from './objects/object-place.ts';
import { type ImageSite, type LeftAlone, nodesOfSite } from './site.ts';

/** Variables that Flux substitutes: https://fluxcd.io/flux/components/kustomize/kustomizations/#post-build-variable-substitution */
const MARKS = ['{{', '${'] as const;

const markIn = (text: string): string | undefined => MARKS.find((mark) => text.includes(mark));

/**
 * What an ApplicationSet (`{{`) or Flux (`${`) fills in is no value: a site of which one is left alone, and so is a text in which the
 * name of an image stands. Both are told.
 */
export function withoutTemplates(object: KubeObject, sites: readonly ImageSite[]): ImageSite[] {
  const told = plainSites(sites, `${nameText(object)} `);
  return [...told, ...templatesIn(`${nameText(object)} `, object.root, [])];
}

type Templated = Extract<ImageSite, { type: 'helm' | 'reference' | 'kustomize-text' }>;

const isTemplated = (site: ImageSite): site is Templated =>
  nodesOfSite(site).some(({ text }) => markIn(text) !== undefined);

/** The sites, of which those with an expression are told and nothing else. */
function plainSites(sites: readonly ImageSite[], prefix = ''): ImageSite[] {
  return sites.map((site) =>
    isTemplated(site)
      ? leave(
          `${prefix}${pathOf(site)}`,
          nodesOfSite(site)
            .map(({ text }) => text)
            .join(),
          {
            reference: site.reference,
          },
        )
      : site,
  );
}

/** The sites of a values file without those that have an expression, and the texts with one in which the name of an image stands. */
export function withoutExpressions(root: Reached, sites: readonly ImageSite[]): ImageSite[] {
  return [...plainSites(sites), ...templatesIn('', root, [])];
}

/** A text where an image should stand, told when it is one with an expression in it. */
export function expressionAt(what: string, text: string): LeftAlone[] {
  return markIn(text) === undefined ? [] : [leave(what, text, { text })];
}

function pathOf(site: Templated): string {
  const place = site.type === 'helm' ? site.place((site.tag ?? site.digest)?.path ?? '', 'tag') : site.place;
  if (!('path' in place)) return '';
  return place.type === 'object-value' && place.within !== undefined
    ? `${place.path} ${place.within}`
    : place.path;
}

/** `outer` leads to a text of YAML by itself, and ends in a space; in such a text only a text of its own is told. */
function templatesIn(prefix: string, reached: Reached, steps: readonly Step[], outer = ''): LeftAlone[] {
  if (isScalar(reached)) {
    const { text } = reached.node;
    if (markIn(text) === undefined) return [];
    const path = `${outer}${formatPath(steps)}`;
    const inside = outer === '' ? treeIn(reached) : undefined;
    return inside === undefined
      ? [leave(`${prefix}${path}`, text, { text })]
      : templatesIn(prefix, inside, [], `${path} `);
  }
  if (isMapping(reached)) {
    return entriesOf(reached).flatMap(({ key, value }) =>
      templatesIn(prefix, value, [...steps, { key }], outer),
    );
  }
  return itemsOf(reached).flatMap((item, index) =>
    templatesIn(prefix, item, elementSteps(reached, item, index, steps, TELLING), outer),
  );
}

/** What a text holds that is YAML by itself; a text of words is no tree. */
function treeIn({ node }: Reached<ScalarNode>): Reached | undefined {
  const embedded = readEmbedded(node);
  if (!('documents' in embedded) || embedded.documents.length !== 1) return undefined;
  const root = follow(embedded.documents[0]);
  return isScalar(root) ? undefined : root;
}

function leave(what: string, text: string, about: LeftAlone['about']): LeftAlone {
  const message = `${what} has an expression (\`${markIn(text)}\`), which is left alone`;
  return { type: 'left-alone', reason: 'expression', message, about };
}
