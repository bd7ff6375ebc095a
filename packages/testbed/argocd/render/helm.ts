import path from 'node:path';
import { isObject, type Json, type JsonObject, put } from '../json.ts';
import type { HelmSource, Manifest } from '../types.ts';
import { renderTemplate } from './template.ts';
import { RenderError, readManifests, readMapping } from './yaml.ts';

type Files = ReadonlyMap<string, string>;

/** Where a chart stands and who asks for it. */
export interface Release {
  readonly app: string;
  readonly namespace: string;
  readonly helm: HelmSource | undefined;
  /** Files of the sources that `$name/…` value files point to. */
  readonly refs: ReadonlyMap<string, Files>;
}

/** Helm's merge of values: mappings are merged, everything else is replaced. */
function overlay(base: JsonObject, over: JsonObject): JsonObject {
  const out: Record<string, Json | undefined> = { ...base };
  for (const [key, value] of Object.entries(over)) {
    const below = out[key];
    out[key] = isObject(below) && isObject(value) ? overlay(below, value) : value;
  }
  return out;
}

function readValueFile(files: Files, folder: string, name: string, release: Release): JsonObject {
  const [, ref, inside] = /^\$([^/]+)\/(.*)$/.exec(name) ?? [];
  const text =
    ref === undefined || inside === undefined
      ? files.get(path.posix.join(folder, name))
      : release.refs.get(ref)?.get(inside);
  if (text !== undefined) return readMapping(name, text);
  if (release.helm?.ignoreMissingValueFiles) return {};
  throw new RenderError(
    `\`helm template\` failed exit status 1: Error: open ${name}: no such file or directory`,
  );
}

/** `--set` guesses the type of a value; `--set-string` does not. */
function setValue(text: string, forceString: boolean | undefined): Json {
  if (forceString) return text;
  if (text === 'true' || text === 'false') return text === 'true';
  if (text === 'null') return null;
  return /^-?(0|[1-9]\d*)$/.test(text) ? Number(text) : text;
}

function valuesOf(files: Files, folder: string, release: Release): JsonObject {
  const own = files.get(path.posix.join(folder, 'values.yaml'));
  const layers: JsonObject[] = [own === undefined ? {} : readMapping('values.yaml', own)];
  for (const name of release.helm?.valueFiles ?? []) layers.push(readValueFile(files, folder, name, release));
  if (release.helm?.values) layers.push(readMapping('values', release.helm.values));
  if (release.helm?.valuesObject) layers.push(release.helm.valuesObject);
  const merged = layers.reduce(overlay, {});
  return (release.helm?.parameters ?? []).reduce(
    (values: JsonObject, parameter) =>
      put(values, parameter.name.split('.'), setValue(parameter.value, parameter.forceString)),
    merged,
  );
}

/** `helm template` of the chart in a folder, as far as `template.ts` goes. */
export function renderHelm(files: Files, folder: string, release: Release): readonly Manifest[] {
  const chart = readMapping('Chart.yaml', files.get(path.posix.join(folder, 'Chart.yaml')) ?? '');
  const scope: JsonObject = {
    Values: valuesOf(files, folder, release),
    Release: {
      Name: release.helm?.releaseName ?? release.app,
      Namespace: release.namespace,
      Service: 'Helm',
    },
    Chart: { Name: chart.name, Version: chart.version, AppVersion: chart.appVersion },
  };
  const templates = path.posix.join(folder, 'templates/');
  return [...files.keys()]
    .filter((file) => file.startsWith(templates) && /\.ya?ml$/.test(file))
    .toSorted()
    .flatMap((file) => readManifests(file, renderTemplate(files.get(file) ?? '', scope)));
}
