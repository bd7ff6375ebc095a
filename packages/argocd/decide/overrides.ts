import { readReference, sameRepository } from '@sluice/gitops/reference';
import { at, items, text } from '../json.ts';
import type { Application } from '../observation.ts';

/**
 * What in the Application itself can hide an image of Git, as sentences: `kustomize.images`, and Helm parameters and values,
 * which win over files.
 */
export function overridesIn(
  { name, sources }: Application,
  wanted: string,
  defaultRegistry?: string,
): readonly string[] {
  return sources.flatMap(({ raw }) => [
    ...kustomizeImages(raw, wanted, defaultRegistry).map(
      (image) => `Application ${name} sets kustomize.images ${image}`,
    ),
    ...helmParameters(raw).map((parameter) => `Application ${name} sets the Helm parameter ${parameter}`),
    ...['values', 'valuesObject']
      .filter((field) => at(raw, 'helm', field) !== undefined)
      .map((field) => `Application ${name} has helm.${field}, which wins over values files`),
  ]);
}

function kustomizeImages(source: unknown, wanted: string, defaultRegistry?: string): readonly string[] {
  const want = readReference(wanted);
  return items(at(source, 'kustomize', 'images'))
    .filter((entry) => typeof entry === 'string')
    .filter((entry) => {
      const found = readReference(entry.slice(entry.indexOf('=') + 1));
      return want !== undefined && found !== undefined && sameRepository(want, found, defaultRegistry);
    });
}

const helmParameters = (source: unknown): readonly string[] =>
  items(at(source, 'helm', 'parameters'))
    .map((one) => ({ name: text(at(one, 'name')) ?? '', value: text(at(one, 'value')) ?? '' }))
    .filter(({ name }) => /image|tag|digest|repository/i.test(name))
    .map(({ name, value }) => `${name}=${value}`);
