import { expandedSize } from './expand.ts';
import { type Loaded, loadYaml } from './load.ts';
import { type Piece, sourcePieces } from './source-map.ts';
import { isApplicationSet } from './template.ts';
import type { ScalarNode, ValueNode, YamlNode } from './tree.ts';
import { isPlainSafe, type Splice, scalarText } from './write.ts';

/** A text of YAML inside a scalar of another one: a patch in a kustomization, the values of a chart in an Application. */
export interface Embedded {
  readonly scalar: ScalarNode;
  /** The scalar's decoded text, which the offsets of `documents` are of. */
  readonly text: string;
  readonly documents: readonly YamlNode[];
}

/** Aliases inside a text may come to this many nodes for each of its characters. */
const MAX_NODES_PER_CHARACTER = 10;

/** Why a text is not read. */
type Unread = Pick<Extract<Loaded, { readonly ok: false }>, 'reason' | 'message'>;

const known = new WeakMap<ScalarNode, Embedded | Unread>();
const roots = new WeakMap<YamlNode, Embedded>();

/** Reads a scalar's text as YAML; in one sentence why not, where it is none or not worth its size. The same scalar gives the same nodes. */
export function readEmbedded(scalar: ScalarNode): Embedded | Unread {
  const embedded = known.get(scalar) ?? parse(scalar);
  known.set(scalar, embedded);
  return embedded;
}

function parse(scalar: ScalarNode): Embedded | Unread {
  const { text } = scalar;
  const loaded = loadYaml(text, isApplicationSet(rootOf(scalar)));
  if (!loaded.ok) return { reason: loaded.reason, message: loaded.message };
  const { documents } = loaded;
  if (text.includes('*') && expandedSize(documents) > MAX_NODES_PER_CHARACTER * text.length) {
    return { reason: 'too-large', message: 'its aliases multiply without end, and it is not read' };
  }
  const embedded = { scalar, text, documents };
  for (const document of documents) roots.set(document, embedded);
  return embedded;
}

/** The text that a node stands in, where that is inside a scalar; undefined where it is the file itself. */
export function embeddingOf(node: ValueNode): Embedded | undefined {
  return roots.get(rootOf(node));
}

function rootOf(node: ValueNode): ValueNode {
  let root = node;
  while (root.parent !== undefined) root = root.parent;
  return root;
}

export type Lifted =
  | { readonly ok: true; readonly splices: readonly Splice[] }
  | { readonly ok: false; readonly why: string };

/**
 * Turns splices of an embedded text into splices of the text that holds its scalar. Only the bytes that stand for what is replaced
 * change; a form in which that cannot be is a refusal.
 */
export function liftSplices(source: string, embedded: Embedded, splices: readonly Splice[]): Lifted {
  const { scalar } = embedded;
  const pieces = sourcePieces(source, scalar);
  if (pieces === undefined) return refused('its text is folded in a way that cannot be followed');
  const lifted: Splice[] = [];
  for (const one of splices) {
    const splice = behindLine(one, embedded.text);
    const range = outerRange(pieces, splice, scalar, embedded.text.length);
    const column = range.start - (source.lastIndexOf('\n', range.start - 1) + 1);
    const text = encoded(source, scalar, splice, embedded.text, column);
    if (text === undefined) return refused(`the new text does not fit into a ${NAMES[scalar.style]}`);
    lifted.push({ ...range, text });
  }
  return { ok: true, splices: lifted };
}

const refused = (why: string): Lifted => ({ ok: false, why: `it is inside another text: ${why}` });

const NAMES = {
  plain: 'text without quotes',
  single: 'text in single quotes',
  double: 'text in double quotes',
  literal: 'literal block (`|`)',
  folded: 'folded block (`>`)',
} as const;

/** The same edit, but of whole lines it takes the line end before them instead of the one behind: there the last line has none of its own. */
function behindLine(splice: Splice, inner: string): Splice {
  const { start, end, text } = splice;
  const isRemoved = end > start && inner[end - 1] === '\n';
  if (isRemoved && text.endsWith('\n')) return { start, end: end - 1, text: text.slice(0, -1) };
  if (start === 0 || inner[start - 1] !== '\n') return splice;
  if (isRemoved && text === '') return { start: start - 1, end: end - 1, text };
  if (end === start && text.endsWith('\n'))
    return { start: start - 1, end: start - 1, text: `\n${text.slice(0, -1)}` };
  return splice;
}

function outerRange(pieces: readonly Piece[], { start, end }: Splice, { style }: ScalarNode, length: number) {
  const from = start < length ? offsetOf(pieces, start) : offsetAfter(pieces, length - 1);
  if (start === end) return { start: from, end: from };
  // The lines of a block begin behind their indentation; in quotes what stands between is not to be touched.
  const isBlock = style === 'literal' || style === 'folded';
  return { start: from, end: isBlock && end < length ? offsetOf(pieces, end) : offsetAfter(pieces, end - 1) };
}

function offsetOf(pieces: readonly Piece[], inner: number): number {
  const piece = pieceOf(pieces, inner);
  return piece.even ? piece.outer + (inner - piece.inner) : piece.outer;
}

function offsetAfter(pieces: readonly Piece[], inner: number): number {
  const piece = pieceOf(pieces, inner);
  return piece.even ? piece.outer + (inner - piece.inner) + 1 : piece.outerEnd;
}

function pieceOf(pieces: readonly Piece[], inner: number): Piece {
  let [low, high] = [0, pieces.length - 1];
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if ((pieces[middle]?.inner ?? 0) <= inner) low = middle;
    else high = middle - 1;
  }
  const piece = pieces[low];
  if (piece === undefined) throw new RangeError('an embedded text is empty');
  return piece;
}

/** The new text as it stands in the scalar; undefined where that form cannot hold it. */
function encoded(
  source: string,
  scalar: ScalarNode,
  splice: Splice,
  inner: string,
  column: number,
): string | undefined {
  const { text } = splice;
  const isQuoted = scalar.style === 'double' || scalar.style === 'single';
  // Beside a fold white space belongs to the fold.
  const isFolded = isQuoted && source.slice(scalar.start, scalar.end).includes('\n');
  if (isFolded && (text === '' || text.trim() !== text)) return undefined;
  switch (scalar.style) {
    case 'double':
      return scalarText(text, 'double', true).slice(1, -1);
    case 'single':
      return /[\p{Cc}\ufeff\u2028\u2029]/u.test(text) ? undefined : text.replaceAll("'", "''");
    case 'literal':
      return literalText(source, scalar, splice, inner, column);
    case 'folded':
      return foldedText(splice, inner);
    case 'plain': {
      const whole = inner.slice(0, splice.start) + text + inner.slice(splice.end);
      return isPlainSafe(whole, scalar.flow) ? text : undefined;
    }
  }
}

/** Only inside of one line: at a line's end or beginning white space would change how the lines are folded. */
function foldedText({ start, end, text }: Splice, inner: string): string | undefined {
  const isInLine = text !== '' && !/[\p{Cc}\ufeff]|^\s|\s$/u.test(text);
  const around = inner.slice(Math.max(start - (start === end ? 1 : 0), 0), end + (start === end ? 1 : 0));
  return isInLine && around.length > 0 && !around.includes('\n') ? text : undefined;
}

function literalText(
  source: string,
  { indent }: ScalarNode,
  { start, end, text }: Splice,
  inner: string,
  column: number,
): string | undefined {
  if (indent < 1 || /[^\P{Cc}\n\t]|\ufeff/u.test(text)) return undefined;
  // The first line tells the block's indentation, and the last ones the chomping: neither may become empty or begin with white space.
  const whole = inner.slice(0, start) + text + inner.slice(end);
  const trailing = (all: string): string => /\n*$/.exec(all)?.[0] ?? '';
  if (/^\s/.test(whole) || whole === '' || trailing(whole) !== trailing(inner)) return undefined;
  const lines = text.split('\n');
  const isRest = end < inner.length && inner[end] !== '\n';
  const indented = lines.map((line, index) => {
    const isBlank = line === '' && !(index === lines.length - 1 && isRest);
    // An empty line has no indentation, or not all of it.
    const has = index === 0 ? column : 0;
    return isBlank ? '' : ' '.repeat(Math.max(indent - has, 0)) + line;
  });
  return indented.join(/\r?\n/.exec(source)?.[0] ?? '\n');
}
