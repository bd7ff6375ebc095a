import { readSync } from 'node:fs';

/** What is read of a file at once, and how much of it is kept. */
const BLOCK = 128 * 1024;
const BLOCKS = 4;

/** Fills a buffer from a place of the file. */
export type Window = (target: Buffer, position: number) => void;

/**
 * Reads small pieces of a file that lie near each other. An archive has its directory at its end: two places are read in
 * turn, four times for each entry. Throws an Error where the file ends before the piece does.
 */
export function createWindow(descriptor: number): Window {
  const blocks = new Map<number, Buffer>();

  function blockAt(index: number): Buffer {
    const known = blocks.get(index);
    if (known) return known;
    const [oldest] = blocks.keys();
    if (blocks.size >= BLOCKS && oldest !== undefined) blocks.delete(oldest);
    const buffer = Buffer.allocUnsafe(BLOCK);
    const block = buffer.subarray(0, readSync(descriptor, buffer, 0, BLOCK, index * BLOCK));
    blocks.set(index, block);
    return block;
  }

  return (target, position) => {
    let done = 0;
    while (done < target.length) {
      const at = position + done;
      const block = blockAt(Math.floor(at / BLOCK));
      if (at % BLOCK >= block.length) throw new Error('the archive ends too early');
      done += block.copy(target, done, at % BLOCK);
    }
  };
}
