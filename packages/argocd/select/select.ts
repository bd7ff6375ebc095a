import type { Change } from '@sluice/gitops/change';
import type { Repository, Snapshot } from '@sluice/gitops/git/repository';
import type { ArgoCD, Listed } from '../api/port.ts';
import type { Source } from '../observation.ts';
import { idOf } from '../page/worst.ts';
import { sameGitUrl } from './git-url.ts';
import { filesOf, generatePaths, isBelow, referencedValues, sourceFolder, targetOf } from './source-files.ts';

/** An application, and what of the change it reads. */
export interface Selected {
  /** Where it is. */
  readonly argocd: ArgoCD;
  readonly application: Listed;
  readonly sourceIndex: number;
  readonly source: Source;
  /** Paths of the change's files that it is rendered from; empty where only a revision is expected. */
  readonly paths: readonly string[];
}

export interface Selection {
  readonly selected: readonly Selected[];
  /** Names that no application has. */
  readonly missing: readonly string[];
  /** Files of the change that none of them reads; empty where the applications were named, which says what is to be looked at. */
  readonly unread: readonly string[];
  /** One sentence: what was looked for, for the case that it was not found. */
  readonly sentence: string;
  /** What to do then. */
  readonly hint: string;
}

export interface SelectionQuestion {
  /** One or more. */
  readonly servers: readonly ArgoCD[];
  /** `name` or `namespace/name`; none: those that the change touches. */
  readonly names: readonly string[];
  /** Its files are looked for in what the applications read; absent where a revision is expected. */
  readonly change?: Pick<Change, 'repository' | 'branch' | 'files'>;
  readonly repository?: Repository;
  /** The commit whose layout counts: the change's own, or the one before it. */
  readonly commit?: string;
}

/** The applications to watch, by name or by what the change touches. */
export async function selectApplications(question: SelectionQuestion): Promise<Selection> {
  return question.names.length > 0 ? byName(question) : byTouch(question);
}

/**
 * What either of two looks at the same change selects. Of an application that both hold, the later one counts; one that only the
 * earlier holds is watched all the same: that it is gone is for the wait to tell.
 */
export function together(earlier: Selection, later: Selection): Selection {
  const ids = new Set(later.selected.map(idOf));
  const gone = earlier.selected.filter((one) => !ids.has(idOf(one)));
  const selected = [...later.selected, ...gone];
  const isRead = (path: string) => selected.some(({ paths }) => paths.includes(path));
  return {
    ...later,
    selected,
    missing: later.missing.filter((name) => earlier.missing.includes(name)),
    unread: later.unread.filter((path) => !isRead(path)),
  };
}

/** What a list holds, and of which server. */
type Found = Pick<Selected, 'argocd' | 'application'>;

const listAll = async (servers: readonly ArgoCD[], name?: string): Promise<readonly Found[]> => {
  const lists = servers.map(async (argocd) =>
    (await argocd.list(name)).map((application) => ({ argocd, application })),
  );
  return (await Promise.all(lists)).flat();
};

async function byName({ servers, names, ...question }: SelectionQuestion): Promise<Selection> {
  const missing: string[] = [];
  const selected: Selected[] = [];
  for (const given of names) {
    const [name = '', namespace] = given.split('/').reverse();
    const found = (await listAll(servers, name)).filter(
      ({ application: one }) => one.name === name && (namespace === undefined || one.namespace === namespace),
    );
    if (found.length === 0) missing.push(given);
    for (const one of found) selected.push(...(await ofNamed(one, question)));
  }
  const once = new Map(selected.map((one) => [`${idOf(one)} ${one.sourceIndex}`, one]));
  return { selected: [...once.values()], missing, unread: [], ...notFound(servers, missing) };
}

const namesOf = (servers: readonly ArgoCD[]): string => servers.map(({ server }) => server).join(' or ');

const notFound = (servers: readonly ArgoCD[], missing: readonly string[]) => ({
  sentence: `${namesOf(servers)} shows no Application ${missing.map((name) => `\`${name}\``).join(', ')} to this token.`,
  hint: 'Check the spelling in `applications`, and that the token may `get` it.',
});

async function ofNamed(
  found: Found,
  question: Omit<SelectionQuestion, 'servers' | 'names'>,
): Promise<readonly Selected[]> {
  const { change, repository } = question;
  const { application } = found;
  if (change === undefined) return [withoutChange(found)];
  const candidates = await touches(found, change, await snapshotOf(question), repository);
  if (candidates.length > 0) return candidates;
  // Named by hand, it is taken to carry the change, in the source that is of its repository: the decision will show it, or not.
  const sourceIndex = application.sources.findIndex(({ repoURL }) => sameGitUrl(repoURL, change.repository));
  const source = application.sources[sourceIndex];
  if (source === undefined) return [withoutChange(found)];
  return [{ ...found, sourceIndex, source, paths: change.files.map(({ path }) => path) }];
}

/** The source that a revision is of: the first from Git. */
function withoutChange(found: Found): Selected {
  const { application } = found;
  const index = application.sources.findIndex(({ chart }) => chart === undefined);
  const sourceIndex = Math.max(index, 0);
  const source = application.sources[sourceIndex] ?? { repoURL: '', raw: {} };
  return { ...found, sourceIndex, source, paths: [] };
}

async function byTouch({ servers, change, repository, commit }: SelectionQuestion): Promise<Selection> {
  if (change === undefined)
    return {
      ...{ selected: [], missing: [], unread: [] },
      sentence: 'Neither a change nor names were given.',
      hint: 'Name the applications in `applications`.',
    };
  const applications = await listAll(servers);
  const snapshot = await snapshotOf({ change, ...(repository && { repository }), ...(commit && { commit }) });
  const found: Selected[] = [];
  for (const application of applications) {
    const candidates = await touches(application, change, snapshot, repository);
    found.push(...candidates);
  }
  const reading = found.filter(({ paths }) => paths.length > 0);
  const selected = reading.length > 0 ? reading : applications.flatMap((one) => inFolder(one, change));
  const all = change.files.map(({ path }) => path);
  return {
    selected,
    missing: [],
    unread: all.filter((path) => !selected.some((one) => one.paths.includes(path))),
    ...notTouched(servers, applications.length, change),
  };
}

function notTouched(
  servers: readonly ArgoCD[],
  count: number,
  change: NonNullable<SelectionQuestion['change']>,
) {
  if (count === 0) {
    return {
      sentence: `${namesOf(servers)} shows no Application at all to this token.`,
      hint: 'Add `applications, get` to the policy of the token, for the projects that are deployed.',
    };
  }
  const paths = change.files.map(({ path }) => path).join(', ');
  const shown = count === 1 ? 'The one application' : `None of the ${count} applications`;
  const reads = count === 1 ? 'does not read' : 'reads';
  return {
    sentence: `${shown} that ${namesOf(servers)} shows to this token ${reads} ${paths} of ${change.repository} at ${change.branch}.`,
    hint: 'Name them in `applications`; check the path and targetRevision of the Application, and that the token may `get` it.',
  };
}

const snapshotOf = async ({
  repository,
  commit,
}: Pick<SelectionQuestion, 'change' | 'repository' | 'commit'>) =>
  repository === undefined || commit === undefined ? undefined : repository.snapshot(commit);

/** Each source that is of the change's repository and branch, with the changed files that are rendered from it. */
async function touches(
  found: Found,
  change: NonNullable<SelectionQuestion['change']>,
  snapshot: Snapshot | undefined,
  repository: Repository | undefined,
): Promise<readonly Selected[]> {
  const results: Selected[] = [];
  const { application } = found;
  for (const [sourceIndex, source] of application.sources.entries()) {
    if (!sameGitUrl(source.repoURL, change.repository)) continue;
    if (!(await follows(source, change.branch, repository))) continue;
    const reads = await readsOf(application, source, snapshot);
    const paths = change.files.map(({ path }) => path).filter(reads);
    if (paths.length > 0) results.push({ ...found, sourceIndex, source, paths });
  }
  return results;
}

async function follows(source: Source, branch: string, repository: Repository | undefined): Promise<boolean> {
  const target = targetOf(source);
  if (target !== 'HEAD') return target === branch;
  return repository === undefined || (await repository.defaultBranch()) === branch;
}

async function readsOf(application: Listed, source: Source, snapshot: Snapshot | undefined) {
  const annotated = generatePaths(
    application.annotations['argocd.argoproj.io/manifest-generate-paths'],
    source,
  );
  const values = source.ref === undefined ? [] : referencedValues(application.sources, source.ref);
  const rendered =
    snapshot === undefined || source.path === undefined ? () => false : await filesOf(source, snapshot);
  return (path: string) => values.includes(path) || rendered(path) || annotated(path);
}

/**
 * Where nothing is rendered from the changed files: the applications in whose folder they lie. What they lack is then told as
 * `not-effective`, for example a values file that nobody names.
 */
function inFolder(found: Found, change: NonNullable<SelectionQuestion['change']>): readonly Selected[] {
  return found.application.sources.flatMap((source, sourceIndex) => {
    if (!sameGitUrl(source.repoURL, change.repository) || source.path === undefined) return [];
    const target = targetOf(source);
    if (target !== 'HEAD' && target !== change.branch) return [];
    const folder = sourceFolder(source);
    const paths = change.files
      .map(({ path }) => path)
      .filter((path) => folder !== '.' && isBelow(path, folder));
    return paths.length > 0 ? [{ ...found, sourceIndex, source, paths }] : [];
  });
}
