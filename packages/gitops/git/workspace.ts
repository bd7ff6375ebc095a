import {
  chmodSync,
  lstatSync,
  readFileSync,
  realpathSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join, sep } from 'node:path';
import { SluiceError } from '@sluice/core/errors';
import type { Git } from '@sluice/core/git';
import type { PlannedFile } from '../find/edit-plan.ts';
import { readHead } from './git-head.ts';
import { decodeUtf8 } from './git-tree.ts';
import { fileReader, filesBelow } from './read-files.ts';
import type { FileEntry, Snapshot } from './repository.ts';

/** The checked-out tree as a snapshot: files as they stand now, those that were not committed too. Symbolic links are left out. */
export async function workspaceSnapshot(root: string, git: Git): Promise<Snapshot> {
  const top = realpathSync(root);
  // Outside of a Git repository there is no commit to name: the change says so by an empty one.
  const { commit } = await readHead(root, git);
  return {
    commit,
    async list(path) {
      const start = path === '.' ? top : join(top, path);
      if (!isInside(top, start)) return [];
      const stat = lstatSync(start);
      if (stat.isFile()) return [new WorkspaceFile(top, path)];
      const files = stat.isDirectory() ? filesBelow(start, path === '.' ? '' : `${path}/`) : [];
      return files.map((file) => new WorkspaceFile(top, file));
    },
    async read(paths, wanted = () => true) {
      const texts = new Map<string, string>();
      const read = fileReader();
      for (const path of paths) {
        const bytes = read(`${top}/${path}`);
        const text = wanted(path, bytes) && bytes !== 'too-large' ? decodeUtf8(bytes) : undefined;
        if (text !== undefined) texts.set(path, text);
      }
      return texts;
    },
  };
}

/**
 * Writes the planned files, each by a rename, so that none is ever half written, and reads them back.
 * A file that changed since it was read is a SluiceError `conflict`; then that file stays as it is.
 * `wrote` is told after each one how many of how many are there.
 */
export async function writeWorkspace(
  root: string,
  files: readonly PlannedFile[],
  wrote: (count: number, all: number) => void,
): Promise<void> {
  const changed = files.filter(({ before, after }) => before !== after);
  for (const [index, { path, before, after }] of changed.entries()) {
    const file = join(root, path);
    expectText(file, path, before);
    const { mode } = statSync(file);
    const draft = join(dirname(file), `.sluice-${process.pid}.tmp`);
    try {
      writeFileSync(draft, after, { flag: 'wx' });
      chmodSync(draft, mode);
      renameSync(draft, file);
    } catch (cause) {
      rmSync(draft, { force: true });
      throw new SluiceError(
        'input',
        'workspace-not-writable',
        `${JSON.stringify(path)} could not be written.`,
        {
          hint: 'Check the rights of the files in the workspace.',
          cause,
        },
      );
    }
    wrote(index + 1, changed.length);
    expectText(file, path, after);
  }
}

function expectText(file: string, path: string, text: string): void {
  if (decodeUtf8(readFileSync(file)) === text) return;
  throw new SluiceError('conflict', 'file-changed', `${JSON.stringify(path)} changed while it was edited.`, {
    hint: 'Let no other program write to the workspace meanwhile, and run the job again.',
  });
}

/** False where the path does not exist, or a symbolic link stands on the way to it. */
function isInside(top: string, path: string): boolean {
  try {
    return realpathSync(path) === path && (path === top || path.startsWith(top + sep));
  } catch {
    return false;
  }
}

/** Of ten thousand files only those that are edited are asked for their mode. A class: a getter of each object's own is slow. */
class WorkspaceFile implements FileEntry {
  readonly path: string;
  readonly #top: string;

  constructor(top: string, path: string) {
    this.#top = top;
    this.path = path;
  }

  get mode() {
    return (lstatSync(join(this.#top, this.path)).mode & 0o100) === 0 ? '100644' : '100755';
  }
}
