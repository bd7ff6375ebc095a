import type { Clock } from '@sluice/core/clock';
import { SluiceError } from '@sluice/core/errors';
import type { Log } from '@sluice/core/log';
import type { Change } from '@sluice/gitops/change';
import type { Repository } from '@sluice/gitops/git/repository';
import type { ApplicationName, ArgoCD } from '../api/port.ts';
import { afterChildren, type Offspring } from '../children/after-children.ts';
import { expectationOf } from '../children/expectation.ts';
import { isMadeBy } from '../children/shown.ts';
import type { Generated, Generator } from '../children/types.ts';
import type { Verdict } from '../decide/types.ts';
import { at, text } from '../json.ts';
import { type Application, describeResource } from '../observation.ts';
import { idOf } from '../page/worst.ts';
import type { Selected } from '../select/select.ts';
import { createProgress } from './progress.ts';
import { sortStrays } from './strays.ts';
import { tell, type Watch, type Watched } from './wait.ts';
import { watchApplication } from './watch-application.ts';

/** What the children of all applications are watched with. */
export interface Family {
  readonly repository: Repository;
  readonly clock: Clock;
  readonly log: Log;
  readonly change: Change;
  readonly watch: Watch;
}

/** Verdicts of what one object generates, and what is to be said of the object itself. */
export interface Brood {
  readonly offspring: Offspring;
  readonly verdicts: readonly Watched[];
}

/** An app-of-apps of more generations than this is not heard of. */
const DEEPEST = 5;
/** Kubernetes has the Application, so Argo CD's API answers with it, unless it is another Argo CD's. */
const LATE = 30_000;
const BETWEEN_LOOKS = 2000;

/** A parent's verdict, and those of all Applications that come of what it deploys. `above`: the children that led here. */
export async function withChildren(
  parent: Watched,
  family: Family,
  above: readonly string[] = [],
): Promise<readonly Watched[]> {
  const { generates } = parent.verdict;
  if (generates === undefined || above.length >= DEEPEST) {
    if (parent.stray !== true) tell(parent);
    return [parent];
  }
  const names = generates.map(({ key }) => describeResource(key)).join(', ');
  parent.progress.says(`shows the change in ${names}; looking at what that deploys`);
  const broods = await Promise.all(generates.map((one) => broodOf(one, parent, family, above)));
  const verdict = afterChildren(
    parent.verdict,
    broods.map(({ offspring }) => offspring),
  );
  const all = broods.flatMap(({ verdicts }) => verdicts);
  const strays = all.filter(({ stray }) => stray === true);
  // A version may be that of another image, too, as long as it was seen where it is ours.
  const isSeen = [{ verdict }, ...all].some((one) => one.verdict.proof.length > 0);
  const { kept, leftOut } = isSeen
    ? await sortStrays(strays, parent, family.change, above.length === 0)
    : { kept: strays, leftOut: [] };
  const judged = { ...parent, verdict: { ...verdict, messages: [...verdict.messages, ...leftOut] } };
  tell(judged);
  if (isSeen || above.length === 0) for (const one of kept) tell(one);
  return [judged, ...all.filter(({ stray }) => stray !== true), ...kept];
}

async function broodOf(
  generator: Generator,
  parent: Watched,
  family: Family,
  above: readonly string[],
): Promise<Brood> {
  if (generator.key.kind === 'ApplicationSet') {
    const { broodOfSet } = await import('./application-set.ts');
    return broodOfSet(generator, parent, family, above);
  }
  const { key, object, edits } = generator;
  const project = text(at(object, 'spec', 'project')) ?? 'default';
  const generated: Generated = {
    by: describeResource({ ...key, kind: `${parent.selected.application.name}'s Application` }),
    uid: text(at(object, 'metadata', 'uid')) ?? '',
    wants: edits.filter((edit) => edit.at === undefined || edit.at.path.startsWith('spec.')),
  };
  const member = await findMember(parent.selected.argocd, { ...key, project }, family);
  if (typeof member === 'string' || !isMadeBy(member, generated)) {
    const why =
      typeof member === 'string'
        ? member
        : `${parent.selected.argocd.server} has another Application of that name.`;
    const sentence = `The change is in ${describeResource(key)}, which could not be looked at: ${why}`;
    return {
      offspring: { key, watched: 0, against: { verdict: 'unknown', reason: 'could-not-ask', sentence } },
      verdicts: [],
    };
  }
  const verdicts = await watchMember(member, generated, parent, family, above);
  return { offspring: { key, watched: 1 }, verdicts };
}

/** Watches one child, and then what comes of it. */
export async function watchMember(
  member: Application,
  generated: Generated,
  parent: Watched,
  family: Family,
  above: readonly string[],
): Promise<readonly Watched[]> {
  const { clock, log, repository, watch, change } = family;
  const { argocd } = parent.selected;
  const [source = { repoURL: '', raw: {} }] = member.sources;
  const selected: Selected = { argocd, application: member, sourceIndex: 0, source, paths: [] };
  const progress = createProgress(member.name, watch.startedAt, clock, log);
  const id = idOf(selected);
  if (above.includes(id)) return [{ selected, verdict: inCircle(member), waited: '', progress }];
  const verdict = await watchApplication(
    { argocd, repository, clock, selected, expectation: expectationOf(change, generated) },
    watch,
    progress,
  );
  const waited = progress.durations();
  const stray = verdict.reason === 'not-rendered' && generated.wants.every((want) => want.at === undefined);
  const of = parent.selected.application.name;
  const watched: Watched = { selected, verdict, waited, progress, of, ...(stray && { stray }) };
  return withChildren(watched, family, [...above, id]);
}

const inCircle = ({ name }: Application): Verdict => ({
  type: 'verdict',
  verdict: 'unknown',
  reason: 'generated',
  sentence: `Application ${name} deploys itself by way of others, so nothing shows where the change ends.`,
  messages: [],
  missing: [],
  proof: [],
});

/** When there is no more time to look for children, by the local clock. */
export const endOf = ({ watch, clock }: Family): number =>
  watch.mode === 'once' ? clock.now() : watch.startedAt + watch.timeoutMs;

/** The Application, or why it is not to be seen. One that Argo CD does not show yet is waited for. */
export async function findMember(
  argocd: ArgoCD,
  name: ApplicationName,
  family: Family,
): Promise<Application | string> {
  const { clock } = family;
  const until = endOf(family);
  const late = clock.now() + LATE;
  for (;;) {
    let why: string;
    try {
      return (await argocd.get(name)).application;
    } catch (error) {
      if (!(error instanceof SluiceError) || error.kind === 'internal') throw error;
      if (error.kind !== 'platform') return error.message;
      why = error.message;
      const end = error.code === 'no-application' ? Math.min(until, late) : until;
      if (clock.now() + BETWEEN_LOOKS > end) return why;
    }
    await clock.sleep(BETWEEN_LOOKS);
  }
}
