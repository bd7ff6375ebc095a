import { connectServers } from '@sluice/argocd/login/login';
import { SluiceError } from '@sluice/core/errors';
import type { World } from '@sluice/core/run';
import { codeBlock } from '@sluice/core/summary';
import type { Change } from '@sluice/gitops/change';
import { title } from '@sluice/gitops/commit/commit-message';
import { withTrailers } from '@sluice/gitops/commit/trailers';
import { formatReference } from '@sluice/gitops/reference';
import { commitFolders } from './commit-folders.ts';
import { deployOutcome, refusedOutcome } from './deploy-outcome.ts';
import { diffFolder, environmentOf, environmentsIn, ownerOf } from './folder.ts';
import { readersOf } from './gone.ts';
import { type PreviewInputs, targetOf } from './inputs.ts';
import { nameOf } from './mark.ts';
import { type Notes, startNotes } from './notes.ts';
import { type Opened, openTarget, pullGitHub } from './open.ts';
import { type Finding, findingOf, type PreviewOutcome, seenIn } from './outcome.ts';
import { pinned } from './pinned.ts';
import { type Deploying, type DeployPlan, inPlace, planDeploy, type Wanted } from './plan-deploy.ts';
import { type PullHome, pullNow, pullNumber, readPull } from './pull.ts';
import { type Cause, removeFrom } from './remove.ts';
import { runOf } from './run-of.ts';
import { slugOf } from './slug.ts';
import { openTelling } from './telling.ts';
import { waitLive } from './wait-live.ts';
import { againBy, withoutBy } from './wanted-by-labels.ts';

/** Gives a pull request its own environment, and waits until it is live. */
export async function deployPreview(given: PreviewInputs, world: World): Promise<PreviewOutcome> {
  const number = pullNumber(given['pull-request'], world);
  // Asks nothing yet; but a certificate that is none must be found before anything else is asked.
  const servers = given['argocd-server'].length === 0 ? [] : await connectServers(given, world);
  const [owner = '', repo = ''] = world.context.repository.split('/');
  const home = { github: pullGitHub(given, world), owner, repo };
  const pull = await readPull(home, number, world);
  const about = { pull, owner: ownerOf(given.project, world), run: runOf(world.context) };
  const now = world.clock.now();
  if (!pull.isOpen) return refusedOutcome({ ...about, now, inputs: given }, closed(number));
  const told = withoutBy(pull, given);
  const inputs = told === undefined ? await pinned(given, world) : given;
  const deploying: Deploying = { ...about, now, inputs };
  await using opened = await openTarget(inputs, world);
  const asking = { inputs, world, servers, opened };
  if (told !== undefined) return await removeFrom(asking, number, { told, again: againBy(inputs) });
  if (inputs['dry-run']) return await dryRun(deploying, opened);
  // What would make the wait impossible is found before anything is written.
  await readersOf(asking, [`${targetOf(inputs)}/${nameOf(number)}`], new Map());

  const notes = startNotes(world);
  const telling = openTelling(deploying, world, notes);
  try {
    const written = await commitFolders<DeployPlan>(
      opened,
      {
        async plan(snapshot) {
          const plan = await planDeploy(deploying, opened, snapshot);
          if (plan.type === 'refused') return { type: 'done', result: plan };
          const kept = await inPlace(snapshot, plan.wanted, deploying);
          if (kept !== undefined) return { type: 'done', result: { ...plan, wanted: kept } };
          const diff = await diffFolder(snapshot, plan.wanted.environment, plan.wanted.files);
          return { type: 'write', diff, message: messageOf(deploying, plan.wanted), result: plan };
        },
        beforeWrite: async (plan) => {
          if (plan.type !== 'write') return;
          const { environment, url } = plan.wanted;
          world.learn({
            outputs: { folder: environment.folder, url, slug: slugOf(number, pull.branch) },
            sentence: `A commit to ${environment.folder} was asked for: it may be there.`,
          });
          await telling.begin(plan.wanted);
        },
      },
      world,
    );
    if (written.result.type === 'refused') {
      const { refusal } = written.result;
      return await telling.end(refusedOutcome(deploying, refusal));
    }
    const { wanted } = written.result;
    if (written.type === 'branch-rules') {
      const sentence = `The branch ${opened.branch} of ${opened.name} refuses the commit: ${written.said}`;
      const hint =
        'Let the App whose token this is pass the rule (as a bypass actor), or keep environments on a branch of their own.';
      return await telling.end(refusedOutcome(deploying, { reason: written.rule, sentence, hint }, wanted));
    }
    const { commit, base } =
      written.type === 'committed' ? written : await commitInPlace(opened, written.head, wanted);
    if (written.type === 'done') await telling.resume(wanted);
    const is = written.type === 'committed' ? 'are' : 'were';
    world.learn({
      outputs: { 'commit-sha': commit, folder: wanted.environment.folder, url: wanted.url },
      sentence: `Its files ${is} in ${wanted.environment.folder} at ${commit.slice(0, 7)}.`,
    });
    const change = changeOf(deploying, opened, wanted, { commit, base });
    const over = () => overtaken(deploying, opened, wanted);
    const waited = await waitLive({ inputs, world, opened, servers, wanted, change, overtaken: over });
    const isOver = 'overtaken' in waited;
    const finding = isOver ? waited.overtaken : ((await over()) ?? findingOf(waited));
    // Whoever has labelled or closed it meanwhile wants none, and may have looked before there was one.
    const cause = finding.reason === 'superseded' ? undefined : await unwanted(home, inputs, number, notes);
    if (cause !== undefined) return await telling.end(await removeFrom(asking, number, cause));
    const outcome = deployOutcome({
      deploying,
      wanted,
      commit,
      finding,
      seen: isOver ? { applications: [] } : seenIn(waited.outcome),
    });
    return await telling.end(outcome);
  } catch (error) {
    throw await telling.fail(error);
  }
}

const closed = (number: number) => ({
  reason: 'pull-request-over' as const,
  sentence: `#${number} is closed: it gets no environment.`,
  hint: 'Reopen it, or leave it: `operation: remove` takes away what it had.',
});

/** Why the pull request is to have no environment any more. Where nobody says so, it has one. */
async function unwanted(
  home: PullHome,
  inputs: PreviewInputs,
  number: number,
  notes: Notes,
): Promise<Cause | undefined> {
  const pull = await notes.attempt(`The labels of #${number} could not be looked at again`, () =>
    pullNow(home, number),
  );
  if (pull === undefined) return undefined;
  if (!pull.isOpen) return { told: `#${number} was closed meanwhile`, again: '' };
  const told = withoutBy(pull, inputs);
  return told === undefined ? undefined : { told, again: againBy(inputs) };
}

/** The commit that has brought the files to the folder. */
async function commitInPlace(
  { repository }: Opened,
  head: string,
  { environment: { folder } }: Wanted,
): Promise<Pick<Change, 'commit' | 'base'>> {
  const [last] = await repository.history(head, [folder], 1);
  const commit = last?.sha ?? head;
  return { commit, base: commit };
}

/** Whether another run, or a removal, has taken the place of what this one found or wrote; whatever was seen before that. */
async function overtaken(
  { inputs, pull }: Deploying,
  { repository, branch, name }: Opened,
  wanted: Wanted,
): Promise<Finding | undefined> {
  const head = await repository.resolve(`refs/heads/${branch}`);
  if (head === undefined)
    throw new SluiceError('input', 'branch-not-found', `${name} has no branch ${branch} any more.`);
  const target = targetOf(inputs);
  const { mark, files } = environmentOf(
    await environmentsIn(await repository.snapshot(head), target),
    target,
    pull.number,
  );
  if (mark !== undefined && mark.run !== wanted.run)
    return {
      ...{ verdict: 'failed', ok: 'unknown', reason: 'superseded' },
      sentence: `A newer run has deployed ${mark.commit.slice(0, 7)} to the environment of #${pull.number}.`,
      hint: 'Nothing is to be done: the newer run says what is live.',
    };
  if (files.length > 0) return undefined;
  return {
    ...{ verdict: 'failed', ok: 'unknown', reason: 'removed-meanwhile' },
    sentence: `The environment of #${pull.number} was removed while this run waited for it.`,
    hint: 'Run the job again, where the pull request is to have one.',
  };
}

function changeOf(
  { inputs, pull, run }: Deploying,
  { url, branch }: Opened,
  wanted: Wanted,
  commits: Pick<Change, 'commit' | 'base'>,
): Change {
  return {
    ...{ schema: 'sluice.change.v1', repository: url, branch, ...commits },
    ...{ project: inputs.project, environment: 'preview', tenant: nameOf(pull.number), run },
    ...(inputs['default-registry'] !== 'docker.io' && { defaultRegistry: inputs['default-registry'] }),
    files: wanted.places,
  };
}

function messageOf({ inputs, pull, run }: Deploying, { digest }: Wanted) {
  const { project, image } = inputs;
  const what = image === undefined ? pull.commit.slice(0, 7) : formatReference(image);
  const key = { project, environment: 'preview', tenant: nameOf(pull.number), run, digest };
  return {
    headline: title(`Preview #${pull.number} of ${project}: ${what}`),
    body: withTrailers(`For the commit ${pull.commit}.`, key),
  };
}

/** What would be written; nothing is, anywhere. */
async function dryRun(deploying: Deploying, opened: Opened): Promise<PreviewOutcome> {
  const head = await opened.repository.resolve(`refs/heads/${opened.branch}`);
  if (head === undefined)
    throw new SluiceError(
      'input',
      'branch-not-found',
      `${opened.name} has no branch ${JSON.stringify(opened.branch)}.`,
    );
  const plan = await planDeploy(deploying, opened, await opened.repository.snapshot(head));
  if (plan.type === 'refused') return refusedOutcome(deploying, plan.refusal);
  const { wanted } = plan;
  const files = wanted.files.map(({ path, text }) => `# ${path}\n${text}`).join('\n');
  const finding: Finding = {
    ...{ verdict: 'live', ok: 'unknown', reason: 'dry-run' },
    sentence: `Nothing was written, and nothing was seen: ${wanted.files.length} files would go to ${wanted.environment.folder}.`,
  };
  const seen = { applications: [] };
  return deployOutcome({ deploying, wanted, commit: '', finding, seen, more: codeBlock(files) });
}
