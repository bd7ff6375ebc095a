import { dirname } from 'node:path/posix';
import type { Change } from '@sluice/gitops/change';
import { evaluateChange, relocate } from '@sluice/gitops/contains';
import type { Repository, Snapshot } from '@sluice/gitops/git/repository';
import type { FolderContent } from '../decide/types.ts';

/**
 * Whether a commit holds every value of a change, also where a container's manifest has got another name: in the folder where it
 * stood, or below. Throws as the repository does.
 *
 * @param folder where to look for what is gone from its file, where that is known better: the folder of the application.
 */
export async function heldAt(
  repository: Repository,
  change: Change,
  commit: string,
  folder?: string,
): Promise<boolean> {
  return heldIn(change, await repository.snapshot(commit), (path) => folder ?? folderOf(path));
}

/** None for a file at the top: below it are the files of all environments. */
const folderOf = (path: string): string | undefined => (path.includes('/') ? dirname(path) : undefined);

/** The same of the files of a commit. `folderFor`: where to look for what is gone from a file; undefined to look nowhere. */
export async function heldIn(
  change: Change,
  snapshot: Snapshot,
  folderFor: (path: string) => string | undefined,
): Promise<boolean> {
  const { contained, places } = evaluateChange(
    change,
    await snapshot.read(change.files.map((file) => file.path)),
  );
  if (contained || places.length === 0) return contained;
  for (const { path, place, wanted, found } of places.filter(({ exact }) => !exact)) {
    const folder = folderFor(path);
    if (found !== undefined || place.type !== 'container' || folder === undefined) return false;
    const elsewhere = relocate(place, await snapshot.read(await manifestsBelow(snapshot, folder)));
    if (elsewhere.length === 0 || elsewhere.some((other) => other.found !== wanted)) return false;
  }
  return true;
}

/** Whether a commit has exactly these files in a folder, and nothing else there. */
export async function holdsFolder(
  { path, files }: FolderContent,
  snapshot: Pick<Snapshot, 'list' | 'read'>,
): Promise<boolean> {
  const listed = (await snapshot.list(path)).map((file) => file.path);
  if (listed.length !== files.size || listed.some((file) => !files.has(file))) return false;
  const texts = await snapshot.read(listed);
  return listed.every((file) => texts.get(file) === files.get(file));
}

async function manifestsBelow(snapshot: Snapshot, path: string): Promise<readonly string[]> {
  const files = await snapshot.list(path);
  return files.map((file) => file.path).filter((file) => /\.(ya?ml|json)$/.test(file));
}
