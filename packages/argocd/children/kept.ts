import { parsePath } from '@sluice/gitops/path';
import { readValue } from '@sluice/gitops/yaml/events';
import { at, items, type Json, text } from '../json.ts';
import { valueAt } from '../value-at.ts';
import type { Want } from './types.ts';
import { nameOf, sameValue, shortValue } from './values.ts';

/** Why an Application keeps what it has, whatever its ApplicationSet's template says; undefined where nothing tells. */
export function keptBy(set: Json, child: string, want: Want): string | undefined {
  return neverUpdated(set) ?? ignored(set, child, want) ?? patched(set, want);
}

/** https://argo-cd.readthedocs.io/en/stable/operator-manual/applicationset/Controlling-Resource-Modification/ */
function neverUpdated(set: Json): string | undefined {
  const policy = text(at(set, 'spec', 'syncPolicy', 'applicationsSync'));
  return policy === 'create-only' || policy === 'create-delete'
    ? `\`applicationsSync: ${policy}\` of ApplicationSet ${nameOf(set)} leaves Applications as they were made`
    : undefined;
}

function ignored(set: Json, child: string, { at: place }: Want): string | undefined {
  if (place === undefined) return undefined;
  const keys = keysOf(place.path);
  for (const rule of items(at(set, 'spec', 'ignoreApplicationDifferences'))) {
    if ((text(at(rule, 'name')) ?? child) !== child) continue;
    const pointers = items(at(rule, 'jsonPointers')).map((one): [Json, readonly string[]] => [
      one,
      pointerKeys(one),
    ]);
    const queries = items(at(rule, 'jqPathExpressions')).map((one): [Json, readonly string[]] => [
      one,
      queryKeys(one),
    ]);
    const [found] = [...pointers, ...queries].find(([, rule]) => covers(rule, keys)) ?? [];
    if (found !== undefined)
      return `\`ignoreApplicationDifferences\` of ApplicationSet ${nameOf(set)} (${String(found)}) keeps it as it is`;
  }
  return undefined;
}

/** Keys alone, and an empty one for an element of a list: which element a rule means is not looked at. */
const ELEMENT = '';
const keysOf = (path: string): readonly string[] =>
  parsePath(path).flatMap(({ key, select }) => (select === undefined ? [key] : [key, ELEMENT]));

const pointerKeys = (pointer: Json): readonly string[] =>
  String(pointer)
    .split('/')
    .slice(1)
    .map((key) => key.replaceAll('~1', '/').replaceAll('~0', '~'))
    .map((key) => (/^(\d+|-)$/.test(key) ? ELEMENT : key));

/** `.spec.sources[] | select(.repoURL == "x").helm` → spec, sources, element, helm. */
const queryKeys = (query: Json): readonly string[] =>
  [
    ...String(query)
      .replace(/\|?\s*select\([^)]*\)/g, '')
      .matchAll(/\.([A-Za-z_][\w-]*)|\["([^"]+)"\]|\[\d*\]/g),
  ].map(([, plain, quoted]) => plain ?? quoted ?? ELEMENT);

const covers = (rule: readonly string[], keys: readonly string[]): boolean =>
  rule.length > 0 && rule.every((key, index) => key === keys[index]);

/** A patch without expressions is the same for every Application. */
function patched(set: Json, want: Want): string | undefined {
  const patch = text(at(set, 'spec', 'templatePatch'));
  if (want.at === undefined || patch === undefined || patch.includes('{{')) return undefined;
  const value = valueAt(readValue(patch), want.at);
  return value === undefined || sameValue(value, want.to)
    ? undefined
    : `\`templatePatch\` of ApplicationSet ${nameOf(set)} sets it to ${shortValue(value)}`;
}
