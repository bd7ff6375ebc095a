import type { Repository, Snapshot } from '@sluice/gitops/git/repository';
import type { LoginWords } from '../api/authorization.ts';
import type { ArgoCD, Listed } from '../api/port.ts';
import type { Source } from '../observation.ts';
import { serverName } from '../page/names.ts';
import { idOf } from '../page/worst.ts';
import { isArtifact, isArtifactRevision } from './artifact.ts';
import { type Candidates, type Choice, candidates, named } from './candidates.ts';
import { sameGitUrl } from './git-url.ts';
import { inFolder, type Touching, touches } from './touches.ts';

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

/** Most names that a line holds. */
const MOST_NAMES = 10;

/** Chosen, and not of the change: whoever counts on them learns that nobody looks at them. */
function leftOut(how: string, chosen: readonly Found[], selected: readonly Selected[]): readonly string[] {
  const reading = new Set(selected.map(idOf));
  const left = chosen.filter((one) => !reading.has(idOf(one)));
  if (reading.size === 0 || left.length === 0) return [];
  const names = left.slice(0, MOST_NAMES).map(({ application: { name } }) => name);
  const more = left.length > names.length ? [`${left.length - names.length} more`] : [];
  const reads = `${reading.size} ${reading.size === 1 ? 'reads' : 'read'} the change`;
  const are = left.length === 1 ? 'is' : 'are';
  return [
    `${chosen.length} applications ${how}, ${reads}: ${[...names, ...more].join(', ')} ${are} left out.`,
  ];
}

const onAll = (
  servers: readonly ArgoCD[],
  list: (argocd: ArgoCD) => Promise<Candidates>,
): Promise<readonly Candidates[]> => Promise.all(servers.map(list));

const warningsOf = (lists: readonly Candidates[]): readonly string[] =>
  lists.flatMap(({ warning }) => warning ?? []);

const nameOf = (argocd: ArgoCD): string => (argocd.name ? serverName(argocd) : argocd.server);

const serversOf = (servers: readonly ArgoCD[]): string => servers.map(nameOf).join(' or ');

const showNo = (servers: readonly ArgoCD[]): string =>
  servers.length < 2
    ? `${serversOf(servers)} shows no Application`
    : `Neither ${servers.map(nameOf).join(' nor ')} shows an Application`;

function notNamed(servers: readonly ArgoCD[], names: readonly string[], missing: readonly string[]) {
  const quoted = (missing.length > 0 ? missing : names).map((name) => `\`${name}\``).join(', ');
  return missing.length > 0
    ? {
        sentence: `${showNo(servers)} ${quoted} to this token.`,
        hint: 'Check the spelling in `applications`, and that the token may `get` it.',
      }
    : {
        sentence: `No Application that fits ${quoted} at ${serversOf(servers)} reads the change.`,
        hint: 'Check the path and targetRevision of the Applications, and the pattern.',
      };
}

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
  const selected = reading.length > 0 ? reading : applications.flatMap((one) => inFolder(one, change));
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

/** Servers of several that show applications, of which none reads the change. */
function idle(
  servers: readonly ArgoCD[],
  silent: readonly ArgoCD[],
  selected: readonly Selected[],
  chosen: string,
): readonly string[] {
  if (servers.length < 2) return [];
  return servers
    .filter((argocd) => !silent.includes(argocd) && !selected.some((one) => one.argocd === argocd))
    .map((argocd) => `No Application ${chosen}that ${nameOf(argocd)} shows to its token reads the change.`);
}

interface Shown {
  readonly servers: readonly ArgoCD[];
  readonly choice: Choice;
  readonly count: number;
  readonly change?: Touching;
}

/** Nothing at all: that is a matter of rights. */
function shownNothing(silent: readonly Asked[]) {
  const login = silent[0]?.login;
  const right = 'applications, get, <project>/*, allow';
  const policy =
    login === undefined
      ? 'Add `applications, get` to the policy of the token'
      : `The right to \`get\` Applications is missing. ${login.policyOf('<project>')}, ${right}`;
  return {
    sentence: `${showNo(silent)} at all to this token.`,
    hint: `${policy}; and \`projects, get\` where it is no token of a project's role, for the projects that are deployed.`,
  };
}

/** What was looked for and not found, and what to do. */
function notTouched({ servers, choice, count, change }: Shown) {
  const at = serversOf(servers);
  const chosen = chosenBy(choice);
  if (count === 0) {
    const sentence = `${showNo(servers)} ${chosen}to this token.`;
    const hint =
      choice.type === 'selector'
        ? 'Check the labels in `selector`, and that the token may `get` such applications.'
        : 'Check the annotations of the Applications, and that the token may `get` them; the token of an account needs `projects, get` as well.';
    return { sentence, hint };
  }
  const paths = change?.files.map(({ path }) => path).join(', ') ?? '';
  const those = count === 1 ? `The one application ${chosen}` : `None of the ${count} applications ${chosen}`;
  const reads = count === 1 ? 'does not read' : 'reads';
  return {
    sentence: `${those}that ${at} shows to this token ${reads} ${paths} of ${change?.repository} at ${change?.branch}.`,
    hint: 'Name them in `applications`; check the path and targetRevision of the Application, and that the token may `get` it.',
  };
}

const have = (choice: Choice): string =>
  choice.type === 'selector' ? `have the labels ${choice.selector}` : `are ${chosenBy(choice).trim()}`;

function chosenBy(choice: Choice): string {
  if (choice.type === 'selector') return `with the labels ${choice.selector} `;
  if (choice.type !== 'annotated') return '';
  const { project, environment, tenant } = choice.key;
  return `annotated with ${[project, environment, tenant].filter((one) => one !== '').join(', ')} `;
}

const snapshotOf = async ({
  repository,
  commit,
}: Pick<SelectionQuestion, 'repository' | 'commit'>): Promise<Snapshot | undefined> =>
  repository === undefined || commit === undefined ? undefined : repository.snapshot(commit);
