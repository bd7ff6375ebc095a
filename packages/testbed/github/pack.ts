import { createHash } from 'node:crypto';
import { deflateSync } from 'node:zlib';
import { gitBytes } from './git.ts';

/** Above so many blobs one pack is quicker to write and to serve than a file for each, as Git thinks too (fastimport.unpackLimit). */
export const PACK_FROM = 100;

const BLOB = 3;

/** The type and the size of an object: 4 bits of the size in the first byte, 7 in each that follows (https://git-scm.com/docs/pack-format). */
function objectHead(size: number): Buffer {
  const bytes: number[] = [];
  let rest = size >> 4;
  bytes.push((BLOB << 4) | (size & 15) | (rest > 0 ? 0x80 : 0));
  while (rest > 0) {
    const low = rest & 0x7f;
    rest >>= 7;
    bytes.push(low | (rest > 0 ? 0x80 : 0));
  }
  return Buffer.from(bytes);
}

/** Writes blobs as one pack. Resolves with their SHAs, in their order. */
export async function writeBlobs(dir: string, blobs: readonly Buffer[]): Promise<string[]> {
  const shas = blobs.map((data) =>
    createHash('sha1').update(`blob ${data.length}\0`).update(data).digest('hex'),
  );
  const once = new Map(shas.map((sha, index) => [sha, blobs[index] ?? Buffer.alloc(0)]));
  const head = Buffer.alloc(12);
  head.write('PACK');
  head.writeUInt32BE(2, 4);
  head.writeUInt32BE(once.size, 8);
  const objects = [...once.values()].flatMap((data) => [
    objectHead(data.length),
    deflateSync(data, { level: 1 }),
  ]);
  const whole = Buffer.concat([head, ...objects]);
  const end = createHash('sha1').update(whole).digest();
  await gitBytes(dir, ['index-pack', '--stdin'], Buffer.concat([whole, end]));
  return shas;
}
