import { isUtf8 } from 'node:buffer';
import { SluiceError } from '@sluice/core/errors';
import type { FileEntry } from './repository.ts';

/** A regular file of a commit, with the name of its content. */
export interface TreeFile extends FileEntry {
  readonly oid: string;
}

/**
 * Reads `git ls-tree -r -z`. Symbolic links (120000) and submodules (160000) are left out: an edit of the first would
 * change another file than the one it names, the second has no text. A name that is not UTF-8 is left out as well: by its
 * text another file would be written.
 */
export function parseTree(listing: string): readonly TreeFile[] {
  const files: TreeFile[] = [];
  for (const record of listing.split('\0')) {
    const parts = /^(\d{6}) blob ([0-9a-f]+)\t(.+)$/s.exec(record);
    const [, mode, oid, path] = parts ?? [];
    // 100664 is what Git before 1.0 wrote; it means 100644.
    if (oid !== undefined && path !== undefined && mode?.startsWith('100') && !path.includes('\ufffd')) {
      files.push({ path, oid, mode: mode === '100755' ? '100755' : '100644' });
    }
  }
  return files;
}

/** The content of a file by its name in Git. */
export interface Blob {
  readonly oid: string;
  /** Bytes. */
  readonly size: number;
}

/** Reads `git cat-file --batch-check`: a line `<oid> <type> <size>` for each object that was asked for. */
export function parseSizes(output: string): readonly Blob[] {
  return output
    .trimEnd()
    .split('\n')
    .map((line) => {
      const [oid = '', type, size] = line.split(' ');
      if (type !== 'blob') throw missing(oid);
      return { oid, size: Number(size) };
    });
}

function missing(oid: string): SluiceError {
  return new SluiceError('platform', 'git-object-missing', `Git has no file content ${oid}.`);
}

/** Reads `git cat-file --batch`: a line `<oid> <type> <size>`, the bytes, a line feed; for each object that was asked for. */
export function parseBatch(output: Buffer): ReadonlyMap<string, Buffer> {
  const contents = new Map<string, Buffer>();
  let at = 0;
  while (at < output.length) {
    const end = output.indexOf(0x0a, at);
    const [oid, type, size] = output.toString('latin1', at, end < 0 ? output.length : end).split(' ');
    if (end < 0 || oid === undefined || type !== 'blob' || size === undefined) {
      throw missing(oid ?? '');
    }
    const start = end + 1;
    contents.set(oid, output.subarray(start, start + Number(size)));
    at = start + Number(size) + 1;
  }
  return contents;
}

/** The text of a file, or undefined where its bytes are not UTF-8. A byte order mark stays part of the text. */
export function decodeUtf8(bytes: Buffer): string | undefined {
  const text = bytes.toString('utf8');
  // What is no UTF-8 becomes U+FFFD; to ask of each file takes ten times as long as to read it.
  return text.includes('\ufffd') && !isUtf8(bytes) ? undefined : text;
}
