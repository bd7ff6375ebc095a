import { connectServers } from '@sluice/argocd/login/login';
import type { World } from '@sluice/core/run';
import { title } from '@sluice/gitops/commit/commit-message';
import { withTrailers } from '@sluice/gitops/commit/trailers';
import { commitFolders } from './commit-folders.ts';
import {
  checkFolders,
  type Environment,
  environmentOf,
  environmentsIn,
  foreignBecause,
  foreignHint,
  isForeign,
  type Owner,
  ownerOf,
} from './folder.ts';
import { type Asking, manifestsIn, readersOf, untilGone } from './gone.ts';
import { type PreviewInputs, targetOf } from './inputs.ts';
import { nameOf } from './mark.ts';
import { startNotes } from './notes.ts';
import { type Opened, openTarget } from './open.ts';
import { type Finding, type PreviewOutcome, previewOutcome, withNotes } from './outcome.ts';
import { parentsOf } from './parents.ts';
import { isOlder, type Refusal } from './plan-deploy.ts';
import { pullNumber } from './pull.ts';
import { removedFinding, settle } from './removed.ts';
import { runOf } from './run-of.ts';

type Removal = { readonly environment: Environment } & (
  | { readonly type: 'remove' | 'absent' | 'others' }
  | { readonly type: 'refused'; readonly refusal: Refusal }
);

/** Takes the environment of a pull request away again, and waits until Argo CD has done so. */
export async function removePreview(inputs: PreviewInputs, world: World): Promise<PreviewOutcome> {
  const number = pullNumber(inputs['pull-request'], world);
  const servers = inputs['argocd-server'].length === 0 ? [] : await connectServers(inputs, world);
  await using opened = await openTarget(inputs, world);
  return await removeFrom({ inputs, world, servers, opened }, number);
}

/** What takes the environment away though nobody has asked for that. */
export interface Cause {
  /** `pull request 12 has the label skip-ephemeral` */
  readonly told: string;
  /** How to have it again, for people. */
  readonly again: string;
}

/** Removes from an open repository. With a cause it goes whichever run wrote it, and the reason is `not-wanted`. */
export async function removeFrom(
  asking: Asking & { readonly opened: Opened },
  number: number,
  cause?: Cause,
): Promise<PreviewOutcome> {
  const { inputs, world, servers, opened } = asking;
  const run = runOf(world.context);
  const target = targetOf(inputs);
  const owner = ownerOf(inputs.project, world);
  const plan = async (snapshot: Parameters<typeof environmentsIn>[0]): Promise<Removal> => {
    const environment = environmentOf(await environmentsIn(snapshot, target), target, number);
    await checkFolders(opened.repository, snapshot, [environment.folder]);
    if (cause !== undefined && isForeign(environment, owner))
      return { type: 'others', environment: { ...environment, files: [] } };
    const refusal = refusalOf(environment, owner, cause === undefined ? run : undefined);
    if (refusal !== undefined) return { type: 'refused', environment, refusal };
    return { type: environment.files.length === 0 ? 'absent' : 'remove', environment };
  };
  const head = await opened.repository.resolve(`refs/heads/${opened.branch}`);
  const snapshot = head === undefined ? undefined : await opened.repository.snapshot(head);
  const first = snapshot && (await plan(snapshot));
  const folder = `${target}/${nameOf(number)}`;
  const manifests =
    snapshot && first
      ? await manifestsIn(snapshot, [first.environment])
      : new Map<string, readonly string[]>();
  // Before anything is removed: an Argo CD that does not answer is told while all is still there.
  const looked = first?.type === 'others' ? [] : [folder];
  const before = await readersOf(asking, looked, manifests);
  const done = (finding: Finding, commit = '') =>
    outcomeOf(number, folder, finding, commit, inputs.operation);
  if (inputs['dry-run']) {
    const count = first?.environment.files.length ?? 0;
    if (first?.type === 'refused') return done(refused(first.refusal));
    const why = cause === undefined ? '' : ` (${cause.told})`;
    return done({
      verdict: 'removed',
      ok: 'unknown',
      reason: 'dry-run',
      sentence: `Nothing was removed: ${count} files of ${folder} would be${why}.`,
    });
  }
  const written = await commitFolders<Removal>(
    opened,
    {
      async plan(at) {
        const result = await plan(at);
        if (result.type !== 'remove') return { type: 'done', result };
        const deletions = result.environment.files.map(({ path }) => path);
        const key = { project: inputs.project, environment: 'preview', tenant: nameOf(number), run };
        const message = {
          headline: title(`Remove preview #${number} of ${inputs.project}`),
          body: withTrailers('', key),
        };
        return { type: 'write', diff: { files: [], deletions }, message, result };
      },
    },
    world,
  );
  const { result } = written;
  if (result.type === 'refused') return done(refused(result.refusal));
  if (written.type === 'branch-rules') {
    const sentence = `The branch ${opened.branch} of ${opened.name} refuses the commit: ${written.said}`;
    return done({ verdict: 'failed', ok: 'false', reason: written.rule, sentence });
  }
  const commit = written.type === 'committed' ? written.commit : '';
  world.learn({ outputs: { 'commit-sha': commit, folder } });
  const gone = await untilGone(
    asking,
    looked,
    manifests,
    before,
    parentsOf({ ...asking, opened, paths: [...manifests.keys()], commit: head ?? '' }),
  );
  const found = removedFinding(number, gone, {
    ...{ asked: servers.length > 0, seen: before.found.length > 0 },
    isRemoved: commit !== '',
  });
  const finding = cause === undefined ? found : becauseOf(cause, found);
  const notes = startNotes(world);
  await settle(inputs, world, { number, finding, run, ...(cause && { again: cause.again }) }, notes);
  return withNotes(done(finding, commit), notes.all);
}

const refused = ({ reason, sentence, hint }: Refusal): Finding => ({
  ...{ verdict: 'failed', ok: reason === 'superseded' ? 'unknown' : 'false', reason, sentence, hint },
});

function refusalOf(environment: Environment, owner: Owner, run: string | undefined): Refusal | undefined {
  const { mark, folder, number } = environment;
  if (isForeign(environment, owner))
    return {
      reason: 'foreign-folder',
      sentence: `${folder} ${foreignBecause(environment)}: it stays.`,
      hint: foreignHint(environment),
    };
  if (run === undefined || !isOlder(run, mark)) return undefined;
  return {
    reason: 'superseded',
    sentence: `A newer run has deployed the environment of #${number}: it stays.`,
    hint: 'Nothing is to be done where the pull request was opened again; else run `operation: remove` anew.',
  };
}

/** A removal that stands for a deployment says why there is none. */
function becauseOf({ told }: Cause, found: Finding): Finding {
  const why = `${told.slice(0, 1).toUpperCase()}${told.slice(1)}`;
  const isGone = found.verdict === 'removed';
  return {
    ...found,
    ...(isGone && { reason: 'not-wanted' }),
    sentence:
      found.reason === 'nothing-to-remove' ? `${why}: it gets no environment.` : `${why}. ${found.sentence}`,
  };
}

const outcomeOf = (
  number: number,
  folder: string,
  finding: Finding,
  commit: string,
  operation: PreviewInputs['operation'],
): PreviewOutcome =>
  previewOutcome({
    finding,
    details: {
      ...{ operation, number, folder, url: '', commit, files: [] },
      ...{ applications: [], swept: [], notes: [] },
    },
    outputs: { folder, 'commit-sha': commit, removed: commit === '' ? '[]' : JSON.stringify([folder]) },
    rows: [],
  });
