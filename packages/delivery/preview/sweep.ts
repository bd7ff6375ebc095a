import { connectServers } from '@sluice/argocd/login/login';
import type { World } from '@sluice/core/run';
import { headOf } from '@sluice/gitops/commit/commit';
import { withTrailers } from '@sluice/gitops/commit/trailers';
import { commitFolders } from './commit-folders.ts';
import { type Environment, environmentsIn, isForeign, ownerOf, unsafeIn } from './folder.ts';
import {
  type Asking,
  type Gone,
  manifestsIn,
  type Readers,
  readersIn,
  readersOf,
  untilGone,
} from './gone.ts';
import { type PreviewInputs, targetOf } from './inputs.ts';
import { startNotes } from './notes.ts';
import { type Opened, openTarget, pullGitHub } from './open.ts';
import { type PreviewOutcome, withNotes } from './outcome.ts';
import { parentsOf } from './parents.ts';
import { pullState } from './pull.ts';
import { removedFinding, settle } from './removed.ts';
import type { SweptResult } from './result.ts';
import { runOf } from './run-of.ts';
import { sweptOutcome } from './sweep-outcome.ts';
import { decideSwept, type Swept } from './sweep-plan.ts';

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
    return sweptOutcome({ target, swept, commit: '', dryRun: inputs['dry-run'] });

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
    return sweptOutcome({
      target,
      swept: swept.map(kept),
      commit: '',
      finding: { verdict: 'failed', ok: 'false', reason: written.rule, sentence },
    });
  }
  const removed = written.result;
  const isGone = new Set(removed.map(({ folder }) => folder));
  const shown = swept.map((one) => (one.state === 'removed' && !isGone.has(one.folder) ? kept(one) : one));
  const commit = written.type === 'committed' ? written.commit : '';
  world.learn({ outputs: { 'commit-sha': commit, removed: JSON.stringify([...isGone]) } });
  const names = await manifestsIn(snapshot, removed);
  const left = readersIn(before, opened.url, [...isGone], names);
  const nudge = parentsOf({ ...asking, opened, paths: [...names.keys()], commit: head });
  const gone = await untilGone(asking, [...isGone], names, left, nudge);
  const notes = startNotes(world);
  for (const one of removed) {
    const own = readersIn(left, opened.url, [one.folder], await manifestsIn(snapshot, [one]));
    const asked = servers.length > 0;
    const about = { asked, seen: own.found.length > 0, isRemoved: true };
    const finding = removedFinding(one.number, goneOf(gone, own), about);
    const { why = '', again = '' } = swept.find(({ folder }) => folder === one.folder) ?? {};
    const sentence = `${why.slice(0, 1).toUpperCase()}${why.slice(1)}. ${finding.sentence}`;
    const told = { number: one.number, finding: { ...finding, sentence }, run, again };
    await settle(inputs, world, told, notes);
  }
  return withNotes(sweptOutcome({ target, swept: shown, commit, gone }), notes.all);
}

/** What is left of one of several. */
function goneOf(gone: Gone, { found }: Readers): Gone {
  if (gone.type === 'gone') return gone;
  const names = found.map(({ application }) => application.name).filter((name) => gone.names.includes(name));
  return names.length > 0 ? { type: 'left', names } : { type: 'gone', silent: [] };
}

const kept = (one: SweptResult): SweptResult =>
  one.state === 'removed' ? { ...one, state: 'kept', why: `${one.why}, but it was not removed` } : one;

async function lookAt(
  all: readonly Environment[],
  inputs: PreviewInputs,
  world: World,
  { repository }: Opened,
  head: string,
): Promise<readonly Swept[]> {
  const [owner = '', repo = ''] = world.context.repository.split('/');
  const home = { github: pullGitHub(inputs, world), owner, repo };
  const whose = ownerOf(inputs.project, world);
  const rules = { now: world.clock.now(), maxAge: inputs['max-age'], labels: inputs };
  const swept: Swept[] = [];
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
      swept.push({ folder, number, state: 'foreign', why, again: '' });
      continue;
    }
    const isOurs = !isForeign(environment, whose);
    const pull = isOurs ? await pullState(home, environment.number, world.signal) : 'closed';
    swept.push(decideSwept({ environment, pull }, whose, rules));
  }
  return swept;
}
