import { posix } from 'node:path';
import type { Change } from '@sluice/gitops/change';
import { evaluateChange } from '@sluice/gitops/contains';
import type { Repository } from '@sluice/gitops/git/repository';
import type { Observed, Unavailable } from '../decide/types.ts';
import { at, type Json, text } from '../json.ts';
import type { Application } from '../observation.ts';
import { sameGitUrl } from '../select/git-url.ts';
import type { Sources } from './evidence.ts';

const METADATA = 'hydrator.metadata';

/**
 * The commit that people made, of a revision that Argo CD shows for a hydrated source: that one itself, or the one that the hydrator has
 * noted beside what it rendered. The note stays true where the rendered commit was merged on, or others hydrate to the same branch.
 */
export async function dryRevision(
  revision: string,
  { application }: Observed,
  { repository }: Pick<Sources, 'repository'>,
): Promise<string | Unavailable> {
  const { hydrated } = application;
  if (hydrated === undefined || revision === hydrated.dry || revision === hydrated.current?.dry)
    return revision;
  if (revision === hydrated.rendered && hydrated.dry !== '') return hydrated.dry;
  const commit = await repository.resolve(revision);
  const dry = commit === undefined ? undefined : await notedAt(repository, commit, hydrated.path);
  if (dry !== undefined) return dry;
  return {
    unavailable: `${revision} of the hydrated branch does not say in ${METADATA} what it was rendered from`,
  };
}

/** What the hydrator notes: first for the folder of the application, else for the whole branch. */
async function notedAt(repository: Repository, commit: string, path: string): Promise<string | undefined> {
  const names = [posix.join(path, METADATA), METADATA];
  const files = await (await repository.snapshot(commit)).read(names);
  for (const name of names) {
    const noted = parse(files.get(name) ?? '');
    const of = text(at(noted, 'repoURL'));
    if (of !== undefined && !sameGitUrl(of, repository.url)) continue;
    const dry = text(at(noted, 'drySha'));
    if (dry !== undefined) return dry;
  }
  return undefined;
}

function parse(content: string): Json {
  try {
    return JSON.parse(content);
  } catch {
    return undefined;
  }
}

/** Each is a commit that the hydrator made. */
const historyLimit = 50;

/**
 * The rendered commit that brought a part of a change to the folder that is synced, and the one before it; undefined where the last
 * ones show none that lacks it.
 */
export async function renderedStep(
  part: Change,
  compared: string,
  application: Application,
  repository: Repository,
): Promise<{ readonly before: string; readonly after: string } | undefined> {
  const path = application.hydrated?.path ?? '.';
  const files = part.files.map((file) => file.path);
  for (const { sha, parents } of await repository.history(compared, [path], historyLimit)) {
    const [before] = parents;
    const dry = before === undefined ? undefined : await notedAt(repository, before, path);
    if (before === undefined || dry === undefined) return undefined;
    const found = await (await repository.snapshot(dry)).read(files);
    if (!evaluateChange(part, found).contained) return { before, after: sha };
  }
  return undefined;
}
