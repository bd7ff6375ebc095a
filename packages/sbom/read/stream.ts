import { createReadStream } from 'node:fs';
import { Tokenizer, TokenType } from '@streamparser/json';
import type { Json } from '../json.ts';
import type { Sbom } from '../types.ts';
import { WRAPPERS } from './envelope.ts';
import type { Gatherer } from './gather.ts';
import { type Builder, DocumentError, startBuilder, type TokenKind } from './json-builder.ts';
import { KEPT } from './kept.ts';
import { SECTIONS } from './reader.ts';
import { twice } from './repeated.ts';

/** A component with all that is nested in it is held at once; nothing that is an SBOM is deeper, or larger. */
const LIMITS = { depth: 1_000_000, values: 2_000_000 };
/** Bytes of one text: a payload in base64 is one, and GitHub takes no attestation above 16 MB. */
const LONGEST = 48 * 2 ** 20;

/** Reads a file piece by piece. What is held at one time is one entry, and what the gatherer makes of it. */
export async function streamFile(path: string, gatherer: Gatherer): Promise<Sbom> {
  const builder = startBuilder({
    keeps: (name) => KEPT.has(name),
    handsOn: (names) => SECTIONS.includes(names.at(-1) ?? '') && names.slice(0, -1).every(isWrapper),
    hand: gatherer.entry,
    refuse: twice,
    limits: LIMITS,
  });
  return gatherer.finish(await tokenize(path, builder));
}

const isWrapper = (name: string): boolean => WRAPPERS.includes(name);

/** A builder's words for the tokens that are signs or texts; all others are values. */
export const KINDS: ReadonlyMap<TokenType, TokenKind> = new Map([
  [TokenType.LEFT_BRACE, '{'],
  [TokenType.RIGHT_BRACE, '}'],
  [TokenType.LEFT_BRACKET, '['],
  [TokenType.RIGHT_BRACKET, ']'],
  [TokenType.COLON, ':'],
  [TokenType.COMMA, ','],
  [TokenType.STRING, 'text'],
]);

async function tokenize(path: string, builder: Builder): Promise<Json> {
  const tokenizer = new Tokenizer();
  let seen = 0;
  let last = 0;
  tokenizer.onToken = ({ token, value, offset }) => {
    last = offset;
    builder.take(KINDS.get(token) ?? 'other', value ?? null);
  };
  try {
    for await (const piece of createReadStream(path, { highWaterMark: 2 ** 16 })) {
      tokenizer.write(piece);
      seen += piece.length;
      if (seen - last > LONGEST)
        throw new DocumentError(`it has more than ${LONGEST / 2 ** 20} MB in one text`, 'too-large');
    }
    if (!tokenizer.isEnded) tokenizer.end();
    return builder.finish();
  } catch (error) {
    if (error instanceof DocumentError && error.kind !== 'broken') throw error;
    // The tokenizer's own words quote what it found, which is not ours to show.
    const why = error instanceof DocumentError ? `: ${error.message}` : '';
    throw new DocumentError(`it is no JSON, after ${last} bytes${why}`, 'broken', { cause: error });
  }
}
