import { isList, isObject, type Json, type JsonObject, listAt, objectAt, textAt, toJson } from '../json.ts';
import { renderTemplate } from '../render/template.ts';
import { readMapping } from '../render/yaml.ts';
import type { Manifest } from '../types.ts';

/** One Application that an ApplicationSet asks for. */
export interface Desired {
  readonly name: string;
  readonly labels: JsonObject;
  readonly annotations: JsonObject;
  readonly spec: JsonObject;
}

/** The parameters that a generator yields, and the template of its own, if it has one. */
interface Generated {
  readonly parameters: JsonObject;
  readonly template: JsonObject;
}

function fromGenerator(generator: Json): readonly Generated[] {
  const list = objectAt(generator, 'list');
  const matrix = objectAt(generator, 'matrix');
  const clusters = objectAt(generator, 'clusters');
  const template = { ...objectAt(list, 'template'), ...objectAt(matrix, 'template') };
  if (isList(list.elements)) {
    return list.elements.filter((one) => isObject(one)).map((parameters) => ({ parameters, template }));
  }
  if (isList(matrix.generators)) {
    const [first = [], second = []] = matrix.generators.map(fromGenerator);
    return first.flatMap((a) =>
      second.map((b) => ({ parameters: { ...a.parameters, ...b.parameters }, template })),
    );
  }
  if (isObject(generator) && generator.clusters !== undefined) {
    const values = objectAt(clusters, 'values');
    const server = 'https://kubernetes.default.svc';
    return [{ parameters: { name: 'in-cluster', nameNormalized: 'in-cluster', server, values }, template }];
  }
  throw new Error(`this stand-in has no such generator: ${JSON.stringify(generator)}`);
}

/** `{{a.b}}`; what is not known stays as it stands, as fasttemplate leaves it. */
function fastTemplate(text: string, parameters: JsonObject): string {
  return text.replaceAll(/\{\{\s*([^{}]*?)\s*\}\}/g, (whole, name: string) => {
    let here: Json | undefined = parameters;
    for (const key of name.split('.')) here = isObject(here) ? here[key] : undefined;
    return here === undefined || here === null || typeof here === 'object' ? whole : String(here);
  });
}

function renderAll(value: Json, render: (text: string) => string): Json {
  if (typeof value === 'string') return render(value);
  if (isList(value)) return value.map((item) => renderAll(item, render));
  if (!isObject(value)) return value;
  const entries = Object.entries(value).map(([key, inner]): [string, Json] => [
    render(key),
    renderAll(inner ?? null, render),
  ]);
  return Object.fromEntries(entries);
}

/** Objects are merged, all else is replaced: the lists of an Application have no merge keys. */
export function patched(value: Json, patch: Json): Json {
  if (!isObject(value) || !isObject(patch)) return patch;
  const out: Record<string, Json | undefined> = { ...value };
  for (const [key, inner] of Object.entries(patch)) {
    if (inner === null) delete out[key];
    else if (inner !== undefined) out[key] = patched(out[key] ?? null, inner);
  }
  return toJson(out);
}

/** All Applications of an ApplicationSet's spec; throws in the controller's words. */
export function generate(set: Manifest): readonly Desired[] {
  const spec = objectAt(set, 'spec');
  const go = spec.goTemplate === true;
  return listAt(spec, 'generators')
    .flatMap(fromGenerator)
    .map(({ parameters, template }) => {
      const render = (text: string) =>
        go ? renderTemplate(text, parameters) : fastTemplate(text, parameters);
      const whole = patched(objectAt(spec, 'template'), template);
      const rendered = renderAll(whole, render);
      const patch = textAt(spec, 'templatePatch');
      const final =
        patch === undefined
          ? rendered
          : patched(rendered, readMapping('patch', renderPatch(patch, parameters)));
      const project = textAt(final, 'spec', 'project') ?? 'default';
      return {
        name: textAt(final, 'metadata', 'name') ?? '',
        labels: objectAt(final, 'metadata', 'labels'),
        annotations: objectAt(final, 'metadata', 'annotations'),
        spec: { ...objectAt(final, 'spec'), project },
      };
    });
}

/** A patch is a Go template, whatever the template is. */
const renderPatch = (patch: string, parameters: JsonObject): string => renderTemplate(patch, parameters);
