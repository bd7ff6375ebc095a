import { parsePath } from '@sluice/gitops/path';
import { at, isRecord, items, type Json, text } from '../json.ts';
import type { ValueAt } from '../value-at.ts';
import { valueAt } from '../value-at.ts';
import { renderText } from './template.ts';

/**
 * Whether what gives single Applications values of their own gives this one at this place: the own template of a generator, or a
 * `templatePatch` with conditions or parameters. That the value stands anywhere else beside the template says nothing.
 */
export function setsBeside(set: Json, place: ValueAt, value: Json): boolean {
  const generators = at(set, 'spec', 'generators');
  const parameters = [{}, ...parametersIn(generators)];
  const says = (template: string): boolean =>
    parameters.some((known) => renderText(template, known)?.exact === String(value)) ||
    template.split(EXPRESSION).some((literal) => unquoted(literal) === String(value));
  const own = templatesIn(generators).map((template) => valueAt(template, place));
  return [...own, ...patchedTo(text(at(set, 'spec', 'templatePatch')) ?? '', place)].some(
    (one) => one !== undefined && typeof one !== 'object' && says(String(one)),
  );
}

const EXPRESSION = /\{\{.*?\}\}/s;

/** The parameters that the ApplicationSet itself has for its elements, one of each; those of `values` by `values.image`. */
export function parametersIn(generators: Json): readonly Json[] {
  if (Array.isArray(generators)) return generators.flatMap(parametersIn);
  if (!isRecord(generators)) return [];
  const { elements, values, template: _, ...rest } = generators;
  return [
    ...items(elements),
    ...(values === undefined ? [] : [{ values }]),
    ...Object.values(rest).flatMap(parametersIn),
  ];
}

function templatesIn(generators: Json): readonly Json[] {
  if (Array.isArray(generators)) return generators.flatMap(templatesIn);
  if (!isRecord(generators)) return [];
  const { template, elements: _, ...rest } = generators;
  return [...(template === undefined ? [] : [template]), ...Object.values(rest).flatMap(templatesIn)];
}

/** A patch with expressions is no YAML yet: what it says after the last key of the place. */
function patchedTo(patch: string, { path, within }: ValueAt): readonly string[] {
  const key = parsePath(within ?? path).at(-1)?.key ?? '';
  const entry = new RegExp(
    `(?<![\\w.-])${RegExp.escape(key)}["']?:[ \\t]+((?:\\{\\{.*?\\}\\}|[^,}\\n])+)`,
    'g',
  );
  return [...patch.matchAll(entry)].map(([, value = '']) => unquoted(value));
}

const unquoted = (value: string): string => value.trim().replace(/^(["'])(.*)\1$/s, '$2');
