import { formatPath, parsePath, type Step } from '@sluice/gitops/path';
import { at, items, type Json, text } from '../json.ts';
import type { ValueAt } from '../value-at.ts';
import { along, valueAt } from '../value-at.ts';
import { parametersIn, setsBeside } from './beside.ts';
import { keptBy } from './kept.ts';
import { renderText, type Use, usesOf } from './template.ts';
import type { ObjectEdit, Want } from './types.ts';
import { sameValue, shortValue } from './values.ts';

export interface Child {
  readonly name: string;
  readonly namespace: string;
}

/** The Applications that an ApplicationSet has made, as it says itself. */
export const childrenOf = (set: Json): readonly Child[] =>
  items(at(set, 'status', 'resources'))
    .filter((one) => at(one, 'kind') === 'Application')
    .map((one) => ({
      name: text(at(one, 'name')) ?? '',
      namespace: text(at(one, 'namespace')) ?? text(at(set, 'metadata', 'namespace')) ?? '',
    }));

/**
 * That an ApplicationSet names fewer Applications than it has made; undefined where it names all. The controller cuts the list at
 * `--max-resources-status-count` and leaves the true number beside it:
 * https://argo-cd.readthedocs.io/en/stable/operator-manual/server-commands/argocd-applicationset-controller/
 */
export function unnamedOf(set: Json): string | undefined {
  const named = items(at(set, 'status', 'resources')).length;
  const made = Number(at(set, 'status', 'resourcesCount') ?? 0);
  return made > named
    ? `its status names ${named} of the ${made} Applications that it generates (\`--max-resources-status-count\` of the ApplicationSet controller cuts the list)`
    : undefined;
}

/** What keeps an ApplicationSet from making what its spec says, in its own words. */
export function faultOf(set: Json): string | undefined {
  const conditions = items(at(set, 'status', 'conditions'));
  const bad = (type: string, status: string) =>
    conditions.find((one) => at(one, 'type') === type && at(one, 'status') === status);
  const found =
    bad('ErrorOccurred', 'True') ?? bad('ParametersGenerated', 'False') ?? bad('ResourcesUpToDate', 'False');
  return found === undefined ? undefined : (text(at(found, 'message')) ?? 'no message');
}

/**
 * What a generated Application must hold of the edits of its ApplicationSet; none where it is another element's, or where what is
 * particular to it sets the place otherwise.
 */
export function wantsOf(
  set: Json,
  edits: readonly ObjectEdit[],
  child: { readonly name: string; readonly spec: Json },
): readonly Want[] {
  return edits
    .flatMap((edit) => wantsOfEdit(set, edit, child.name))
    .flatMap((want): Want[] => {
      if (want.unsure !== undefined) return [want];
      const kept = keptBy(set, child.name, want);
      if (kept !== undefined) return [{ ...want, kept }];
      return isElsewhere(set, want, child.spec) ? [] : [want];
    });
}

/**
 * Another value than the old and the new one, which a `templatePatch` or the own template of a generator sets there. Any other may be
 * older than both, and is to be waited for; so may this one, as long as the controller has not seen the change.
 */
function isElsewhere(set: Json, want: Want, spec: Json): boolean {
  if (want.at === undefined || want.like !== undefined) return false;
  const found = valueAt({ spec }, want.at);
  if (found === undefined || sameValue(found, want.was) || sameValue(found, want.to)) return false;
  return setsBeside(set, want.at, found);
}

function wantsOfEdit(set: Json, edit: ObjectEdit, child: string): readonly Want[] {
  if (edit.at === undefined) return [somewhere(edit)];
  const steps = parsePath(edit.at.path);
  const template = steps.findIndex(({ key }) => key === 'template');
  const generated = steps[1]?.key === 'generators';
  if (template === 1 || (template > 1 && generated))
    return ofTemplate(edit, edit.at, steps.slice(template + 1));
  const element = generated ? elementOf(steps) : undefined;
  return element === undefined ? [somewhere(edit)] : ofParameter(set, edit, element, child);
}

/** What the template says in so many words stands in the Application at the same place. */
function ofTemplate(edit: ObjectEdit, place: ValueAt, rest: readonly Step[]): readonly Want[] {
  return rest[0]?.key === 'spec' ? [{ ...edit, at: { ...place, path: formatPath(rest) } }] : [];
}

/** Nothing tells where it stands in the Application. */
const somewhere = ({ was, to, image }: ObjectEdit): Want => ({
  was,
  to,
  ...(image !== undefined && { image }),
});

interface Element {
  /** Where the parameters of one element stand. */
  readonly root: readonly Step[];
  /** The edited one, `image.tag`. */
  readonly parameter: readonly Step[];
  /** What parameters are called by: those of `values` by `values.image`. */
  readonly prefix: readonly string[];
}

function elementOf(steps: readonly Step[]): Element | undefined {
  const elements = steps.findIndex(({ key, select }) => key === 'elements' && select !== undefined);
  if (elements > 0) {
    const cut = elements + 1;
    return { root: steps.slice(0, cut), parameter: steps.slice(cut), prefix: [] };
  }
  const values = steps.findIndex(({ key }, index) => index > 2 && key === 'values');
  const cut = values + 1;
  return values > 0
    ? { root: steps.slice(0, cut), parameter: steps.slice(cut), prefix: ['values'] }
    : undefined;
}

function ofParameter(set: Json, edit: ObjectEdit, element: Element, child: string): readonly Want[] {
  const { root, parameter, prefix } = element;
  const found = along(set, root);
  const now: Json = prefix.length > 0 ? { values: found } : found;
  const name = renderText(nameIn(set), now);
  if (name !== undefined && !new RegExp(name.like).test(child)) return [];
  if (parameter.some(({ select }) => select !== undefined)) return [somewhere(edit)];
  const called = [...prefix, ...parameter.map(({ key }) => key)];
  const unsure = name?.exact === undefined ? anothers(set, now, called, child) : undefined;
  if (unsure !== undefined) return [{ ...somewhere(edit), unsure }];
  const uses = usesOf(at(set, 'spec', 'template', 'spec'), called.join('.'), [{ key: 'spec' }]);
  if (uses.length === 0 || edit.at?.within !== undefined) return [somewhere(edit)];
  return uses.map((use) => ofUse(edit, use, now, withValue(now, called, edit.was)));
}

const nameIn = (set: Json): string => text(at(set, 'spec', 'template', 'metadata', 'name')) ?? '';

function ofUse(edit: ObjectEdit, { path, text: template }: Use, now: Json, before: Json): Want {
  const rendered = renderText(template, now);
  if (rendered === undefined) return somewhere(edit);
  const { exact, like } = rendered;
  const was = renderText(template, before)?.exact;
  const { image } = edit;
  return {
    ...{ at: { path }, was, to: exact ?? edit.to },
    ...(exact === undefined && { like }),
    ...(image !== undefined && { image }),
  };
}

/** Why an Application may be that of an element which has another value, where its name does not tell. */
function anothers(set: Json, element: Json, called: readonly string[], child: string): string | undefined {
  const wanted = at(element, ...called);
  const others = parametersIn(at(set, 'spec', 'generators')).filter((one) => {
    const value = at(one, ...called);
    if (value === undefined || sameValue(value, wanted)) return false;
    const name = renderText(nameIn(set), one);
    return name === undefined || new RegExp(name.like).test(child);
  });
  return others.length === 0
    ? undefined
    : `Nothing tells whether Application ${child} is of the element that has ${called.join('.')} ${shortValue(wanted)}: its name is made by \`${nameIn(set)}\`.`;
}

function withValue(root: Json, [key, ...rest]: readonly string[], value: Json): Json {
  if (key === undefined) return value;
  return { ...(typeof root === 'object' ? root : {}), [key]: withValue(at(root, key), rest, value) };
}
