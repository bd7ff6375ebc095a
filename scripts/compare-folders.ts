import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';

function filesBelow(folder: string): string[] {
  try {
    const entries = readdirSync(folder, { recursive: true, withFileTypes: true });
    return entries
      .filter((e) => e.isFile())
      .map((e) => path.relative(folder, path.join(e.parentPath, e.name)));
  } catch {
    return [];
  }
}

/** The files, relative to both folders, that are missing in one of them or differ by a byte. */
export function compareFolders(one: string, other: string): string[] {
  const left = new Set(filesBelow(one));
  const right = new Set(filesBelow(other));
  return [...left.union(right)]
    .filter(
      (f) =>
        !left.has(f) ||
        !right.has(f) ||
        !readFileSync(path.join(one, f)).equals(readFileSync(path.join(other, f))),
    )
    .sort();
}
