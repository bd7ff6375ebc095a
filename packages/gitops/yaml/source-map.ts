import type { ScalarNode } from './tree.ts';

/** A stretch of a scalar's decoded text and of the source that it stands for. */
export interface Piece {
  readonly inner: number;
  readonly outer: number;
  readonly outerEnd: number;
  /** Each character of the source stands for itself; else the whole stretch stands for what it decodes to. */
  readonly even: boolean;
}

interface Decoder {
  text: string;
  readonly pieces: Piece[];
}

/** Where each part of a scalar's decoded text stands in the source; undefined for a form that is not followed. */
export function sourcePieces(source: string, scalar: ScalarNode): readonly Piece[] | undefined {
  if (scalar.start < 0) return undefined;
  const decoder: Decoder = { text: '', pieces: [] };
  if (scalar.style === 'literal' || scalar.style === 'folded') readBlock(source, scalar, decoder);
  else readFlow(source, scalar, decoder);
  // What this reading does not get as the parser does is not followed.
  const isSame = decoder.text === scalar.text || isChomped(decoder.text, scalar);
  return isSame && decoder.pieces.length > 0 ? decoder.pieces : undefined;
}

/** Of a block the line ends behind the last line are the chomping's. */
function isChomped(text: string, { style, text: wanted }: ScalarNode): boolean {
  if (style !== 'literal' && style !== 'folded') return false;
  return (
    text.startsWith(wanted.replace(/\n+$/, '')) && /^\n*$/.test(text.slice(wanted.replace(/\n+$/, '').length))
  );
}

function add(decoder: Decoder, text: string, outer: number, outerEnd: number): void {
  const even = text.length === outerEnd - outer;
  if (text !== '') decoder.pieces.push({ inner: decoder.text.length, outer, outerEnd, even });
  decoder.text += text;
}

function readBlock(source: string, scalar: ScalarNode, decoder: Decoder): void {
  const line = /([^\r\n]*)(\r\n|\r|\n|$)/y;
  let at = scalar.start;
  const isFolded = scalar.style === 'folded';
  while (at < scalar.end) {
    line.lastIndex = at;
    const [, content = '', eol = ''] = line.exec(source) ?? [];
    const text = content.slice(scalar.indent);
    const textAt = at + content.length - text.length;
    add(decoder, text, textAt, textAt + text.length);
    at += content.length;
    const folds = isFolded && foldsInto(source.slice(at + eol.length, scalar.end), text, scalar.indent);
    add(decoder, eol === '' ? '' : folds ? ' ' : '\n', at, at + eol.length);
    at += Math.max(eol.length, 1);
  }
}

/** Whether the line end behind a line of a folded block is a space: both lines have text, and neither is indented deeper. */
function foldsInto(rest: string, text: string, indent: number): boolean {
  const next = /^[^\r\n]*/.exec(rest)?.[0].slice(indent) ?? '';
  return text !== '' && next !== '' && !/^\s/.test(text) && !/^\s/.test(next);
}

function readFlow(source: string, scalar: ScalarNode, decoder: Decoder): void {
  const quote = scalar.style === 'plain' ? 0 : 1;
  const end = scalar.end - quote;
  const special = new RegExp(
    SPECIAL[scalar.style === 'single' || scalar.style === 'double' ? scalar.style : 'plain'],
    'g',
  );
  let at = scalar.start + quote;
  while (at < end) {
    special.lastIndex = at;
    const found = Math.min(special.exec(source)?.index ?? end, end);
    const isFold = found < end && /[\r\n]/.test(source[found] ?? '');
    // White space before and behind a line end belongs to the fold.
    const runEnd = isFold ? at + source.slice(at, found).trimEnd().length : found;
    add(decoder, source.slice(at, runEnd), at, runEnd);
    if (found === end) return;
    const token = isFold ? FOLD : ESCAPE;
    token.lastIndex = runEnd;
    const [part = ''] = token.exec(source) ?? [];
    if (part === '') return;
    add(decoder, decoded(part), runEnd, runEnd + part.length);
    at = runEnd + part.length;
  }
}

/** What does not stand for itself. */
const SPECIAL = { plain: /[\r\n]/, single: /['\r\n]/, double: /[\\\r\n]/ } as const;
const FOLD = /[ \t]*(?:\r\n|\r|\n)[ \t\r\n]*/y;
const ESCAPE = /''|\\(?:x[\da-fA-F]{2}|u[\da-fA-F]{4}|U[\da-fA-F]{8}|(?:\r\n|\r|\n)[ \t]*|[^\r\n])/y;

const ESCAPES: Readonly<Record<string, string>> = {
  '0': '\0',
  a: '\x07',
  b: '\b',
  t: '\t',
  '\t': '\t',
  n: '\n',
  v: '\v',
  f: '\f',
  r: '\r',
  e: '\x1b',
  N: '\x85',
  _: '\xa0',
  L: '\u2028',
  P: '\u2029',
};

function decoded(part: string): string {
  if (part === "''") return "'";
  if (/^[ \t]*[\r\n]/.test(part)) {
    const lines = part.match(/\r\n|\r|\n/g)?.length ?? 1;
    return lines === 1 ? ' ' : '\n'.repeat(lines - 1);
  }
  if (!part.startsWith('\\')) return part;
  const [, letter = ''] = part;
  if (/[\r\n]/.test(letter)) return '';
  if (/[xuU]/.test(letter)) return String.fromCodePoint(Number.parseInt(part.slice(2), 16));
  return ESCAPES[letter] ?? letter;
}
