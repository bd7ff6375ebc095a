import { createExtent, type Extent } from './extent.ts';

/** Takes the records out of a JSON file piece by piece: one record, one after another, or a list of them. */
export interface Splitter {
  /** The texts of the records that are complete with these bytes; they may share their memory. Throws an Error where it is no such file. */
  push(bytes: Buffer): Iterable<Buffer>;
  /** Throws where the file ends too early. */
  end(): void;
}

/** Where between the records it stands. */
type Between =
  | 'start'
  /** After a record that stands in no list: another may follow, as in JSON lines. */
  | 'lines'
  | 'list-start'
  | 'after-entry'
  | 'after-comma'
  | 'list-end';

/** `limit`: of one record, in bytes; `tooLong` is what is thrown above it. */
export function splitRecords(limit: number, tooLong: () => Error): Splitter {
  let between: Between = 'start';
  /** The record that earlier pieces have begun. */
  let begun: { readonly extent: Extent; readonly pieces: Buffer[]; size: number } | undefined;

  /** The record whose next piece begins at `at`, and where that ends; undefined: it goes on. */
  function take(bytes: Buffer, at: number): { record: Buffer; end: number } | undefined {
    begun ??= { extent: createExtent(), pieces: [], size: 0 };
    const end = begun.extent.endIn(bytes, at);
    const piece = bytes.subarray(at, end);
    begun.size += piece.length;
    if (begun.size > limit) throw tooLong();
    if (end === undefined) {
      begun.pieces.push(Buffer.from(piece));
      return undefined;
    }
    const record = begun.pieces.length === 0 ? piece : Buffer.concat([...begun.pieces, piece]);
    begun = undefined;
    return { record, end };
  }

  return {
    *push(bytes) {
      for (let at = 0; at < bytes.length; ) {
        const byte = bytes[at] ?? 0;
        if (begun === undefined && byte !== OPEN_OBJECT) {
          between = after(between, byte);
          at++;
          continue;
        }
        if (begun === undefined) between = afterRecord(between);
        const taken = take(bytes, at);
        if (taken === undefined) return;
        yield taken.record;
        at = taken.end;
      }
    },
    end() {
      if (begun !== undefined || between.startsWith('after') || between === 'list-start')
        throw new Error('the file ends in the middle');
    },
  };
}

const [COMMA, OPEN_LIST, CLOSE_LIST, OPEN_OBJECT] = [0x2c, 0x5b, 0x5d, 0x7b];
const SPACE: ReadonlySet<number> = new Set([0x20, 0x09, 0x0a, 0x0d]);

function afterRecord(between: Between): Between {
  if (between === 'start' || between === 'lines') return 'lines';
  if (between === 'list-start' || between === 'after-comma') return 'after-entry';
  throw unexpected(between, OPEN_OBJECT);
}

function after(between: Between, byte: number): Between {
  if (SPACE.has(byte)) return between;
  if (byte === OPEN_LIST && between === 'start') return 'list-start';
  if (byte === COMMA && between === 'after-entry') return 'after-comma';
  if (byte === CLOSE_LIST && (between === 'list-start' || between === 'after-entry')) return 'list-end';
  throw unexpected(between, byte);
}

const unexpected = (between: Between, byte: number): Error =>
  new Error(
    `it is no JSON of OSV records: ${JSON.stringify(String.fromCharCode(byte))} stands where ${WANTED[between]}`,
  );

const WANTED: Readonly<Record<Between, string>> = {
  start: 'a record or a list of records begins',
  lines: 'the next record begins',
  'list-start': 'the first record begins',
  'after-entry': 'a comma or the end of the list is due',
  'after-comma': 'the next record begins',
  'list-end': 'nothing may follow',
};
