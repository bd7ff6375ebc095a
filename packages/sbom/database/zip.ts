import { crc32, inflateRawSync } from 'node:zlib';
import type { Entry, ZipFile } from 'yauzl';
import { holdsRecords, isPacked } from './files.ts';
import { createWindow, type Window } from './window.ts';

/** A file of an archive. */
export interface ZipEntry {
  readonly name: string;
  /** In bytes, unpacked. */
  readonly size: number;
  /** What is in it. Throws an Error where that is not what the archive says of it. */
  readonly read: () => Promise<Buffer>;
}

/** The files of an archive that can hold records, in its own order. Throws an Error where the archive is broken. */
export async function* zipEntries(descriptor: number, size: number): AsyncGenerator<ZipEntry> {
  const window = createWindow(descriptor);
  const archive = await openArchive(size, window);
  for await (const entry of archive.eachEntry()) {
    if (isPacked(entry.fileName))
      throw new Error(`${entry.fileName} is packed in a way that is not read here`);
    if (entry.fileName.endsWith('/') || !holdsRecords(entry.fileName)) continue;
    if (!entry.canDecodeFileData())
      throw new Error(`${entry.fileName} is encrypted, or packed in a way that is not known here`);
    yield {
      name: entry.fileName,
      size: Math.max(entry.uncompressedSize, entry.compressedSize),
      read: () => contentOf(archive, entry, window),
    };
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
    override close(callback: (error: Error | null) => void): void {
      callback(null);
    }
  }
  return fromRandomAccessReaderPromise(new DescriptorReader(), size, { autoClose: false });
}

/** In one piece. yauzl leaves the checksum unchecked: a flipped bit may turn one version into another. */
async function contentOf(archive: ZipFile, entry: Entry, window: Window): Promise<Buffer> {
  const { fileDataStart } = await archive.readLocalFileHeaderPromise(entry, { minimal: true });
  const packed = Buffer.allocUnsafe(entry.compressedSize);
  window(packed, fileDataStart);
  const bytes = entry.compressionMethod === 0 ? packed : inflate(packed, entry.uncompressedSize);
  if (crc32(bytes) !== entry.crc32) throw new Error('its checksum is not the one that the archive has of it');
  return bytes;
}

/** How much is unpacked at once: most records are smaller, and an archive may say that each of its entries is large. */
const PIECE = 1024 * 1024;

/** Never more than the archive says: what unpacks to more is no entry of it. */
function inflate(packed: Buffer, size: number): Buffer {
  const chunkSize = Math.min(Math.max(size, 64), PIECE);
  const bytes = inflateRawSync(packed, { maxOutputLength: Math.max(size, 1), chunkSize });
  if (bytes.length !== size) throw new Error(`it unpacks to ${bytes.length} bytes and not to ${size}`);
  return bytes;
}
