import { SluiceError } from '@sluice/core/errors';
import { imageName } from './reference.ts';
import type { YamlNode } from './yaml/tree.ts';
import { child, follow, isScalar, itemsBy, itemsOf, itemsWith, type Reached } from './yaml/walk.ts';

/**
 * One step of a path: a key, then maybe one element of the sequence there. An empty `field` selects, of a list of image references
 * (`[=ghcr.io/acme/shop]`), the one of that name.
 */
export interface Step {
  readonly key: string;
  readonly select?: { readonly index: number } | { readonly field: string; readonly text: string };
}

const ESCAPED = /[.[\]=\\]/g;

/** Reads `spec.containers[name=app].image`; `.`, `[`, `]`, `=` and `\` in a key are escaped by `\`. */
export function parsePath(path: string): readonly Step[] {
  const { steps, rest } = readPath(path);
  if (rest === '') return steps;
  throw badPath(
    path,
    `nothing may follow it, but ${JSON.stringify(rest)} does; escape \`=\` in a key by \`\\\``,
  );
}

/** Reads a path up to the first unescaped `=` or `:=` outside brackets; `rest` begins there. */
export function readPath(text: string): { readonly steps: readonly Step[]; readonly rest: string } {
  const steps: Step[] = [];
  let at = 0;
  for (;;) {
    const key = readUntil(text, at, /[.[=]|:=/y);
    at = key.end;
    const select = text[at] === '[' ? readSelect(text, at + 1) : undefined;
    if (select !== undefined) at = select.end;
    if (key.text === '') throw badPath(text, 'a key is empty');
    steps.push(select === undefined ? { key: key.text } : { key: key.text, select: select.value });
    if (text[at] !== '.') break;
    at += 1;
  }
  if (at < text.length && !/^:?=/.test(text.slice(at))) throw badPath(text, 'after `]` comes `.` or the end');
  return { steps, rest: text.slice(at) };
}

function readSelect(text: string, start: number): { value: NonNullable<Step['select']>; end: number } {
  const first = readUntil(text, start, /[\]=]/y);
  if (text[first.end] === ']') {
    if (!/^\d+$/.test(first.text)) throw badPath(text, '`[…]` holds an index or `field=text`');
    return { value: { index: Number(first.text) }, end: first.end + 1 };
  }
  const second = readUntil(text, first.end + 1, /\]/y);
  if (text[second.end] !== ']' || (first.text === '' && second.text === ''))
    throw badPath(text, 'a `[` has no `]`');
  return { value: { field: first.text, text: second.text }, end: second.end + 1 };
}

function readUntil(text: string, start: number, stop: RegExp): { text: string; end: number } {
  let read = '';
  let at = start;
  while (at < text.length) {
    stop.lastIndex = at;
    if (stop.test(text)) break;
    if (text[at] === '\\' && at + 1 < text.length) at += 1;
    read += text[at];
    at += 1;
  }
  return { text: read, end: at };
}

function badPath(path: string, why: string): SluiceError {
  return new SluiceError('input', 'invalid-input', `${JSON.stringify(path)} is not a path: ${why}`, {
    hint: 'Write keys with dots between them, elements as [0] or [name=app]: spec.containers[name=app].image',
  });
}

/** The path as text, which `parsePath` reads back. */
export function formatPath(steps: readonly Step[]): string {
  const escaped = (text: string): string => text.replace(ESCAPED, '\\$&');
  return steps
    .map(({ key, select }) => {
      if (select === undefined) return escaped(key);
      const element =
        'index' in select
          ? String(select.index)
          : `${escaped(select.field)}=${select.text.replace(/[\]\\]/g, '\\$&')}`;
      return `${escaped(key)}[${element}]`;
    })
    .join('.');
}

export type Resolved =
  | { readonly type: 'found'; readonly value: Reached }
  | { readonly type: 'missing'; readonly at: string }
  | { readonly type: 'ambiguous'; readonly at: string };

/** Goes along a path from a document's root, or any node of it. `at` is the path up to the step that failed. */
export function resolvePath(root: YamlNode | Reached | undefined, steps: readonly Step[]): Resolved {
  let current = root !== undefined && 'node' in root ? root : follow(root);
  for (const [index, step] of steps.entries()) {
    const at = formatPath(steps.slice(0, index + 1));
    current = stepInto(current, step.key);
    if (step.select !== undefined) {
      const found = selected(current, step.select);
      if (found.length > 1) return { type: 'ambiguous', at };
      current = found[0];
    }
    if (current === undefined) return { type: 'missing', at };
  }
  return current === undefined ? { type: 'missing', at: '' } : { type: 'found', value: current };
}

/** As `resolvePath`, with the way that was taken: where a key has dots itself, several steps are one. */
export type ResolvedWay =
  | { readonly type: 'found'; readonly value: Reached; readonly steps: readonly Step[] }
  | Exclude<Resolved, { readonly type: 'found' }>;

/**
 * As `resolvePath`; where the path leads nowhere, dots may be those of a key: `image.tag` is then one key of that name. What is one
 * step each comes first, as Helm reads it.
 */
export function resolveDotted(root: YamlNode | Reached | undefined, steps: readonly Step[]): ResolvedWay {
  const plain = resolvePath(root, steps);
  if (plain.type === 'found') return { ...plain, steps };
  return plain.type === 'missing' ? (joinedWay(root, steps) ?? plain) : plain;
}

function joinedWay(root: YamlNode | Reached | undefined, steps: readonly Step[]): ResolvedWay | undefined {
  for (let taken = 1; taken <= steps.length; taken += 1) {
    const step = joined(steps.slice(0, taken));
    const below = step === undefined ? undefined : resolvePath(root, [step]);
    if (step === undefined || below?.type !== 'found') continue;
    const rest = steps.slice(taken);
    if (rest.length === 0) return { ...below, steps: [step] };
    const way = joinedWay(below.value, rest);
    if (way?.type === 'found') return { ...way, steps: [step, ...way.steps] };
  }
  return undefined;
}

/** Several steps as one key: only the last may select an element. */
function joined(steps: readonly Step[]): Step | undefined {
  if (steps.slice(0, -1).some(({ select }) => select !== undefined)) return undefined;
  const select = steps.at(-1)?.select;
  return { key: steps.map(({ key }) => key).join('.'), ...(select !== undefined && { select }) };
}

function stepInto(reached: Reached | undefined, key: string): Reached | undefined {
  if (reached?.node.kind !== 'sequence') return child(reached, key);
  return /^\d+$/.test(key) ? itemsOf(reached)[Number(key)] : undefined;
}

function selected(reached: Reached | undefined, select: NonNullable<Step['select']>): readonly Reached[] {
  if ('index' in select) return itemsOf(reached).slice(select.index, select.index + 1);
  return select.field === ''
    ? itemsNamed(reached, select.text)
    : itemsWith(reached, select.field, select.text);
}

/** The texts of a list that are references to the image of this name. */
export function itemsNamed(list: Reached | undefined, name: string): readonly Reached[] {
  const nameOf = (item: Reached | undefined) => (isScalar(item) ? imageName(item.node.text) : undefined);
  return itemsBy(list, 'name', nameOf, name);
}
