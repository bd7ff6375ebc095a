import { createReadStream } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { readTar } from '../image/tar.ts';

/** What stands in the archive of `docker save`: nothing of it has another name, whoever built the image. */
const NAMES =
  /^(?:oci-layout|index\.json|manifest\.json|blobs\/sha256\/[0-9a-f]{64}|[0-9a-f]{64}\.json|[0-9a-f]{64}\/layer\.tar)$/;

/** Unpacks the archive of `docker save`, one file of it in memory at a time. */
export async function unpackSaved(file: string, folder: string): Promise<void> {
  for await (const { path, content } of readTar(createReadStream(file), ({ path }) => NAMES.test(path))) {
    if (content === undefined) continue;
    await mkdir(dirname(join(folder, path)), { recursive: true });
    await writeFile(join(folder, path), content, { mode: 0o600 });
  }
}
