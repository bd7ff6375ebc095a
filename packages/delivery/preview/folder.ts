import { SluiceError } from '@sluice/core/errors';
import type { World } from '@sluice/core/run';
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
  /** Absent where it has none, or none that can be read: then nothing says that it is ours. */
  readonly mark?: Mark;
}

/** Whose environments are looked at. */
export interface Owner {
  readonly project: string;
  /** Of the pull requests. */
  readonly repository: string;
  /** Its number at GitHub. */
  readonly repositoryId?: string;
}

/** Of the run: a repository that was renamed has its environments on. https://docs.github.com/en/actions/reference/workflows-and-actions/variables */
export function ownerOf(project: string, { context, env }: Pick<World, 'context' | 'env'>): Owner {
  const id = env.GITHUB_REPOSITORY_ID ?? '';
  return { project, repository: context.repository, ...(/^\d+$/.test(id) && { repositoryId: id }) };
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

/** Whether a folder is no environment of this project and repository: only a mark that can be read says that it is one. */
export function isForeign({ mark, number, files }: Environment, owner: Owner): boolean {
  if (mark === undefined) return files.length > 0;
  return mark.project !== owner.project || mark.number !== number || !isSameRepository(mark, owner);
}

const isSameRepository = (mark: Mark, owner: Owner): boolean =>
  mark.repositoryId !== undefined && owner.repositoryId !== undefined
    ? mark.repositoryId === owner.repositoryId
    : mark.repository.toLowerCase() === owner.repository.toLowerCase();

/** What a folder is that is not ours, after its name: `holds the environment of #3 of shop in acme/other`. */
export function foreignBecause({ mark, folder, files }: Environment): string {
  if (mark !== undefined)
    return `holds the environment of #${mark.number} of ${mark.project} in ${mark.repository}`;
  return files.some(({ path }) => path === `${folder}/${MARK_FILE}`)
    ? `has a mark (${MARK_FILE}) that cannot be read`
    : `has no mark (${MARK_FILE}), so that nothing says that it is an environment`;
}

export const foreignHint = ({ mark }: Environment): string =>
  mark === undefined
    ? 'Move the folder away, or give another `target`.'
    : 'Give each project and repository a `target` of its own.';

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
