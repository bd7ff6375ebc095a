import type { FolderContent } from '@sluice/argocd/decide/types';
import { type Connected, patiently } from '@sluice/argocd/login/login';
import { partlyRead, type WaitOutcome, waitOutcome } from '@sluice/argocd/page/outcome';
import { shortage, tellOf, watchOptions } from '@sluice/argocd/run';
import { choiceOf } from '@sluice/argocd/select/choice';
import { untilThere } from '@sluice/argocd/select/late';
import { type Selection, selectApplications } from '@sluice/argocd/select/select';
import { isBelow, sourceFolder } from '@sluice/argocd/select/source-files';
import { waitForChange } from '@sluice/argocd/watch/wait';
import type { World } from '@sluice/core/run';
import type { Change } from '@sluice/gitops/change';
import type { PreviewInputs } from './inputs.ts';
import { lookOut } from './look-out.ts';
import type { Opened } from './open.ts';
import type { Finding } from './outcome.ts';
import { manifestsOf, parentsOf } from './parents.ts';
import type { Wanted } from './plan-deploy.ts';
import { previewSchema } from './result.ts';

export interface Waiting {
  readonly inputs: PreviewInputs;
  readonly world: World;
  readonly opened: Opened;
  readonly servers: readonly Connected[];
  readonly wanted: Wanted;
  readonly change: Change;
  /** Whether there is nothing to wait for any more, because another run has been there. */
  readonly overtaken: () => Promise<Finding | undefined>;
}

/** What argo-sync-wait says of the environment; `isLate`: the time was over before there was any Application. */
export type Waited =
  | { readonly outcome: WaitOutcome; readonly isLate: boolean }
  /** Another run has been there meanwhile. */
  | { readonly overtaken: Finding };

/**
 * Waits until Argo CD compares with a commit whose folder is the one that was written, and runs it. The Application may not be there yet:
 * an ApplicationSet looks at Git every three minutes by default (`requeueAfterSeconds` of its Git generator).
 */
export async function waitLive({
  inputs,
  world,
  opened,
  servers,
  wanted,
  change,
  overtaken,
}: Waiting): Promise<Waited> {
  const { clock, log, signal, context } = world;
  const startedAt = clock.now();
  const until = startedAt + inputs.timeout;
  const { repository } = opened;
  const asked = servers.map((one) => patiently(one, { ...world, timeoutMs: inputs.timeout }));
  // Whatever reads a file of the folder is of the environment; an image is looked for in what reads its place.
  const read =
    wanted.places.length > 0 ? wanted.places : wanted.files.map(({ path }) => ({ path, edits: [] }));
  const touching = { ...change, files: read };
  const question = {
    servers: asked,
    choice: choiceOf(inputs),
    change: touching,
    repository,
    commit: change.commit,
    within: wanted.environment.folder,
  };
  const lacking = (found: Selection) =>
    shortage([found], inputs.expect)?.summary ?? unreadOf(found, wanted)?.summary;
  const paths = [...manifestsOf(new Map(wanted.files.map(({ path, text }) => [path, text]))).keys()];
  const nudge = parentsOf({ inputs, world, servers, opened, paths, commit: change.commit });
  const look = async () => {
    const found = await selectApplications(question);
    const isLacking = lacking(found) !== undefined;
    if (isLacking) await nudge();
    return { found, over: isLacking ? await overtaken() : undefined };
  };
  type Look = Awaited<ReturnType<typeof look>>;
  const missing = ({ found, over }: Look) => (over === undefined ? lacking(found) : undefined);
  const { found: selection, over } = await untilThere(look, missing, {
    ...{ clock, log, signal, until, expect: inputs.expect, isAnnounced: true },
  });
  if (over !== undefined) return { overtaken: over };
  const short = shortage([selection], inputs.expect) ?? unreadOf(selection, wanted);
  if (short !== undefined) return { outcome: notYet(short, opened, wanted), isLate: true };
  tellOf([selection], log);
  const folder: FolderContent = {
    path: wanted.environment.folder,
    files: new Map(wanted.files.map(({ path, text }) => [path, text])),
  };
  const expected =
    wanted.places.length > 0 ? { change: touching, folder } : { revision: change.commit, folder };
  // One that reads more than the environment is not judged by what else it deploys.
  const isOwn = selection.selected.every(({ source }) => isBelow(sourceFolder(source), folder.path));
  const scope = isOwn ? 'application' : 'changed';
  const watched = { ...inputs, scope, until: 'complete', 'sync-resources': 'all' } as const;
  const beside = lookOut(overtaken, world);
  const waiting = waitForChange({
    ...{ repository, selected: selection.selected, expected, clock, log },
    ...watchOptions(watched, world),
    timeoutMs: Math.max(until - clock.now(), 0),
    mode: 'wait',
    over: beside.verdict,
  });
  // An Application that says nothing more would be watched for the whole time, while nothing is there to become live.
  const ended = await Promise.race([
    waiting.then((applications) => ({ applications })),
    beside.found.then((finding) => ({ overtaken: finding })),
  ]).finally(beside.stop);
  if ('overtaken' in ended) return ended;
  const { applications } = ended;
  const took = clock.now() - startedAt;
  const report = { expected, applications, took, gitHub: context.serverUrl };
  return { outcome: waitOutcome(report, previewSchema), isLate: false };
}

/** Of an environment that has just been made the token is the lesser suspect. */
function notYet(
  outcome: WaitOutcome,
  { name, branch }: Opened,
  { environment: { folder } }: Wanted,
): WaitOutcome {
  if (outcome.reason !== 'no-application') return outcome;
  const asked = `does the ApplicationSet read ${name}, its branch ${branch}, and this folder?`;
  const hint = `Either nothing is generated from \`${folder}\` yet (${asked}), or the token may not \`get\` it: \`applications, get, <project>/*, allow\`.`;
  return { ...outcome, hint };
}

/** A place of the image that nobody reads was not seen. */
function unreadOf({ unread }: Selection, { places }: Wanted): WaitOutcome | undefined {
  const lacking = unread.filter((path) => places.some((one) => one.path === path));
  return partlyRead(lacking, { schema: previewSchema, not: 'verified' });
}
