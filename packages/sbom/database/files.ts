// Not its promises: they take 2 ms of a start.
import { type BigIntStats, type Dirent, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { empty, notFound, tooLarge } from './errors.ts';

/**
 * The files of a database, in the order of their names: the file itself, or all of a folder that can hold records. The
 * folder may be one of osv-scanner's (`osv-scalibr/<Ecosystem>/all.zip`). Throws a SluiceError where there is none.
 */
export async function filesOf(path: string, most: number): Promise<readonly string[]> {
  const stats = statsOf(path);
  if (stats.isFile()) return [path];
  if (!stats.isDirectory()) throw notFound(path, 'it is neither a file nor a folder');
  const files = filesBelow(path, most);
  if (files.length === 0) throw empty(path);
  return files.sort();
}

function filesBelow(root: string, most: number): string[] {
  const files: string[] = [];
  const folders = [root];
  // A link may lead up again.
  const seen = new Set<string>();
  for (let folder = folders.pop(); folder !== undefined; folder = folders.pop()) {
    for (const entry of entriesOf(folder)) {
      const path = join(folder, entry.name);
      const kind = kindOf(path, entry, seen);
      if (kind === 'folder') folders.push(path);
      if (kind === 'file' && holdsRecords(path)) files.push(path);
      if (files.length > most) throw tooLarge(root, `${most} files`);
    }
  }
  return files;
}

function entriesOf(folder: string): readonly Dirent[] {
  try {
    const entries = readdirSync(folder, { withFileTypes: true });
    // `.git` and its like.
    return entries.filter(({ name }) => !name.startsWith('.'));
  } catch (cause) {
    throw notFound(folder, cause);
  }
}

function statsOf(path: string): BigIntStats {
  try {
    return statSync(path, { bigint: true });
  } catch (cause) {
    throw notFound(path, cause);
  }
}

function kindOf(path: string, entry: Dirent, seen: Set<string>): 'file' | 'folder' | 'other' {
  if (entry.isFile()) return 'file';
  if (!entry.isDirectory() && !entry.isSymbolicLink()) return 'other';
  const stats = statsOf(path);
  if (stats.isFile()) return 'file';
  if (!stats.isDirectory()) return 'other';
  const id = `${stats.dev}:${stats.ino}`;
  if (seen.has(id)) return 'other';
  seen.add(id);
  return 'folder';
}

/** By its name; also for entries of archives. */
export const holdsRecords = (path: string): boolean =>
  /\.(json|jsonl|ndjson|zip)$/i.test(path) && !INDEX.test(path);

/** Lists about the records, not records: https://go.dev/doc/security/vuln/database#api */
const INDEX = /(^|[\\/])index[\\/](db|modules|vulns)\.json$/;
