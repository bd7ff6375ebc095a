import { SluiceError } from '@sluice/core/errors';
import type { FileContent } from '@sluice/gitops/commit/committer';
import type { OpenRepository } from '@sluice/gitops/git/git-repository';
import type { FileEntry, Snapshot } from '@sluice/gitops/git/repository';
import { MARK_FILE, type Mark, nameOf, numberOf, parseMark } from './mark.ts';
import type { TemplateFile } from './render.ts';

/** An environment of a pull request, as it stands in a commit. */
export interface Environment {
  readonly number: number;
  readonly folder: string;
  readonly files: readonly FileEntry[];
  /** Absent where it has none: then its name alone says whose it is. */
  readonly mark?: Mark;
}

/** Whose environments are looked at. */
export interface Owner {
  readonly project: string;
  /** Of the pull requests. */
  readonly repository: string;
}

/** All folders of the target that are called as ours are. Whatever else lies there is nobody's business. */
export async function environmentsIn(snapshot: Snapshot, target: string): Promise<readonly Environment[]> {
  const files = await snapshot.list(target);
  const byName = Map.groupBy(files, ({ path }) => path.slice(target.length + 1).split('/')[0] ?? '');
  const folders = [...byName].flatMap(([name, own]) => {
    const number = numberOf(name);
    const folder = `${target}/${name}`;
    return number === undefined || own.some(({ path }) => path === folder)
      ? []
      : [{ number, folder, files: own }];
  });
  const marks = await snapshot.read(folders.map(({ folder }) => `${folder}/${MARK_FILE}`));
  return folders.map((one) => {
    const mark = parseMark(marks.get(`${one.folder}/${MARK_FILE}`));
    return { ...one, ...(mark && { mark }) };
  });
}

/** Whether an environment is not of this project and repository: its mark says so. */
export const isForeign = ({ mark, number }: Environment, owner: Owner): boolean =>
  mark !== undefined &&
  (mark.project !== owner.project ||
    mark.repository.toLowerCase() !== owner.repository.toLowerCase() ||
    mark.number !== number);

/** The files of a template folder, by their paths in it; none where there is no such folder. */
export async function readTemplate(snapshot: Snapshot, folder: string): Promise<readonly TemplateFile[]> {
  const files = await snapshot.list(folder);
  const texts = await snapshot.read(files.map(({ path }) => path));
  const start = folder === '.' ? 0 : folder.length + 1;
  return files.map(({ path, mode }) => ({ path: path.slice(start), mode, text: texts.get(path) }));
}

/** What brings a folder to hold these files and no other: nothing of it lies outside. */
export interface FolderDiff {
  readonly files: readonly FileContent[];
  readonly deletions: readonly string[];
}

/** `files`: with their paths from the root. */
export async function diffFolder(
  snapshot: Snapshot,
  { folder, files: present }: Pick<Environment, 'folder' | 'files'>,
  files: readonly FileContent[],
): Promise<FolderDiff> {
  const wanted = new Set(files.map(({ path }) => path));
  if (files.some(({ path }) => !path.startsWith(`${folder}/`)))
    throw new Error(`a file lies outside of ${folder}`);
  const texts = await snapshot.read(present.map(({ path }) => path));
  const modes = new Map(present.map(({ path, mode }) => [path, mode]));
  return {
    files: files.filter(({ path, text, mode }) => texts.get(path) !== text || modes.get(path) !== mode),
    deletions: present.map(({ path }) => path).filter((path) => !wanted.has(path)),
  };
}

/**
 * Why folders are not folders of this repository alone: a symbolic link or a submodule on the way or inside, or a file in its place. A
 * listing of regular files would pass over all of that.
 */
export async function unsafeIn(
  { work }: Pick<OpenRepository, 'work'>,
  snapshot: Snapshot,
  folders: readonly string[],
): Promise<ReadonlyMap<string, readonly string[]>> {
  const listing = await work((git) => git.run(['ls-tree', '-r', '-z', '--full-tree', snapshot.commit]));
  const entries = listing.split('\0').flatMap((record) => {
    const [, mode = '', path] = /^(\d{6}) \S+ \S+\t(.+)$/s.exec(record) ?? [];
    return path === undefined ? [] : [{ path, what: SPECIAL.get(mode) }];
  });
  const found = folders.map((folder): [string, readonly string[]] => [
    folder,
    entries.flatMap(({ path, what }) => {
      const isOnTheWay = path === folder || folder.startsWith(`${path}/`);
      const isInside = folder === '.' || path.startsWith(`${folder}/`);
      if (what !== undefined) return isOnTheWay || isInside ? [`${path} is ${what}`] : [];
      return isOnTheWay ? [`${path} is a file, not a folder`] : [];
    }),
  ]);
  return new Map(found.filter(([, problems]) => problems.length > 0));
}

/** Throws where one of the folders is not safe, with all that is wrong. */
export async function checkFolders(
  repository: Pick<OpenRepository, 'work'>,
  snapshot: Snapshot,
  folders: readonly string[],
): Promise<void> {
  const problems = [...new Set([...(await unsafeIn(repository, snapshot, folders)).values()].flat())];
  if (problems.length === 0) return;
  const [first = ''] = problems;
  throw new SluiceError(
    'input',
    'unsafe-folder',
    `The template and the target must be folders of this repository alone: ${first}`,
    { hint: 'Put plain files in its place.', problems },
  );
}

const SPECIAL: ReadonlyMap<string, string> = new Map([
  ['120000', 'a symbolic link'],
  ['160000', 'a submodule'],
]);

/** The environment of a pull request, whether or not there is one yet. */
export const environmentOf = (all: readonly Environment[], target: string, number: number): Environment =>
  all.find((one) => one.number === number) ?? { number, folder: `${target}/${nameOf(number)}`, files: [] };
