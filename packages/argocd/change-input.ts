import { repositoryPath } from '@sluice/core/repository-path';
import type { Change, ChangedFile, Edit, Place } from '@sluice/gitops/change';
import type { Scalar } from '@sluice/gitops/scalar';
import { at, isRecord, items, type Json, text } from './json.ts';

const schema = 'sluice.change.v1';

/**
 * The output `change` of image-tag-bump, read back: one change, or a JSON array with one for each repository and branch.
 * Throws an Error that says what is wrong with it.
 */
export function parseChanges(content: string): readonly Change[] {
  if (/^([0-9a-f]{40}|[0-9a-f]{64})$/.test(content.trim())) throw new Error('for a commit use `revision`');
  const value = json(content);
  if (!Array.isArray(value)) return [parseChange(value)];
  if (value.length === 0) throw new Error('it is an empty list: there is nothing to wait for');
  return value.map((one) => parseChange(one));
}

function parseChange(value: Json): Change {
  if (at(value, 'schema') !== schema)
    throw new Error(`allowed: the output \`change\` of image-tag-bump (${schema})`);
  if (!Array.isArray(at(value, 'files')))
    throw new Error('it names no files: it was shortened, because it was too large');
  const files = items(at(value, 'files')).map(parseFile);
  return {
    schema,
    repository: repositoryUrl(need(value, 'repository')),
    branch: need(value, 'branch'),
    commit: commit(value, 'commit'),
    base: commit(value, 'base'),
    ...optionalTexts(value, ['project', 'environment', 'tenant', 'run', 'defaultRegistry']),
    files,
  };
}

function json(content: string): Json {
  try {
    return JSON.parse(content);
  } catch {
    throw new Error('it is no JSON');
  }
}

function parseFile(value: Json): ChangedFile {
  return { path: repositoryPath(need(value, 'path')), edits: items(at(value, 'edits')).map(parseEdit) };
}

function parseEdit(value: Json): Edit {
  const image = text(at(value, 'image'));
  return {
    place: parsePlace(at(value, 'place')),
    from: scalar(value, 'from'),
    to: scalar(value, 'to'),
    ...(image !== undefined && { image }),
  };
}

const lists = ['containers', 'initContainers', 'ephemeralContainers'] as const;
const fields = ['newName', 'newTag', 'digest'] as const;
const holdings = ['reference', 'repository', 'tag', 'digest'] as const;

function parsePlace(value: Json): Place {
  const type = at(value, 'type');
  switch (type) {
    case 'container':
      return {
        type,
        apiVersion: need(value, 'apiVersion'),
        kind: need(value, 'kind'),
        ...optionalTexts(value, ['namespace']),
        name: need(value, 'name'),
        list: oneOf(lists, value, 'list'),
        container: need(value, 'container'),
        ...optionalTexts(value, ['pod']),
      };
    case 'kustomize-image':
      return { type, name: need(value, 'name'), field: oneOf(fields, value, 'field') };
    case 'helm-value':
      return { type, path: need(value, 'path'), holds: oneOf(holdings, value, 'holds') };
    case 'json-patch':
      return {
        type,
        ...optionalTexts(value, ['target']),
        pointer: need(value, 'pointer'),
        path: need(value, 'path'),
      };
    case 'object-value':
      return {
        type,
        apiVersion: need(value, 'apiVersion'),
        kind: need(value, 'kind'),
        ...optionalTexts(value, ['namespace', 'within']),
        name: need(value, 'name'),
        path: need(value, 'path'),
        holds: oneOf(holdings, value, 'holds'),
      };
    case 'value': {
      const document = at(value, 'document');
      if (typeof document !== 'number') throw new Error('its field `document` is no number');
      return { type, document, path: need(value, 'path') };
    }
    default:
      throw new Error(`it has a place of an unknown type ${JSON.stringify(type)}`);
  }
}

function need(value: Json, key: string): string {
  const found = text(at(value, key));
  if (found === undefined) throw new Error(`its field \`${key}\` is missing`);
  return found;
}

function commit(value: Json, key: string): string {
  const found = need(value, key);
  if (!/^([0-9a-f]{40}|[0-9a-f]{64})$/.test(found))
    throw new Error(`its field \`${key}\` is no commit: nothing was committed`);
  return found;
}

function repositoryUrl(value: string): string {
  const url = URL.parse(value);
  if (url === null || !/^https?:$/.test(url.protocol)) throw new Error('its field `repository` is no URL');
  return value;
}

function oneOf<const W extends string>(allowed: readonly W[], value: Json, key: string): W {
  const found = allowed.find((word) => word === at(value, key));
  if (found === undefined) throw new Error(`its field \`${key}\` is none of ${allowed.join(', ')}`);
  return found;
}

function scalar(value: Json, key: string): Scalar {
  const found = at(value, key);
  if (found === null || typeof found === 'string' || typeof found === 'number' || typeof found === 'boolean')
    return found;
  throw new Error(`its field \`${key}\` is no text, number, boolean or null`);
}

function optionalTexts<const K extends string>(
  value: Json,
  keys: readonly K[],
): { readonly [P in K]?: string } {
  const found: { [P in K]?: string } = {};
  for (const key of keys) {
    const one = isRecord(value) ? text(value[key]) : undefined;
    if (one !== undefined) found[key] = one;
  }
  return found;
}
