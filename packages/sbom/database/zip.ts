import { Readable } from 'node:stream';
import { crc32, inflateRawSync } from 'node:zlib';
import type { Entry, ZipFile } from 'yauzl';
import { holdsRecords } from './files.ts';
import { createWindow, type Window } from './window.ts';

const PIECE = 64 * 1024;

/** A file of an archive. */
export interface ZipEntry {
  readonly name: string;
  /** What is in it: in one piece up to `whole` bytes, in several above. Throws an Error where it is not what the archive says of it. */
  readonly read: (whole: number) => AsyncIterable<Buffer>;
}

/** The files of an archive that can hold records, in its own order. Throws an Error where the archive is broken. */
export async function* zipEntries(descriptor: number, size: number): AsyncGenerator<ZipEntry> {
  const window = createWindow(descriptor);
  const archive = await openArchive(size, window);
  for await (const entry of archive.eachEntry()) {
    if (entry.fileName.endsWith('/') || !holdsRecords(entry.fileName)) continue;
    if (!entry.canDecodeFileData())
      throw new Error(`${entry.fileName} is encrypted, or packed in a way that is not known here`);
    yield { name: entry.fileName, read: contentOf(archive, entry, window) };
  }
}

async function openArchive(size: number, window: Window): Promise<ZipFile> {
  const { RandomAccessReader, fromRandomAccessReaderPromise } = await import('yauzl');
  /** Reads at once: by the thread pool, as yauzl does it, the small reads of 20,000 entries take seconds. */
  class DescriptorReader extends RandomAccessReader {
    override read(
      buffer: Buffer,
      offset: number,
      length: number,
      position: number,
      callback: (error: Error | null) => void,
    ): void {
      window(buffer.subarray(offset, offset + length), position);
      callback(null);
    }
    override _readStreamForRange(start: number, end: number) {
      return Readable.from(rangeOf(window, start, end));
    }
    override close(callback: (error: Error | null) => void): void {
      callback(null);
    }
  }
  return fromRandomAccessReaderPromise(new DescriptorReader(), size, { autoClose: false });
}

function* rangeOf(window: Window, start: number, end: number): Generator<Buffer> {
  for (let at = start; at < end; at += PIECE) {
    const piece = Buffer.allocUnsafe(Math.min(PIECE, end - at));
    window(piece, at);
    yield piece;
  }
}

/** yauzl leaves the checksums unchecked: a flipped bit may turn one version into another. */
const contentOf = (archive: ZipFile, entry: Entry, window: Window) =>
  async function* read(whole: number): AsyncGenerator<Buffer> {
    let sum = 0;
    for await (const bytes of await piecesOf(archive, entry, window, whole)) {
      sum = crc32(bytes, sum);
      yield bytes;
    }
    if (sum !== entry.crc32) throw new Error('its checksum is not the one that the archive has of it');
  };

async function piecesOf(
  archive: ZipFile,
  entry: Entry,
  window: Window,
  whole: number,
): Promise<AsyncIterable<Buffer> | Iterable<Buffer>> {
  if (entry.uncompressedSize > whole || entry.compressedSize > whole)
    return archive.openReadStreamPromise(entry);
  const { fileDataStart } = await archive.readLocalFileHeaderPromise(entry, { minimal: true });
  const packed = Buffer.allocUnsafe(entry.compressedSize);
  window(packed, fileDataStart);
  return [entry.compressionMethod === 0 ? packed : inflate(packed, entry.uncompressedSize)];
}

/** Never more than the archive says: what unpacks to more is no entry of it. */
function inflate(packed: Buffer, size: number): Buffer {
  const bytes = inflateRawSync(packed, { maxOutputLength: Math.max(size, 1), chunkSize: Math.max(size, 64) });
  if (bytes.length !== size) throw new Error(`it unpacks to ${bytes.length} bytes and not to ${size}`);
  return bytes;
}
