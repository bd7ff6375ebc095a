import type { Repository, Snapshot } from '@sluice/gitops/git/repository';
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
  /** Servers that show the token no application at all of those that are asked for: a token that lost its rights looks like that. */
  readonly silent: readonly string[];
  /** To be said, whatever comes of it. */
  readonly warnings: readonly string[];
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
  for (const given of names) {
    const lists = await onAll(servers, (argocd) => named(argocd, given, change?.repository));
    const found = lists.flatMap((one) => one.found);
    warnings.push(...warningsOf(lists));
    if (found.length === 0) missing.push(given);
    const read = given.includes('*') ? ofMatching : ofNamed;
    for (const one of found) selected.push(...(await read(one, question)));
  }
  const once = new Map(selected.map((one) => [`${idOf(one)} ${one.sourceIndex}`, one]));
  return {
    selected: [...once.values()],
    missing,
    silent: [],
    unread: [],
    warnings: [...new Set(warnings)],
    ...notNamed(servers, names, missing),
  };
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
  // Labels and annotations may well be of one server alone.
  const silent = choice.type === 'touched' ? servers.filter((_, at) => lists[at]?.found.length === 0) : [];
  const shown = {
    servers: silent.length > 0 ? silent : servers,
    choice,
    count: applications.length,
    isSilent: silent.length > 0 || applications.length === 0,
  };
  if (change === undefined)
    return {
      selected: applications.map((one) => withoutChange(one, question.revision)),
      missing: [],
      silent: silent.map(({ server }) => server),
      unread: [],
      warnings: warningsOf(lists),
      ...notTouched(shown),
    };
  const snapshot = await snapshotOf(question);
  const reading: Selected[] = [];
  for (const application of applications)
    reading.push(...(await touches(application, change, snapshot, repository)));
  const selected = reading.length > 0 ? reading : applications.flatMap((one) => inFolder(one, change));
  const all = change.files.map(({ path }) => path);
  return {
    selected,
    missing: [],
    silent: silent.map(({ server }) => server),
    warnings: [...warningsOf(lists), ...idle(servers, silent, selected)],
    unread: all.filter((path) => !selected.some((one) => one.paths.includes(path))),
    ...notTouched({ ...shown, change }),
  };
}

/** Servers of several that show applications, of which none reads the change. */
function idle(
  servers: readonly ArgoCD[],
  silent: readonly ArgoCD[],
  selected: readonly Selected[],
): readonly string[] {
  if (servers.length < 2) return [];
  return servers
    .filter((argocd) => !silent.includes(argocd) && !selected.some((one) => one.argocd === argocd))
    .map((argocd) => `No Application that ${nameOf(argocd)} shows to its token reads the change.`);
}

interface Shown {
  /** Those that show nothing, where there are any. */
  readonly servers: readonly ArgoCD[];
  readonly choice: Choice;
  readonly count: number;
  readonly isSilent: boolean;
  readonly change?: Touching;
}

/** What was looked for and not found, and what to do. */
function notTouched({ servers, choice, count, isSilent, change }: Shown) {
  const at = serversOf(servers);
  const chosen = chosenBy(choice);
  if (isSilent) {
    const sentence = `${showNo(servers)} ${chosen || 'at all '}to this token.`;
    if (choice.type === 'selector') {
      const hint = 'Check the labels in `selector`, and that the token may `get` such applications.';
      return { sentence, hint };
    }
    return {
      sentence,
      hint: 'Add `applications, get` to the policy of the token, and `projects, get` where it is of an account, for the projects that are deployed.',
    };
  }
  const paths = change?.files.map(({ path }) => path).join(', ') ?? '';
  const those = count === 1 ? `The one application ${chosen}` : `None of the ${count} applications ${chosen}`;
  const reads = count === 1 ? 'does not read' : 'reads';
  return {
    sentence: `${those}that ${at} shows to this token ${reads} ${paths} of ${change?.repository} at ${change?.branch}.`,
    hint: 'Name them in `applications`; check the path and targetRevision of the Application, and that the token may `get` it.',
  };
}

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
