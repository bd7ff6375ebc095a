import { visible } from '@sluice/core/visible';
import { formatReference, type ImageReference } from '@sluice/gitops/reference';
import type { Variable, Variables } from './placeholder.ts';
import type { Pull } from './pull.ts';
import { slugOf } from './slug.ts';

/** A line of the input `values`. */
export interface Value {
  readonly name: string;
  readonly value: string;
}

/** What a template may name beside the lines of `values`. */
export const builtIn = [
  ...['number', 'commit', 'branch', 'slug', 'project', 'folder'],
  ...['image', 'image-name', 'image-tag', 'image-digest'],
] as const;

/** Reads `name=text`. Throws an Error that says what is allowed. */
export function parseValue(entry: string): Value {
  const [, name, value] = /^([a-z][a-z0-9-]{0,40})=(.*)$/s.exec(entry) ?? [];
  if (name === undefined || value === undefined)
    throw new Error('allowed: name=text, with a name of small letters, digits and dashes');
  if (builtIn.some((one) => one === name)) throw new Error(`${name} is a variable already`);
  if (!isPlain(value)) throw new Error('allowed: one line of visible text, of at most 1000 characters');
  return { name, value: value.trim() };
}

/** One line in which nothing is hidden. */
const isPlain = (value: string): boolean =>
  value.length <= 1000 && !/[\n\r\t\u{85}]/u.test(value) && visible(value) === value;

export interface VariablesOf {
  readonly pull: Pick<Pull, 'number' | 'commit' | 'branch'>;
  readonly project: string;
  /** Where the rendered files go. */
  readonly folder: string;
  readonly image: ImageReference | undefined;
  readonly values: readonly Value[];
}

/** All variables, by name. Those of the image are there only where there is one, and a tag only where it has one. */
export function variablesOf({ pull, project, folder, image, values }: VariablesOf): Variables {
  const text = (value: string): Variable => ({ value, isText: true });
  const known = new Map<string, Variable>([
    ['number', { value: String(pull.number), isText: false }],
    ['commit', text(pull.commit)],
    ['branch', text(pull.branch)],
    ['slug', text(slugOf(pull.number, pull.branch))],
    ['project', text(project)],
    ['folder', text(folder)],
  ]);
  if (image !== undefined) {
    const { tag, digest, ...name } = image;
    known.set('image', text(formatReference(image)));
    known.set('image-name', text(formatReference(name)));
    if (tag !== undefined) known.set('image-tag', text(tag));
    if (digest !== undefined) known.set('image-digest', text(digest));
  }
  for (const { name, value } of values) known.set(name, { value, isText: false });
  return known;
}

/**
 * Why a value that whoever opened the pull request has chosen must not stand in a manifest; undefined where it may. Kubernetes itself
 * expands `$(NAME)` in commands, and a shell in a container more.
 */
export function unsafe(name: string, { value }: Variable): string | undefined {
  if (name !== 'branch') return undefined;
  const isSafe =
    /^[\p{L}\p{N}][\p{L}\p{N}._/+@=-]{0,254}$/u.test(value) && !/(^|\/)\.|\.\.|\/\/|\/$/.test(value);
  return isSafe
    ? undefined
    : 'the name of the branch has characters that mean something elsewhere: use <<slug>>';
}
