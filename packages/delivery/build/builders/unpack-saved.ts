import { closeSync, createReadStream, mkdirSync, openSync, writeSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { readTar, type Take } from '../image/tar.ts';

/** What stands in the archive of `docker save`: nothing of it has another name, whoever built the image. */
const NAMES =
  /^(?:oci-layout|index\.json|manifest\.json|blobs\/sha256\/[0-9a-f]{64}|[0-9a-f]{64}\.json|[0-9a-f]{64}\/layer\.tar)$/;

/** Unpacks the archive of `docker save`, piece by piece: a layer may have gigabytes. */
export async function unpackSaved(file: string, folder: string): Promise<void> {
  let open: number | undefined;
  const close = () => {
    if (open !== undefined) closeSync(open);
    open = undefined;
  };
  const unpack = ({ path }: { readonly path: string }): false | Take => {
    close();
    if (!NAMES.test(path)) return false;
    const target = join(folder, path);
    mkdirSync(dirname(target), { recursive: true });
    const descriptor = openSync(target, 'w', 0o600);
    open = descriptor;
    return async (piece) => {
      for (let at = 0; at < piece.length; ) at += writeSync(descriptor, piece, at);
    };
  };
  try {
    for await (const _ of readTar(createReadStream(file), unpack));
  } finally {
    close();
  }
}
