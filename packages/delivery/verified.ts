import { type Connected, patiently } from '@sluice/argocd/login/login';
import { partlyRead, waitOutcome } from '@sluice/argocd/page/outcome';
import { outcomeOfSeveral } from '@sluice/argocd/page/outcome-of-several';
import { shortage, tellOf, watchOptions } from '@sluice/argocd/run';
import { choiceOf } from '@sluice/argocd/select/choice';
import { type Selection, selectApplications, together } from '@sluice/argocd/select/select';
import { lookBefore, waitForChange } from '@sluice/argocd/watch/wait';
import type { World } from '@sluice/core/run';
import { appliedChange, bumpOutcome } from '@sluice/gitops/bump/bump-outcome';
import { type Bumped, notBegun, type Part } from '@sluice/gitops/bump/bump-parts';
import type { Applied } from '@sluice/gitops/bump/carry-out';
import type { Change } from '@sluice/gitops/change';
import type { Repository } from '@sluice/gitops/git/repository';
import type { DeployInputs } from './inputs.ts';
import { arrive } from './merge/arrive.ts';
import { lateBaseline } from './merge/late-baseline.ts';
import { type DeployOutcome, deploySchema, joined } from './outcome.ts';
import type { DeploymentRecord } from './record.ts';

/** Plans that are about to be carried out. */
export interface Applying {
  readonly inputs: DeployInputs;
  readonly world: World;
  readonly parts: readonly Part[];
  readonly apply: () => Promise<readonly Bumped[]>;
}

/** A part with the applications that read it. */
interface Watched {
  readonly part: Part;
  readonly repository: Repository;
  readonly selection: Selection;
  readonly before: Awaited<ReturnType<typeof lookBefore>>;
}

/**
 * Finds the applications of every part, applies all of them, waits until they are live; a pull request that is not merged, and
 * is not waited for, has nothing to be live.
 */
export async function applyVerified(
  applying: Applying,
  servers: readonly Connected[],
  record: Pick<DeploymentRecord, 'begin' | 'wait' | 'resume'>,
): Promise<DeployOutcome> {
  const { inputs, world, parts } = applying;
  const startedAt = world.clock.now();
  const found = await lookAt(applying, servers);
  const selections = found.map(({ selection }) => selection);
  const writes = parts.some(({ plan }) => plan.decision.type === 'write');
  const telling = { schema: deploySchema, not: writes ? 'deployed' : 'verified' } as const;
  const unread = selections.flatMap((selection) => selection.unread);
  const short = shortage(selections, inputs.expect, telling) ?? partlyRead(unread, telling);
  if (short !== undefined) return joined(inputs, notBegun(parts), short);
  tellOf(selections, world.log);
  const applied = (await applying.apply()).map((one) => landed(inputs, one));
  const baselines = found.map((one) => lateBaseline(one.before, () => lookAgain(one, servers, world), world));
  const beforeLook = async (part: number) => (await baselines[part]?.beforeLook()) ?? (() => {});
  const arrived = await arrive(inputs, world, parts, applied, record, beforeLook);
  if (arrived.type === 'ended') return arrived.outcome;
  const { bumped } = arrived;
  world.log.info(bumpOutcome(inputs, bumped).summary);
  if (bumped.every(({ applied }) => applied.type === 'settled')) await record.begin();
  const landedAt = world.clock.now();
  const watched: (Watched & { readonly applied: Applied })[] = [];
  for (const [index, one] of found.entries()) {
    const applied = bumped[index]?.applied;
    if (applied === undefined) throw new Error('a part was applied without an outcome');
    const before = baselines[index]?.latest() ?? one.before;
    const selection = await selectAgain(applying, servers, one, applied);
    watched.push({ ...one, before, applied, selection });
  }
  const again = watched.map(({ selection }) => selection);
  const lost = shortage(again, inputs.expect, { ...telling, not: 'verified' });
  if (lost !== undefined) return joined(inputs, bumped, lost);
  const outcomes = watched.map(async ({ repository, selection, before, applied }) => {
    const change = appliedChange(applied);
    const { selected } = selection;
    const applications = await waitForChange({
      ...{ repository, selected, before, expected: { change }, clock: world.clock, log: world.log },
      ...watchOptions(inputs, world),
      timeoutMs: Math.max(landedAt + inputs.timeout - world.clock.now(), 0),
      mode: inputs.mode === 'once' ? 'once' : 'wait',
    });
    const took = world.clock.now() - startedAt;
    const report = { expected: { change }, applications, took, gitHub: world.context.serverUrl };
    return waitOutcome({ ...report, unread: selection.unread }, deploySchema);
  });
  return joined(inputs, bumped, outcomeOfSeveral(await Promise.all(outcomes)));
}

/** The applications that read each part as it is, and how they are before anything is written. */
async function lookAt(applying: Applying, servers: readonly Connected[]): Promise<readonly Watched[]> {
  const asked = servers.map(patientOf(applying));
  const found: Omit<Watched, 'before'>[] = [];
  for (const part of applying.parts) {
    if (part.source.type !== 'remote') throw new Error('commit: none was refused before');
    const { repository } = part.source;
    const { change } = part.plan;
    const selection = await select(applying, asked, repository, change, change.base);
    found.push({ part, repository, selection });
  }
  const watched: Watched[] = [];
  for (const one of found) {
    // Where nothing is left to commit there is no "before", and nothing excuses what is broken now.
    const writes = one.part.plan.decision.type === 'write';
    const before = writes ? await lookBefore(one.selection.selected) : new Map();
    watched.push({ ...one, before });
  }
  return watched;
}

/** An Argo CD that is away holds nobody up who looks at a pull request. */
const LOOK_MS = 10_000;

/** How the applications are now, by one request each: without patience. */
function lookAgain(
  { selection }: Watched,
  servers: readonly Connected[],
  { clock }: World,
): ReturnType<typeof lookBefore> {
  const until = clock.now() + LOOK_MS;
  return lookBefore(
    selection.selected.flatMap((one) => {
      const argocd = servers.find(({ server }) => server === one.argocd.server);
      return argocd === undefined ? [] : [{ ...one, argocd: argocd.within(until) }];
    }),
  );
}

/**
 * What the change touches now that it is committed: an application may have appeared since the first look, and on a branch that
 * moved the plan may have come to files that others read.
 */
async function selectAgain(
  applying: Applying,
  servers: readonly Connected[],
  { part, repository, selection }: Watched,
  applied: Applied,
): Promise<Selection> {
  const isSame = applied.plan.digest === part.plan.digest;
  // Nothing lies between this look and the first where nothing was committed.
  if (isSame && applied.type === 'settled') return selection;
  const change = appliedChange(applied);
  const now = await select(applying, servers.map(patientOf(applying)), repository, change, change.commit);
  return isSame ? together(selection, now) : now;
}

const patientOf =
  ({ inputs, world }: Applying) =>
  (argocd: Connected): Connected =>
    patiently(argocd, { ...world, timeoutMs: inputs.timeout });

function select(
  { inputs }: Applying,
  servers: readonly Connected[],
  repository: Repository,
  change: Change,
  commit: string,
): Promise<Selection> {
  return selectApplications({ servers, choice: choiceOf(inputs), change, repository, commit });
}

/**
 * What somebody overwrote at once was committed all the same: who did, and whether that was a newer run of the same deployment,
 * is for the wait to tell.
 */
function landed(inputs: DeployInputs, { target, applied }: Bumped): Bumped {
  if (inputs.commit !== 'direct' || applied.type !== 'refused' || applied.commit === undefined)
    return { target, applied };
  return { target, applied: { type: 'committed', plan: applied.plan, commit: applied.commit } };
}
