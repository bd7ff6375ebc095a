import type { Scalar } from '../scalar.ts';
import { blockText } from './block.ts';
import type { ScalarNode } from './tree.ts';
import { readPlain, readScalar } from './value.ts';

/** Replaces `start` to `end` (UTF-16 offsets) by `text`. */
export interface Splice {
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

export type Written =
  | { readonly ok: true; readonly splice: Splice }
  | { readonly ok: false; readonly why: string };

/**
 * The splice that makes a scalar hold `value`, in the quotes that it has. An unquoted string is quoted only
 * where a YAML 1.1 or 1.2 reader would not read that string back. `source` is the text that the node is of;
 * `plain` is how a number or boolean is to be spelled.
 */
export function writeScalar(source: string, node: ScalarNode, value: Scalar, plain?: string): Written {
  if (node.tag !== undefined && !/^!(?:!str)?$/.test(node.tag)) {
    return { ok: false, why: `it carries the tag ${node.tag}` };
  }
  if (node.start < 0) return { ok: false, why: 'it is empty and has no place of its own in the text' };
  if (node.style === 'literal' || node.style === 'folded') {
    const text = typeof value === 'string' ? blockText(source, node, value) : undefined;
    if (text === undefined) return { ok: false, why: 'it is a block scalar (`|` or `>`)' };
    return { ok: true, splice: { start: node.start, end: node.end, text } };
  }
  const text = plain ?? scalarText(value, isBareInJson(node) ? 'double' : node.style, node.flow);
  // An empty value stands directly behind its colon, anchor or tag.
  const gap = node.start === node.end ? ' ' : '';
  return { ok: true, splice: { start: node.start, end: node.end, text: gap + text } };
}

/** A number, boolean or null in a JSON file: a string in its place needs the quotes that JSON has no strings without. */
function isBareInJson(node: ScalarNode): boolean {
  if (node.style !== 'plain' || !node.flow || typeof readScalar(node) === 'string') return false;
  let mapping = node.parent;
  while (mapping?.kind === 'sequence') mapping = mapping.parent;
  return mapping?.entries.every(({ key }) => key.kind === 'scalar' && key.style === 'double') ?? true;
}

/** A scalar's text in the given style; `plain` becomes double quotes where it must. */
export function scalarText(value: Scalar, style: 'plain' | 'single' | 'double', flow: boolean): string {
  if (typeof value !== 'string') return String(value);
  if (style === 'plain' && isPlainSafe(value, flow)) return value;
  // A single-quoted scalar has no escapes, and folds its line ends.
  if (style === 'single' && !UNPRINTABLE.test(value)) return `'${value.replaceAll("'", "''")}'`;
  return doubleQuoted(value);
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: these are the ones that must be escaped
const UNPRINTABLE = /[\x00-\x1f\x7f-\x9f\u2028\u2029\ufeff\ufffe\uffff]/;

function doubleQuoted(text: string): string {
  // JSON leaves these as they are, YAML does not.
  return JSON.stringify(text).replace(/[\x7f-\x9f\u2028\u2029\ufeff\ufffe\uffff]/g, (char) => {
    return `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`;
  });
}

/** Whether a text may stand unquoted: YAML 1.1, YAML 1.2 and go-yaml all read the very same string. */
export function isPlainSafe(text: string, flow = false): boolean {
  if (text === '' || text.trim() !== text || UNPRINTABLE.test(text)) return false;
  if (/^[-?:,[\]{}#&*!|>'"%@`=]/.test(text) || /^(?:\.\.\.|<<)/.test(text)) return false;
  if (/:(?:\s|$)|\s#/.test(text) || (flow && /[,[\]{}]|:[,[\]{}]/.test(text))) return false;
  // go-yaml drops every `_` before it looks for a number; js-yaml only some of them.
  if (!isText(text) || !isText(text.replaceAll('_', ''))) return false;
  return !/^\d{4}-\d\d?-\d\d?(?:$|[Tt\s])/.test(text);
}

function isText(text: string): boolean {
  const { core, yaml11 } = readPlain(text);
  return text === '' || (typeof core === 'string' && typeof yaml11 === 'string');
}

/**
 * The number or boolean that this text is when it replaces a plain one unquoted; undefined where it must be written as a string.
 * Each reader must see the type that it saw before, and the two may disagree on the new value only where they did on the old one:
 * `yes` may become `no` and `0644` `0755`, but `2` does not become `010`.
 */
export function keepsType(node: ScalarNode, text: string): Scalar | undefined {
  if (node.style !== 'plain' || node.tag !== undefined) return undefined;
  const found = readPlain(node.text);
  const next = readPlain(text);
  if (typeof found.core !== typeof next.core || typeof found.yaml11 !== typeof next.yaml11) return undefined;
  if (next.core !== next.yaml11 && found.core === found.yaml11) return undefined;
  // As `readScalar` reads it back.
  const value = typeof next.yaml11 === 'string' ? next.core : next.yaml11;
  return typeof value === 'number' || typeof value === 'boolean' ? value : undefined;
}
