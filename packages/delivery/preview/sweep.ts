import { connectServers } from '@sluice/argocd/login/login';
import type { World } from '@sluice/core/run';
import { code, escapeMarkdown, table } from '@sluice/core/summary';
import { headOf } from '@sluice/gitops/commit/commit';
import { withTrailers } from '@sluice/gitops/commit/trailers';
import { commitFolders } from './commit-folders.ts';
import { type Environment, environmentsIn, isForeign, unsafeIn } from './folder.ts';
import { type Asking, type Gone, manifestsIn, readersIn, readersOf, untilGone } from './gone.ts';
import { type PreviewInputs, targetOf } from './inputs.ts';
import { startNotes } from './notes.ts';
import { type Opened, openTarget, pullGitHub } from './open.ts';
import { type Finding, type PreviewOutcome, previewOutcome, withNotes } from './outcome.ts';
import { parentsOf } from './parents.ts';
import { pullState } from './pull.ts';
import { removedFinding, settle } from './remove.ts';
import type { SweptResult } from './result.ts';
import { runOf } from './run-of.ts';
import { decideSwept } from './sweep-plan.ts';

/** Removes every environment of the target that is stale, or whose pull request is closed or gone. */
export async function sweepPreviews(inputs: PreviewInputs, world: World): Promise<PreviewOutcome> {
  const servers = inputs['argocd-server'].length === 0 ? [] : await connectServers(inputs, world);
  await using opened = await openTarget(inputs, world);
  const target = targetOf(inputs);
  const head = await headOf(opened.repository, { repository: opened.name, branch: opened.branch });
  const snapshot = await opened.repository.snapshot(head);
  const all = await environmentsIn(snapshot, target);
  const swept = await lookAt(all, inputs, world, opened, head);
  for (const { folder, state, why } of swept) world.log.info(`${folder}: ${state}, ${why}`);
  const going = all.filter(({ folder }) =>
    swept.some((one) => one.folder === folder && one.state === 'removed'),
  );
  if (inputs['dry-run'] || going.length === 0)
    return outcomeOf({ target, swept, commit: '', dryRun: inputs['dry-run'] });

  const asking: Asking = { inputs, world, servers, opened };
  const folders = going.map(({ folder }) => folder);
  const manifests = await manifestsIn(snapshot, going);
  const before = await readersOf(asking, folders, manifests);
  const run = runOf(world.context);
  const written = await commitFolders<readonly Environment[]>(
    opened,
    {
      async plan(at) {
        // What was deployed anew since it was looked at is needed.
        const unsafe = await unsafeIn(opened.repository, at, folders);
        const now = (await environmentsIn(at, target)).filter(
          (one) =>
            !unsafe.has(one.folder) &&
            going.some(({ folder, mark }) => folder === one.folder && mark?.run === one.mark?.run),
        );
        if (now.length === 0) return { type: 'done', result: now };
        const names = now.map(({ folder }) => folder);
        const message = {
          headline: `Remove ${now.length === 1 ? 'a preview' : `${now.length} previews`} of ${inputs.project}`,
          body: withTrailers(names.join('\n'), { project: inputs.project, run }),
        };
        const deletions = now.flatMap(({ files }) => files.map(({ path }) => path));
        return { type: 'write', diff: { files: [], deletions }, message, result: now };
      },
    },
    world,
  );
  if (written.type === 'branch-rules') {
    const sentence = `The branch ${opened.branch} of ${opened.name} refuses the commit: ${written.said}`;
    return outcomeOf({
      target,
      swept: swept.map(kept),
      commit: '',
      finding: { verdict: 'failed', ok: 'false', reason: written.rule, sentence },
    });
  }
  const removed = written.result;
  const isGone = new Set(removed.map(({ folder }) => folder));
  const told = swept.map((one) => (one.state === 'removed' && !isGone.has(one.folder) ? kept(one) : one));
  const commit = written.type === 'committed' ? written.commit : '';
  world.learn({ outputs: { 'commit-sha': commit, removed: JSON.stringify([...isGone]) } });
  const names = await manifestsIn(snapshot, removed);
  const left = readersIn(before, opened.url, [...isGone], names);
  const nudge = parentsOf({ ...asking, opened, paths: [...names.keys()], commit: head });
  const gone = await untilGone(asking, [...isGone], names, left, nudge);
  const notes = startNotes(world);
  for (const { number } of removed) {
    const finding = removedFinding(number, gone, { asked: servers.length > 0, wasThere: true });
    await settle(inputs, world, { number, finding, run }, notes);
  }
  return withNotes(outcomeOf({ target, swept: told, commit, gone }), notes.all);
}

const kept = (one: SweptResult): SweptResult =>
  one.state === 'removed' ? { ...one, state: 'kept', why: `${one.why}, but it was not removed` } : one;

async function lookAt(
  all: readonly Environment[],
  inputs: PreviewInputs,
  world: World,
  { repository }: Opened,
  head: string,
): Promise<readonly SweptResult[]> {
  const [owner = '', repo = ''] = world.context.repository.split('/');
  const home = { github: pullGitHub(inputs, world), owner, repo };
  const whose = { project: inputs.project, repository: world.context.repository };
  const ages = { now: world.clock.now(), maxAge: inputs['max-age'] };
  const swept: SweptResult[] = [];
  const snapshot = await repository.snapshot(head);
  const unsafe = await unsafeIn(
    repository,
    snapshot,
    all.map(({ folder }) => folder),
  );
  for (const environment of all) {
    const { folder, number } = environment;
    const [why] = unsafe.get(folder) ?? [];
    if (why !== undefined) {
      swept.push({ folder, number, state: 'foreign', why });
      continue;
    }
    const isOurs = !isForeign(environment, whose);
    const pull = isOurs ? await pullState(home, environment.number, world.signal) : 'open';
    const [last] =
      environment.mark === undefined && pull === 'open'
        ? await repository.history(head, [environment.folder], 1)
        : [];
    const writtenAt = environment.mark?.deployed ?? last?.date;
    swept.push(decideSwept({ environment, pull, writtenAt }, whose, ages));
  }
  return swept;
}

interface Swept {
  readonly target: string;
  readonly swept: readonly SweptResult[];
  readonly commit: string;
  readonly gone?: Gone;
  readonly dryRun?: boolean;
  /** Where it is not what the environments say. */
  readonly finding?: Finding;
}

function outcomeOf({ target, swept, commit, gone, dryRun = false, finding }: Swept): PreviewOutcome {
  const removed = swept.filter(({ state }) => state === 'removed').map(({ folder }) => folder);
  const rows = swept.map(({ folder, state, why }) => [code(folder), state, escapeMarkdown(why)]);
  return previewOutcome({
    finding: finding ?? findingOf({ swept, removed, gone, dryRun }),
    details: {
      ...{ operation: 'sweep', number: 0, folder: target, url: '', commit, files: [] },
      ...{ applications: [], swept, notes: [] },
    },
    outputs: { folder: target, 'commit-sha': commit, removed: JSON.stringify(dryRun ? [] : removed) },
    rows: [],
    more: rows.length === 0 ? '' : table([['folder', 'state', 'why'], ...rows]),
  });
}

function findingOf({
  swept,
  removed,
  gone,
  dryRun,
}: {
  readonly swept: readonly SweptResult[];
  readonly removed: readonly string[];
  readonly gone: Gone | undefined;
  readonly dryRun: boolean;
}): Finding {
  const count = `${removed.length} of ${swept.length} environments`;
  if (dryRun)
    return {
      verdict: 'removed',
      ok: 'unknown',
      reason: 'dry-run',
      sentence: `Nothing was removed: ${count} would be.`,
    };
  const untold = swept.filter(({ state }) => state === 'not-told');
  if (untold.length > 0)
    return {
      ...{ verdict: 'unknown', ok: 'unknown', reason: 'not-told' },
      sentence: `${count} removed; of ${untold.length} it could not be told whether they are needed: ${untold[0]?.why ?? ''}`,
      hint: 'They stay. Run it again when GitHub answers, with `pull-requests: read` for the token.',
    };
  if (gone?.type === 'left')
    return {
      ...{ verdict: 'timed-out', ok: 'false', reason: 'still-there' },
      sentence: `${count} are gone from Git, and Argo CD still has ${gone.names.join(', ')}.`,
      hint: 'See whether the ApplicationSet may delete, and what a finalizer waits for.',
    };
  const isBlind = gone?.type === 'gone' && gone.silent.length > 0;
  const reason = removed.length === 0 ? 'nothing-to-remove' : 'removed';
  return { verdict: 'removed', ok: isBlind ? 'unknown' : 'true', reason, sentence: `${count} removed.` };
}
