import { parseAssignment } from '../entries.ts';
import { isPlainSafe } from '../yaml/write.ts';
import { type Case, conform, list, record, text } from './cases.ts';
import { assignments, images, plan } from './planned.ts';

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
  'telefonistka-yq',
]) {
  conform(`gitops/${file}`, update);
}

function update(one: Case): string | undefined | Promise<string | undefined> {
  const updates = list(one.updates).map(record);
  if (one.kind === 'image-ref-replace')
    return images('values.yaml')({ ...one, images: updates.map(reference) });
  // The digests of these cases are too short to be any.
  if (updates.every(({ digest }) => typeof digest === 'string'))
    return assignments(
      'a.yaml',
      updates.map(({ image, digest }) => [`images[name=${image}].digest`, digest]),
    )(one);
  if (one.kind === 'kustomize-set-image')
    return images('kustomization.yaml', () => ({ kustomizeImages: 'set' }))({
      ...one,
      images: updates.map(reference),
    });
  return assignments(
    one.kind === 'json-set-path' ? 'a.json' : 'a.yaml',
    updates.map(({ key, yq, value }) => [pathOf(text(key) || text(yq).slice(1)), value]),
  )(one);
}

function reference({ image, tag, digest }: Case): string {
  return `${text(image)}:${text(tag)}${digest === undefined ? '' : `@${text(digest)}`}`;
}

/** Paths as Kargo and yq write them: `array.[1]`, `map.:0`, `list.[] | select(.name == "a")`. */
function pathOf(foreign: string): string {
  return foreign
    .replace(/\.\[\] \| select\(\.(\w+) == "([^"]*)"\)/g, '[$1=$2]')
    .replace(/\.\[(\d+)\]/g, '[$1]')
    .replace(/\.:(\d)/g, '.$1');
}
