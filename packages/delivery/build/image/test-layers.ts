import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

/** A file's content; with `mode`, a program; with `target`, a symbolic link. */
export type Made =
  | string
  | Buffer
  | { readonly content: Buffer | string; readonly mode: number }
  | { readonly target: string };

/** A tar archive as the system's own tar makes it. */
export function tarOf(files: Readonly<Record<string, Made>>, format = 'gnu'): Buffer {
  const folder = mkdtempSync(join(tmpdir(), 'layer-'));
  try {
    for (const [path, made] of Object.entries(files)) {
      const full = join(folder, path);
      mkdirSync(dirname(full), { recursive: true });
      if (typeof made === 'object' && 'target' in made) symlinkSync(made.target, full);
      else if (typeof made === 'object' && 'content' in made)
        writeFileSync(full, made.content, { mode: made.mode });
      else writeFileSync(full, made);
    }
    return execFileSync('tar', ['-c', `--format=${format}`, '-C', folder, '.'], { maxBuffer: 1 << 28 });
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** In pieces of so many bytes, as a stream has it. */
export const streamed = (bytes: Buffer, size = 1000) =>
  async function* (): AsyncGenerator<Buffer> {
    for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
  };
