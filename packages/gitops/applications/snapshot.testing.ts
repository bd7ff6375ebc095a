import type { FileEntry, Snapshot } from '../git/repository.ts';

/** The files of a commit, from memory. */
export function snapshotOf(files: Readonly<Record<string, string>>): Snapshot {
  const entries = Object.keys(files).map((path): FileEntry => ({ path, mode: '100644' }));
  const isBelow = (path: string, folder: string) =>
    folder === '.' || path === folder || path.startsWith(`${folder}/`);
  return {
    commit: '1'.repeat(40),
    list: async (folder) => entries.filter(({ path }) => isBelow(path, folder)),
    read: async (paths, wanted = () => true) => {
      const texts = paths.flatMap((path) =>
        files[path] === undefined ? [] : [[path, files[path]] as const],
      );
      return new Map(texts.filter(([path, text]) => wanted(path, Buffer.from(text))));
    },
  };
}
