import { isDeepStrictEqual } from 'node:util';
import { load } from 'js-yaml';
import { parseAssignment, parseImageEntry } from '../entries.ts';
import { isPlainSafe } from '../yaml/write.ts';
import { type Case, compare, conform, list, record, text } from './cases.ts';
import { assignments, plan } from './planned.ts';

conform('octopus/yaml-scalar-splicer', (one) => {
  if (one.function !== 'canReplace') {
    const edits = list(one.edits).map((edit) => [text(list(edit)[0]), list(edit)[1]] as const);
    return assignments('a.yaml', edits)(one);
  }
  const wrong = Object.entries(record(one.expected)).filter(([key, can]) => {
    const line = parseAssignment(
      `a.yaml ${key}=other${/: [|>]\n/.test(text(one.input).slice(text(one.input).indexOf(`${key}:`))) ? '\n' : ''}`,
    );
    return (plan('a.yaml', one, { assignments: [line] }).failed.length === 0) !== can;
  });
  return wrong.length === 0 ? undefined : wrong.join('; ');
});

conform('gitops/plain-scalar-safety', (one) =>
  isPlainSafe(text(one.input)) === one.expected ? undefined : 'otherwise',
);
for (const file of [
  'format-traps',
  'kargo-set-values',
  'kargo-update-field',
  'image-updater-helm-values',
  'image-updater-set-helm-value',
  'image-updater-kustomize-file',
  'kustomize-set-image',
  'flux-setters',
  'telefonistka-yq',
]) {
  conform(`gitops/${file}`, update);
}

function update(one: Case): string | undefined | Promise<string | undefined> {
  const updates = list(one.updates).map(record);
  if (one.kind === 'image-ref-replace') {
    const lines = updates.map(
      ({ image, tag, digest }) => `${image}:${tag}${digest === undefined ? '' : `@${digest}`}`,
    );
    const { after, failed } = plan('values.yaml', one, { entries: lines.map(parseImageEntry) });
    return compare(one, after, failed);
  }
  // The digests of these cases are too short to be any.
  if (updates.every(({ digest }) => typeof digest === 'string')) {
    return assignments(
      'a.yaml',
      updates.map(({ image, digest }) => [`images[name=${image}].digest`, digest]),
    )(one);
  }
  if (one.kind === 'kustomize-set-image') return setImages(one, updates);
  return assignments(
    one.kind === 'json-set-path' ? 'a.json' : 'a.yaml',
    updates.map(({ key, yq, value }) => [text(key) || text(yq).replace(/^\./, ''), value]),
  )(one);
}

function setImages(one: Case, updates: readonly Case[]): string | undefined {
  try {
    const entries = updates.map(({ arg }) => parseImageEntry(text(arg)));
    const { after, failed } = plan('kustomization.yaml', one, { entries, kustomizeImages: 'set' });
    if (one.compare !== 'contains') return compare(one, after, failed);
    // The file's own indentation is kept, which is not always that of kustomize.
    const [is, wanted] = [load(after), load(text(one.expected))].map((value) => record(value).images);
    return after.startsWith(text(one.input)) && isDeepStrictEqual(is, wanted) ? undefined : after;
  } catch (error) {
    return String(error);
  }
}
