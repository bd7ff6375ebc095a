// Not its promises: they take 2 ms of a start.
import { type BigIntStats, type Dirent, readdirSync, statSync } from 'node:fs';
import { basename, join } from 'node:path';
import { empty, notFound, packed, tooLarge } from './errors.ts';

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
    const entries = entriesOf(folder);
    const names = new Set(entries.map(({ name }) => name));
    for (const entry of entries) {
      const path = join(folder, entry.name);
      const kind = kindOf(path, entry, seen);
      if (kind === 'folder') folders.push(path);
      if (kind === 'file' && holdsRecords(path)) files.push(path);
      else if (kind === 'file' && isPacked(path, names)) throw packed(path);
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

/** Records may be in it, packed in a way that is not read, or fetched in part; one that lies beside what was unpacked of it has done its work. */
export function isPacked(path: string, beside: ReadonlySet<string> = new Set()): boolean {
  const name = basename(path);
  const unpacked = name.replace(PACKED, '');
  return unpacked !== name && !OTHER.test(unpacked) && !beside.has(unpacked);
}

const PACKED = /\.(?:gz|tgz|bz2|xz|zst|7z|tar|part|partial|tmp|download|crdownload)$/i;

/** EPSS comes so; no record does. */
const OTHER = /\.csv$/i;

/** Lists about the records, not records: https://go.dev/doc/security/vuln/database#api */
const INDEX = /(^|[\\/])index[\\/](db|modules|vulns)\.json$/;
