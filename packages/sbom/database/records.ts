import { isUtf8 } from 'node:buffer';
import { closeSync, fstatSync, openSync, readSync } from 'node:fs';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { SluiceError } from '@sluice/core/errors';
import { at, type Json, text } from '../json.ts';
import { type OsvRecord, parseRecord } from '../osv/record.ts';
import { refuseRepeated, watch } from '../read/repeated.ts';
import { broken, empty, notFound, tooLarge } from './errors.ts';
import type { Limits } from './limits.ts';
import { splitRecords } from './split.ts';

/** How much of a file is read at once. */
const CHUNK = 1024 * 1024;
/** After as many, signals and timers have their turn. */
const TURN = 256;

/** All records of the files, one at a time. Throws a SluiceError that names file, and entry or record, of what is none. */
export async function* recordsOf(files: readonly string[], limits: Limits): AsyncGenerator<OsvRecord> {
  const budget = { bytes: limits.unpacked, files: limits.files };
  const spend = (place: string, bytes: number) => {
    budget.bytes -= bytes;
    if (budget.bytes < 0) throw tooLarge(place, `${limits.unpacked} bytes, unpacked,`);
  };
  for (const file of files) {
    let count = 0;
    for await (const { place, pieces } of partsOf(file, limits.record)) {
      if (--budget.files < 0) throw tooLarge(file, `${limits.files} files`);
      if (budget.files % TURN === 0) await nextTurn();
      for await (const record of recordsIn(place, pieces, limits.record, spend)) {
        count++;
        yield record;
      }
    }
    // A file of a database that says nothing is one that was not fetched whole.
    if (count === 0) throw empty(file);
  }
}

/** What holds records: a file, or each file of an archive. */
interface Part {
  readonly place: string;
  readonly pieces: AsyncIterable<Buffer>;
}

async function* partsOf(file: string, limit: number): AsyncGenerator<Part> {
  const { descriptor, size } = open(file);
  try {
    if (isArchive(file, descriptor)) yield* entriesOf(file, descriptor, size, limit);
    else yield { place: file, pieces: chunksOf(descriptor) };
  } finally {
    closeSync(descriptor);
  }
}

async function* entriesOf(
  file: string,
  descriptor: number,
  size: number,
  limit: number,
): AsyncGenerator<Part> {
  // Late: zlib takes 4 ms of a start, and many databases are no archive.
  const { zipEntries } = await import('./zip.ts');
  const entries = zipEntries(descriptor, size);
  for (;;) {
    const next = await entries.next().catch((cause: unknown) => {
      throw broken(file, cause);
    });
    if (next.done) return;
    const place = `${file}: ${next.value.name}`;
    if (next.value.size > limit) throw tooLarge(place, `${limit} bytes in one file of an archive`);
    yield { place, pieces: once(next.value.read) };
  }
}

async function* once(read: () => Promise<Buffer>): AsyncGenerator<Buffer> {
  yield await read();
}

function open(file: string): { descriptor: number; size: number } {
  try {
    const descriptor = openSync(file, 'r');
    return { descriptor, size: fstatSync(descriptor).size };
  } catch (cause) {
    throw notFound(file, cause);
  }
}

/** By its first bytes (`PK`, APPNOTE.TXT 4.3.6): a download has any name. */
function isArchive(file: string, descriptor: number): boolean {
  const head = Buffer.alloc(2);
  try {
    return readSync(descriptor, head, 0, 2, 0) === 2 && head.toString('latin1') === 'PK';
  } catch (cause) {
    throw notFound(file, cause);
  }
}

async function* chunksOf(descriptor: number): AsyncGenerator<Buffer> {
  // Not more than a small file needs: a folder has thousands of them.
  const buffer = Buffer.allocUnsafe(Math.max(1, Math.min(CHUNK, fstatSync(descriptor).size)));
  for (let at = 0; ; ) {
    const read = readSync(descriptor, buffer, 0, buffer.length, at);
    if (read === 0) return;
    if (at > 0) await nextTurn();
    at += read;
    yield buffer.subarray(0, read);
  }
}

async function* recordsIn(
  place: string,
  pieces: AsyncIterable<Buffer>,
  limit: number,
  spend: (place: string, bytes: number) => void,
): AsyncGenerator<OsvRecord> {
  const splitter = splitRecords(limit, () => tooLarge(place, `${limit} bytes in one record`));
  let number = 0;
  try {
    let first = true;
    for await (const piece of pieces) {
      spend(place, piece.length);
      for (const bytes of splitter.push(first ? withoutMark(piece) : piece)) {
        number++;
        yield recordOf(bytes);
      }
      first = false;
    }
    splitter.end();
  } catch (cause) {
    throw brokenAt(place, number, cause);
  }
}

/** Some writers begin a file with it: U+FEFF. */
const withoutMark = (bytes: Buffer): Buffer =>
  bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf ? bytes.subarray(3) : bytes;

/** What decides whether a package is affected, and by what. */
const OF_RECORDS = watch([
  ...['id', 'modified', 'withdrawn', 'aliases', 'upstream', 'severity', 'type', 'score'],
  ...['database_specific', 'ecosystem_specific'],
  ...['affected', 'package', 'ecosystem', 'name', 'versions', 'ranges', 'events'],
  ...['introduced', 'fixed', 'last_affected', 'limit'],
]);

function recordOf(bytes: Buffer): OsvRecord {
  if (!isUtf8(bytes)) throw new Error('it is not UTF-8');
  const json: Json = JSON.parse(bytes.toString('utf8'));
  refuseRepeated(bytes, OF_RECORDS);
  try {
    return parseRecord(json);
  } catch (cause) {
    const id = text(at(json, 'id'));
    throw id === undefined
      ? cause
      : new Error(`${id}: ${cause instanceof Error ? cause.message : cause}`, { cause });
  }
}

/** The first record of a file with one goes without a number. */
const brokenAt = (place: string, number: number, cause: unknown): unknown =>
  cause instanceof SluiceError ? cause : broken(number > 1 ? `${place}, record ${number}` : place, cause);
