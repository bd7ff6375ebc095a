/** Finds where a JSON object ends, piece by piece. */
export interface Extent {
  /** Given a piece of the object, from its opening brace on: the index after its end, or undefined where it goes on. */
  readonly endIn: (bytes: Buffer, from: number) => number | undefined;
}

const [QUOTE, BACKSLASH] = [0x22, 0x5c];
const OPENING: ReadonlySet<number> = new Set([0x7b, 0x5b]);
const CLOSING: ReadonlySet<number> = new Set([0x7d, 0x5d]);

/** Which braces and brackets belong together is left to who parses it. */
export function createExtent(): Extent {
  let depth = 0;
  let inText = false;
  /** Whether the piece before ended in a backslash that escapes what comes. */
  let escaping = false;

  function readText(bytes: Buffer, from: number): number {
    const quote = bytes.indexOf(QUOTE, from);
    if (quote < 0) return bytes.length;
    inText = isOdd(bytes, quote, escaping);
    return quote + 1;
  }

  /** Up to the next text, or the end of the object. */
  function readStructure(bytes: Buffer, from: number): number {
    for (let at = from; at < bytes.length; at++) {
      const byte = bytes[at] ?? 0;
      if (byte === QUOTE) inText = true;
      else if (OPENING.has(byte)) depth++;
      else if (CLOSING.has(byte)) depth--;
      else continue;
      if (inText || depth === 0) return at + 1;
    }
    return bytes.length;
  }

  return {
    endIn(bytes, from) {
      let at = from;
      while (at < bytes.length) {
        at = inText ? readText(bytes, at) : readStructure(bytes, at);
        if (depth === 0) return at;
      }
      escaping = inText && isOdd(bytes, bytes.length, escaping);
      return undefined;
    },
  };
}

/** Whether an odd number of backslashes stands before `at`; `before`: whether that is so before the first byte. */
function isOdd(bytes: Buffer, at: number, before: boolean): boolean {
  let start = at;
  while (start > 0 && bytes[start - 1] === BACKSLASH) start--;
  const odd = (at - start) % 2 === 1;
  return start === 0 ? odd !== before : odd;
}
