import type { Assignment, HelmValuesPath, ImageEntry } from '../entries.ts';
import { formatPath, resolveDotted, type Step } from '../path.ts';
import type { WrongInput } from '../reasons.ts';
import { canonicalRepository, formatReference, type ImageReference, readReference } from '../reference.ts';
import type { ScalarNode, YamlNode } from '../yaml/tree.ts';
import { isScalar, type Reached, textOf } from '../yaml/walk.ts';
import { keepsType } from '../yaml/write.ts';
import { helmPlace } from './helm/helm.ts';
import { joinReference } from './helm/helm-map.ts';
import type { HelmField } from './site.ts';
import { helmWishes, retag, type Wish } from './wish.ts';

/** What a line of `set` or `helm-values` comes to in its file. */
export type Explicit =
  | { readonly type: 'wishes'; readonly wishes: readonly Wish[] }
  | { readonly type: 'missing'; readonly why: string }
  | { readonly type: 'refused'; readonly code: WrongInput; readonly why: string };

type Target =
  | { readonly type: 'found'; readonly value: Reached<ScalarNode>; readonly steps: readonly Step[] }
  | Exclude<Explicit, { type: 'wishes' }>;

function targetAt(root: YamlNode | undefined, steps: readonly Step[]): Target {
  const resolved = resolveDotted(root, steps);
  if (resolved.type === 'missing') return { type: 'missing', why: `there is no ${resolved.at || 'value'}` };
  if (resolved.type === 'ambiguous') {
    return { type: 'refused', code: 'ambiguous-path', why: `several elements match ${resolved.at}` };
  }
  if (isScalar(resolved.value)) return { type: 'found', value: resolved.value, steps: resolved.steps };
  return {
    type: 'refused',
    code: 'not-a-value',
    why: `${formatPath(steps)} holds a ${resolved.value.node.kind}, not one value`,
  };
}

/** A line of `set`: text stays a number or boolean where one stands unquoted, else it is a string. */
export function assignmentWishes(documents: readonly YamlNode[], assignment: Assignment): Explicit {
  const { document, path, value } = assignment;
  const root = documents[document];
  if (root === undefined) return { type: 'missing', why: `there is no document ${document}` };
  const target = targetAt(root, path);
  if (target.type !== 'found') return target;
  const place = { type: 'value', document, path: formatPath(target.steps) } as const;
  const scalar = { type: 'scalar', value: target.value } as const;
  if (value.type === 'json') return { type: 'wishes', wishes: [{ place, target: scalar, to: value.value }] };
  const kept = keepsType(target.value.node, value.text);
  const wanted = kept === undefined ? { to: value.text } : { to: kept, plain: value.text };
  return { type: 'wishes', wishes: [{ place, target: scalar, ...wanted }] };
}

/** A line of `helm-values`: the repository path, or else the value itself, tells which image it is. */
export function helmValuesWishes(
  root: YamlNode | undefined,
  line: HelmValuesPath,
  entries: readonly ImageEntry[],
  defaultRegistry: string,
): Explicit {
  const target = targetAt(root, line.path);
  if (target.type !== 'found') return target;
  const path = formatPath(target.steps);
  const tag: HelmField = { path, value: target.value };
  if (line.repositoryPath !== undefined) {
    const repository = targetAt(root, line.repositoryPath);
    if (repository.type !== 'found') return repository;
    const reference = joinReference(undefined, repository.value.node.text);
    return separate(root, target.steps, tag, matching(reference, entries, defaultRegistry));
  }
  const text = target.value.node.text;
  const reference = readReference(text);
  const entry = matching(reference, entries, defaultRegistry);
  // `nginx` where nginx is wanted is the image without a tag, and no tag.
  if (/[/:@]/.test(text) || entry !== undefined) {
    if (reference === undefined || entry === undefined) return { type: 'wishes', wishes: [] };
    const to = formatReference(retag(reference, entry.reference));
    const tags = { found: reference.tag, wanted: entry.reference.tag };
    const scalar = { type: 'scalar', value: target.value } as const;
    return {
      type: 'wishes',
      wishes: [{ place: helmPlace(path, 'reference'), target: scalar, to, image: entry.image, tags }],
    };
  }
  const beside = joinReference(
    siblingText(root, target.steps, 'registry'),
    siblingText(root, target.steps, 'repository'),
  );
  if (beside !== undefined)
    return separate(root, target.steps, tag, matching(beside, entries, defaultRegistry));
  if (entries.length > 1) {
    const why = `${path} holds a tag alone, and several images are given: \`${line.file}: <repository path> / ${path}\` tells which it is`;
    return { type: 'refused', code: 'ambiguous-image', why };
  }
  return separate(root, target.steps, tag, entries[0]);
}

function separate(
  root: YamlNode | undefined,
  steps: readonly Step[],
  tag: HelmField,
  entry: ImageEntry | undefined,
): Explicit {
  if (entry === undefined) return { type: 'wishes', wishes: [] };
  const path = sibling(steps, 'digest');
  const digest = path === undefined ? undefined : targetAt(root, path);
  const field =
    path !== undefined && digest?.type === 'found'
      ? { path: formatPath(digest.steps), value: digest.value }
      : undefined;
  return { type: 'wishes', wishes: helmWishes(tag, field, entry) };
}

function matching(
  reference: ImageReference | undefined,
  entries: readonly ImageEntry[],
  defaultRegistry: string,
): ImageEntry | undefined {
  if (reference === undefined) return undefined;
  const repository = canonicalRepository(reference, defaultRegistry);
  return entries.find((entry) => entry.repository === repository);
}

/** The path of another key in the same map, `image.digest` beside `image.tag`; none where the value is an element of a list. */
function sibling(path: readonly Step[], key: string): readonly Step[] | undefined {
  const last = path.at(-1);
  if (last === undefined || last.select !== undefined) return undefined;
  return [...path.slice(0, -1), { key: last.key.slice(0, last.key.lastIndexOf('.') + 1) + key }];
}

function siblingText(root: YamlNode | undefined, path: readonly Step[], key: string): string | undefined {
  const beside = sibling(path, key);
  const target = beside === undefined ? undefined : targetAt(root, beside);
  return target?.type === 'found' ? textOf(target.value) : undefined;
}
