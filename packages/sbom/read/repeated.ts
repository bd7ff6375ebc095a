import { DocumentError } from './json-builder.ts';
import { KEPT } from './kept.ts';

/** Names that an object may have once only. */
export interface Watched {
  /** By their length in bytes. */
  readonly byLength: ReadonlyMap<number, readonly Name[]>;
  readonly byText: ReadonlyMap<string, Name>;
  /** As many numbers hold a bit for each of them. */
  readonly words: number;
  /** The longest that one of them can be written, with each letter as an escape. */
  readonly longest: number;
}

interface Name {
  readonly text: string;
  readonly bytes: Uint8Array;
  readonly index: number;
}

/** Bits of a number that stay those of an integer. */
const BITS = 31;

export function watch(names: Iterable<string>): Watched {
  const all = [...new Set(names)].map((text, index) => ({ text, bytes: Buffer.from(text), index }));
  const byLength = new Map<number, Name[]>();
  for (const name of all) byLength.set(name.bytes.length, [...(byLength.get(name.bytes.length) ?? []), name]);
  return {
    byLength,
    byText: new Map(all.map((name) => [name.text, name])),
    words: Math.ceil(all.length / BITS),
    longest: 6 * Math.max(...all.map(({ text }) => text.length)),
  };
}

const OF_SBOMS = watch([...KEPT, 'attestations']);

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const COMMA = 0x2c;
/** `[` and `]`, or `{` and `}` with the bit of 0x20. */
const OPENS = 0x7b;
const CLOSES = 0x7d;
const BRACE = 0x7b;

/**
 * Throws where an object says one thing twice: `JSON.parse` drops the first value without a word (RFC 8259, 4: what a reader does then is
 * not predictable). Below a name that is none of those that are watched nothing is read, and nothing looked at.
 * @param bytes JSON that is known to be whole
 */
export function refuseRepeated(bytes: Uint8Array, watched = OF_SBOMS): void {
  const scan = startScan(watched);
  for (let index = 0; index < bytes.length; index += 1) {
    const byte = bytes[index] ?? 0;
    if (byte === QUOTE) {
      const end = endOf(bytes, index);
      if (scan.takesName()) scan.name(bytes, index + 1, end);
      index = end;
    } else if (byte === COMMA) scan.next();
    else if (byte >= 0x5b) {
      const sign = byte | 0x20;
      if (sign === OPENS) scan.open(byte === BRACE);
      else if (sign === CLOSES) scan.close();
    }
  }
}

function startScan(watched: Watched) {
  /** Of each level, whether it is an object, and bits of the names that it has. */
  const objects: boolean[] = [];
  const seen: number[] = [];
  let depth = 0;
  let mayName = false;
  /** The value that comes now is not read. */
  let passes = false;
  /** The depth at which what is not read began; 0: nothing is. */
  let passing = 0;
  return {
    /** Whether a text that comes now is a name that is looked at. */
    takesName: () => mayName,
    name(bytes: Uint8Array, start: number, end: number) {
      mayName = false;
      const name = nameIn(bytes, start, end, watched);
      passes = name === undefined;
      if (name === undefined) return;
      const word = depth * watched.words + Math.floor(name.index / BITS);
      const bit = 1 << (name.index % BITS);
      const before = seen[word] ?? 0;
      if ((before & bit) !== 0) throw twice(name.text);
      seen[word] = before | bit;
    },
    next() {
      passes = false;
      mayName = passing === 0 && objects[depth] === true;
    },
    open(isObject: boolean) {
      depth += 1;
      if (passing === 0 && passes) passing = depth;
      passes = false;
      objects[depth] = isObject;
      mayName = isObject && passing === 0;
      if (!mayName) return;
      for (let word = 0; word < watched.words; word += 1) seen[depth * watched.words + word] = 0;
    },
    close() {
      if (passing === depth) passing = 0;
      depth -= 1;
      passes = false;
      mayName = false;
    },
  };
}

/** The quote that ends a text. */
function endOf(bytes: Uint8Array, start: number): number {
  for (let end = bytes.indexOf(QUOTE, start + 1); ; end = bytes.indexOf(QUOTE, end + 1)) {
    if (end < 0) return bytes.length;
    let escapes = 0;
    while (bytes[end - 1 - escapes] === BACKSLASH) escapes += 1;
    if (escapes % 2 === 0) return end;
  }
}

function nameIn(
  bytes: Uint8Array,
  start: number,
  end: number,
  { byLength, byText, longest }: Watched,
): Name | undefined {
  const length = end - start;
  if (length > longest) return undefined;
  for (const name of byLength.get(length) ?? []) if (isAt(bytes, start, name.bytes)) return name;
  let hasEscape = false;
  for (let at = start; at < end && !hasEscape; at += 1) hasEscape = bytes[at] === BACKSLASH;
  if (!hasEscape) return undefined;
  const text: unknown = JSON.parse(decoder.decode(bytes.subarray(start - 1, end + 1)));
  return typeof text === 'string' ? byText.get(text) : undefined;
}

function isAt(bytes: Uint8Array, start: number, name: Uint8Array): boolean {
  for (let at = 0; at < name.length; at += 1) if (bytes[start + at] !== name[at]) return false;
  return true;
}

const decoder = new TextDecoder();

export const twice = (name: string): DocumentError =>
  new DocumentError(`it has \`${name}\` twice`, 'repeated');
