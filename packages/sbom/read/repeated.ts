import { WRAPPERS } from './envelope.ts';
import { DocumentError } from './json-builder.ts';
import { SECTIONS } from './reader.ts';

/** What is read of a document, or of what it is wrapped in; of anything else it may have more than one. */
const ONCE: ReadonlySet<string> = new Set([
  ...SECTIONS,
  ...WRAPPERS,
  ...['payload', 'payloadType', 'predicateType', 'attestations'],
  ...['bomFormat', 'specVersion', 'serialNumber', 'version', 'metadata', 'spdxVersion', '@context'],
]);
/** Of the longest of them, with each letter as an escape. */
const LONGEST = 6 * Math.max(...[...ONCE].map(({ length }) => length)) + 2;

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const COMMA = 0x2c;
/** `[` and `]`, or `{` and `}` with the bit of 0x20. */
const OPENS = 0x7b;
const CLOSES = 0x7d;
const BRACE = 0x7b;

/** An object whose names are looked at: the document, or one that it is wrapped in. */
interface Level {
  readonly names: Set<string>;
  /** How many objects and lists it lies in. */
  readonly depth: number;
  name: string | undefined;
}

/**
 * Throws where a document, or what it is wrapped in, says one thing twice: `JSON.parse` drops the first value without a word (RFC 8259,
 * 4: what a reader does then is not predictable). Looks at these few objects only, and of the rest at signs and where texts end.
 * @param bytes JSON that is known to be whole
 */
export function refuseRepeated(bytes: Uint8Array): void {
  const scan = startScan();
  for (let index = 0; index < bytes.length; index += 1) {
    const byte = bytes[index] ?? 0;
    if (byte === QUOTE) {
      const end = endOf(bytes, index);
      if (scan.takesName()) scan.name(bytes.subarray(index, end + 1));
      index = end;
    } else if (byte === COMMA) scan.next();
    else if (byte >= 0x5b) {
      const sign = byte | 0x20;
      if (sign === OPENS) scan.open(byte === BRACE);
      else if (sign === CLOSES) scan.close();
    }
  }
}

function startScan() {
  const levels: Level[] = [];
  let here: Level | undefined;
  let depth = 0;
  let mayName = false;
  return {
    /** Whether a text that comes now is a name of one of these objects. */
    takesName: () => mayName,
    name(written: Uint8Array) {
      if (here !== undefined) addName(here, written);
      mayName = false;
    },
    next() {
      mayName = here?.depth === depth;
    },
    open(isObject: boolean) {
      const isWrapped = here?.depth === depth && WRAPPERS.includes(here.name ?? '');
      depth += 1;
      mayName = isObject && (depth === 1 || isWrapped);
      if (!mayName) return;
      here = { names: new Set(), depth, name: undefined };
      levels.push(here);
    },
    close() {
      if (here?.depth === depth) {
        levels.pop();
        here = levels.at(-1);
      }
      depth -= 1;
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

function addName(level: Level, written: Uint8Array): void {
  level.name = undefined;
  if (written.length > LONGEST) return;
  const name: unknown = JSON.parse(decoder.decode(written));
  if (typeof name !== 'string') return;
  level.name = name;
  refuseSecond(level.names, name);
}

const decoder = new TextDecoder();

/** Throws where this name is among those that an object has already, and may be there only once; else it is among them from now on. */
export function refuseSecond(names: Set<string>, name: string): void {
  if (!ONCE.has(name)) return;
  if (names.has(name)) throw new DocumentError(`it has \`${name}\` twice`, 'repeated');
  names.add(name);
}
