import type { Repository, Snapshot } from '@sluice/gitops/git/repository';
import type { LoginWords } from '../api/authorization.ts';
import type { ArgoCD, Listed } from '../api/port.ts';
import type { Source } from '../observation.ts';
import { idOf } from '../page/worst.ts';
import { isArtifact, isArtifactRevision } from './artifact.ts';
import { type Candidates, type Choice, candidates, named } from './candidates.ts';
import { sameGitUrl } from './git-url.ts';
import { isBelow, sourceFolder } from './source-files.ts';
import { inFolder, type Touching, touches } from './touches.ts';
import { chosenBy, have, idle, leftOut, notNamed, notTouched, shownNothing } from './words.ts';

/** What a list holds, and of which server. */
export interface Found {
  readonly argocd: ArgoCD;
  readonly application: Listed;
}

/** An application, and what of the change it reads. */
export interface Selected extends Found {
  readonly sourceIndex: number;
  readonly source: Source;
  /** Paths of the change's files that it is rendered from; empty where only a revision is expected. */
  readonly paths: readonly string[];
}

export interface Selection {
  readonly selected: readonly Selected[];
  /** Names that no application has. */
  readonly missing: readonly string[];
  /** Servers that show the token no application at all: a token that lost its rights looks like that. */
  readonly silent: readonly string[];
  /** Which of the chosen applications are left out, as they do not read the change: a line of the log each. */
  readonly notes: readonly string[];
  /** To be said, whatever comes of it. */
  readonly warnings: readonly string[];
  /** Files of the change that none of them reads; empty where the applications were named, which says what is to be looked at. */
  readonly unread: readonly string[];
  /** One sentence: what was looked for, for the case that it was not found. */
  readonly sentence: string;
  /** What to do then. */
  readonly hint: string;
}

/** A server, and how messages call the login to it, where that is known. */
export interface Asked extends ArgoCD {
  readonly login?: LoginWords;
}

export interface SelectionQuestion {
  /** One or more. */
  readonly servers: readonly Asked[];
  readonly choice: Choice;
  /** Its files are looked for in what the applications read; absent where a revision is expected. */
  readonly change?: Touching;
  readonly repository?: Repository;
  /** The commit whose layout counts: the change's own, or the one before it. */
  readonly commit?: string;
  /** Whoever reads all of a larger folder is not meant, where nobody reads the files: who reads them is yet to come. */
  readonly within?: string;
  /** Where no change is expected: what is. */
  readonly revision?: string;
}

/** The applications to watch. */
export function selectApplications(question: SelectionQuestion): Promise<Selection> {
  const { choice } = question;
  return choice.type === 'names' ? byName(question, choice.names) : byTouch(question, choice);
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

async function byName(question: SelectionQuestion, names: readonly string[]): Promise<Selection> {
  const { servers, change } = question;
  const missing: string[] = [];
  const selected: Selected[] = [];
  const warnings: string[] = [];
  const notes: string[] = [];
  const silent = new Set<Asked>();
  for (const given of names) {
    const lists = await onAll(servers, (argocd) => named(argocd, given, change?.repository));
    const found = lists.flatMap((one) => one.found);
    warnings.push(...warningsOf(lists));
    if (found.length === 0) missing.push(given);
    for (const one of showingNone(servers, lists)) silent.add(one);
    const isPattern = given.includes('*');
    const of: Selected[] = [];
    for (const one of found) of.push(...(await (isPattern ? ofMatching : ofNamed)(one, question)));
    selected.push(...of);
    if (isPattern && change !== undefined) notes.push(...leftOut(`fit \`${given}\``, found, of));
  }
  const once = new Map(selected.map((one) => [`${idOf(one)} ${one.sourceIndex}`, one]));
  return {
    selected: [...once.values()],
    missing,
    silent: [...silent].map(({ server }) => server),
    unread: [],
    warnings: [...new Set(warnings)],
    notes,
    ...(silent.size > 0 ? shownNothing([...silent]) : notNamed(servers, names, missing)),
  };
}

/** Of several servers, those that show their tokens nothing, whatever is chosen: of one the choice itself is what finds nothing. */
const showingNone = (servers: readonly Asked[], lists: readonly Candidates[]): readonly Asked[] =>
  servers.length < 2 ? [] : servers.filter((_, at) => lists[at]?.showsAny === false);

const onAll = (
  servers: readonly ArgoCD[],
  list: (argocd: ArgoCD) => Promise<Candidates>,
): Promise<readonly Candidates[]> => Promise.all(servers.map(list));

const warningsOf = (lists: readonly Candidates[]): readonly string[] =>
  lists.flatMap(({ warning }) => warning ?? []);

/** Of a pattern only those count that read the change. */
const ofMatching = async (found: Found, question: SelectionQuestion): Promise<readonly Selected[]> =>
  question.change === undefined
    ? [withoutChange(found, question.revision)]
    : touches(found, question.change, await snapshotOf(question), question.repository);

async function ofNamed(found: Found, question: SelectionQuestion): Promise<readonly Selected[]> {
  const { change } = question;
  if (change === undefined) return [withoutChange(found, question.revision)];
  const candidates = await ofMatching(found, question);
  if (candidates.length > 0) return candidates;
  // Named by hand, it is taken to carry the change, in the source that is of its repository: the decision will show it, or not.
  const { sources } = found.application;
  const own = sources.findIndex(({ repoURL }) => sameGitUrl(repoURL, change.repository));
  // Nor can an artifact be read: what is rendered from it will show the change, or not.
  const sourceIndex = own < 0 ? sources.findIndex(isArtifact) : own;
  const source = sources[sourceIndex];
  if (source === undefined) return [withoutChange(found)];
  return [{ ...found, sourceIndex, source, paths: change.files.map(({ path }) => path) }];
}

/** The source that a revision is of: the first from Git, or the first that is not. */
function withoutChange(found: Found, revision = ''): Selected {
  const { sources } = found.application;
  const index = sources.findIndex((source) => isArtifact(source) === isArtifactRevision(revision));
  const sourceIndex = Math.max(index, 0);
  const source = sources[sourceIndex] ?? { repoURL: '', raw: {} };
  return { ...found, sourceIndex, source, paths: [] };
}

async function byTouch(
  question: SelectionQuestion,
  choice: Exclude<Choice, { type: 'names' }>,
): Promise<Selection> {
  const { servers, change, repository } = question;
  const lists = await onAll(servers, (argocd) => candidates(argocd, choice, change?.repository));
  const applications = lists.flatMap(({ found }) => found);
  const silent = await silentOf(question, choice, lists);
  const of = (selected: readonly Selected[]) => ({
    ...{ selected, missing: [], silent: silent.map(({ server }) => server), unread: [], notes: [] },
    warnings: warningsOf(lists),
    ...(silent.length > 0
      ? shownNothing(silent)
      : notTouched({ servers, choice, count: applications.length, ...(change && { change }) })),
  });
  if (change === undefined) return of(applications.map((one) => withoutChange(one, question.revision)));
  const snapshot = await snapshotOf(question);
  const reading: Selected[] = [];
  for (const application of applications)
    reading.push(...(await touches(application, change, snapshot, repository)));
  const isMeant = ({ source }: Selected): boolean =>
    question.within === undefined || isBelow(sourceFolder(source), question.within);
  const selected =
    reading.length > 0 ? reading : applications.flatMap((one) => inFolder(one, change)).filter(isMeant);
  const all = change.files.map(({ path }) => path);
  const chosen = chosenBy(choice);
  return {
    ...of(selected),
    warnings: [...warningsOf(lists), ...idle(servers, silent, selected, chosen)],
    // That of all that are shown only some read the change goes without saying.
    notes: chosen === '' ? [] : leftOut(have(choice), applications, selected),
    unread: all.filter((path) => !selected.some((one) => one.paths.includes(path))),
  };
}

/** Labels may well be of one server alone, so that only a look at all that a server shows tells the two apart. */
async function silentOf(
  { servers, change }: SelectionQuestion,
  choice: Exclude<Choice, { type: 'names' }>,
  lists: readonly Candidates[],
): Promise<readonly Asked[]> {
  if (choice.type === 'touched') return servers.filter((_, at) => lists[at]?.showsAny === false);
  if (choice.type === 'annotated' || servers.length < 2) return showingNone(servers, lists);
  const empty = servers.filter((_, at) => lists[at]?.found.length === 0);
  const all = await onAll(empty, (argocd) => candidates(argocd, { type: 'touched' }, change?.repository));
  return empty.filter((_, at) => all[at]?.showsAny === false);
}

const snapshotOf = async ({
  repository,
  commit,
}: Pick<SelectionQuestion, 'repository' | 'commit'>): Promise<Snapshot | undefined> =>
  repository === undefined || commit === undefined ? undefined : repository.snapshot(commit);
