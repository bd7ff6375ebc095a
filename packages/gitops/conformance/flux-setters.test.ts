import { formatPath, type Step } from '../path.ts';
import { parseReference } from '../reference.ts';
import { parseYaml, type ScalarNode, type YamlNode } from '../yaml/tree.ts';
import { conform, list, record, text } from './cases.ts';
import { assignments, images } from './planned.ts';

/**
 * Flux is told by a comment which value of which policy a field takes. Here the same values are set by their paths, and the comments
 * must stay as they are.
 */
conform('gitops/flux-setters', (one) => {
  const updates = list(one.updates).map(record);
  if (one.kind !== 'flux-setter-marker')
    return images('a.yaml')({
      ...one,
      images: updates.map(({ image, tag }) => `${text(image)}:${text(tag)}`),
    });
  const source = text(one.input);
  const parsed = parseYaml(source);
  const marked = parsed.ok ? scalarsIn(parsed.documents[0], []) : [];
  const values = marked.flatMap(({ steps, node }) => {
    const line = /[^\n]*/.exec(source.slice(node.end))?.[0] ?? '';
    const [, policy = '', part] = /^ # \{"\$imagepolicy": "([^":]+:[^":]+)(?::(\w+))?"\}/.exec(line) ?? [];
    const update = updates.find(({ namespace, name }) => policy === `${text(namespace)}:${text(name)}`);
    return update === undefined ? [] : [[formatPath(steps), partOf(text(update.latest), part)] as const];
  });
  return assignments('a.yaml', values)(one);
});

function partOf(latest: string, part: string | undefined): string {
  const { registry, repository, tag = '', digest = '' } = parseReference(latest);
  if (part === 'name') return registry === undefined ? repository : `${registry}/${repository}`;
  if (part === 'tag') return tag;
  return part === 'digest' ? digest : latest;
}

function scalarsIn(
  node: YamlNode | undefined,
  steps: readonly Step[],
): { readonly steps: readonly Step[]; readonly node: ScalarNode }[] {
  if (node === undefined || node.kind === 'alias') return [];
  if (node.kind === 'scalar') return [{ steps, node }];
  if (node.kind === 'sequence')
    return node.items.flatMap((item, index) => scalarsIn(item, [...steps, { key: String(index) }]));
  return node.entries.flatMap(({ key, value }) =>
    key.kind === 'scalar' ? scalarsIn(value, [...steps, { key: key.text }]) : [],
  );
}
