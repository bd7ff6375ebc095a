import { loadAll, YAML11_SCHEMA, YAMLException } from 'js-yaml';
import { isObject, type Json, type JsonObject, listAt, textAt, toJson } from '../json.ts';
import type { Manifest } from '../types.ts';

/** Manifest generation went wrong; the message is what the repo-server would say after `desc = `. */
export class RenderError extends Error {
  readonly code: 'Unknown' | 'FailedPrecondition';
  constructor(message: string, code: 'Unknown' | 'FailedPrecondition' = 'Unknown') {
    super(message);
    this.name = 'RenderError';
    this.code = code;
  }
}

/** Every document of a YAML or JSON file, read as kubectl reads it (YAML 1.1). */
export function readDocuments(file: string, text: string): readonly Json[] {
  try {
    return loadAll(text, { schema: YAML11_SCHEMA }).map((document) => toJson(document));
  } catch (error) {
    if (!(error instanceof YAMLException)) throw error;
    const line = (error.mark?.line ?? 0) + 1;
    throw new RenderError(
      `Failed to unmarshal "${file}": failed to unmarshal manifest: error converting YAML to JSON: yaml: line ${line}: ${error.reason}`,
      'FailedPrecondition',
    );
  }
}

/** The one mapping that a values file or kustomization holds. */
export function readMapping(file: string, text: string): JsonObject {
  const [first] = readDocuments(file, text);
  if (first === undefined || first === null) return {};
  if (!isObject(first)) throw new RenderError(`${file}: expected a mapping`);
  return first;
}

/** The objects of a manifest file; `kind: List` is opened. */
export function readManifests(file: string, text: string): readonly Manifest[] {
  return readDocuments(file, text).flatMap((document) => {
    if (document === null) return [];
    if (!isObject(document) || textAt(document, 'kind') === undefined) {
      throw new RenderError(
        `Failed to unmarshal "${file}": failed to unmarshal manifest: Object 'Kind' is missing in '${JSON.stringify(document)}'`,
        'FailedPrecondition',
      );
    }
    if (textAt(document, 'kind') !== 'List') return [document];
    return listAt(document, 'items').filter((item) => isObject(item));
  });
}
