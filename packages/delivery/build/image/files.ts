import { posix } from 'node:path';
import { readTar, type TarEntry } from './tar.ts';

/** A file of an image. */
export interface ImageFile {
  readonly path: string;
  readonly content: Buffer;
}

/** What of an image's files is looked at. */
export interface Wanted {
  /** Its content is read. */
  readonly isRead: (entry: TarEntry) => boolean;
  /** What of that is kept: an image may have hundreds of programs. */
  readonly kept: (path: string, content: Buffer) => Buffer | undefined;
  /** Its name alone is. */
  readonly isNoted: (entry: TarEntry) => boolean;
}

export interface FoundFiles {
  readonly files: readonly ImageFile[];
  readonly noted: readonly string[];
}

/** Of larger files nothing is read. */
const LARGEST = 400_000_000;

/**
 * The files of an image that are wanted, after all of its layers: a later one replaces, and takes away by a *whiteout*
 * (https://github.com/opencontainers/image-spec/blob/v1.1.0/layer.md#whiteouts).
 */
export async function filesOfImage(
  layers: readonly (() => AsyncIterable<Buffer>)[],
  wanted: Wanted,
): Promise<FoundFiles> {
  const found: Found = new Map();
  for (const layer of layers) {
    // A whiteout is about the layers below, wherever in its own it stands.
    const { gone, added } = await readLayer(layer, wanted);
    for (const path of [...found.keys()]) if (isGone(path, gone)) found.delete(path);
    for (const [path, content] of added) found.set(path, content);
  }
  const all = [...found];
  return {
    files: all.flatMap(([path, content]) => (content === undefined ? [] : [{ path, content }])),
    noted: all.flatMap(([path, content]) => (content === undefined ? [path] : [])),
  };
}

/** Content by path; of what is noted none. */
type Found = Map<string, Buffer | undefined>;

async function readLayer(
  layer: () => AsyncIterable<Buffer>,
  wanted: Wanted,
): Promise<{ readonly gone: ReadonlySet<string>; readonly added: Found }> {
  const gone = new Set<string>();
  const added: Found = new Map();
  const isRead = (entry: TarEntry) => entry.size <= LARGEST && wanted.isRead(entry);
  for await (const entry of readTar(layer(), isRead)) {
    const out = goneBy(entry);
    if (out !== undefined) gone.add(out);
    if (entry.type === 'folder' || posix.basename(entry.path).startsWith('.wh.')) continue;
    const content = entry.content && wanted.kept(entry.path, entry.content);
    if (content !== undefined || wanted.isNoted(entry)) added.set(entry.path, content);
  }
  return { gone, added };
}

/** What of the layers below an entry replaces or takes away; of a folder, what is in it (`.wh..wh..opq`). */
function goneBy({ path, type }: TarEntry): string | undefined {
  const name = posix.basename(path);
  const folder = posix.dirname(path);
  if (name === '.wh..wh..opq') return `${folder}/`;
  if (name.startsWith('.wh.')) return posix.join(folder, name.slice('.wh.'.length));
  return type === 'folder' ? undefined : path;
}

/** Itself, or a folder that it is in, was replaced or taken away. */
function isGone(path: string, gone: ReadonlySet<string>): boolean {
  if (gone.has(path)) return true;
  for (let folder = posix.dirname(path); ; folder = posix.dirname(folder)) {
    if (gone.has(folder) || gone.has(`${folder}/`)) return true;
    if (folder === '.') return false;
  }
}
