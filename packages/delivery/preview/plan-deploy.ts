import { createHash } from 'node:crypto';
import { SluiceError } from '@sluice/core/errors';
import type { ChangedFile } from '@sluice/gitops/change';
import type { FileContent } from '@sluice/gitops/commit/committer';
import { isNewerSameKey } from '@sluice/gitops/commit/trailers';
import type { Snapshot } from '@sluice/gitops/git/repository';
import { formatReference } from '@sluice/gitops/reference';
import { imagePlaces } from './change-of.ts';
import {
  checkFolders,
  diffFolder,
  type Environment,
  environmentOf,
  environmentsIn,
  foreignBecause,
  foreignHint,
  isForeign,
  type Owner,
  readTemplate,
} from './folder.ts';
import { type PreviewInputs, targetOf } from './inputs.ts';
import { formatMark, MARK_FILE, type Mark, nameOf } from './mark.ts';
import type { Opened } from './open.ts';
import type { Pull } from './pull.ts';
import { renderTemplate, renderUrl } from './render.ts';
import { variablesOf } from './variables.ts';

/** What a run is about, the same on every head of the branch. */
export interface Deploying {
  readonly inputs: PreviewInputs;
  readonly pull: Pull;
  /** Of the pull request. */
  readonly owner: Owner;
  /** `owner/name/run id/attempt`. */
  readonly run: string;
  /** The time that the mark has. */
  readonly now: number;
}

/** An environment as it shall stand. */
export interface Wanted {
  readonly environment: Environment;
  /** With their paths from the root. */
  readonly files: readonly FileContent[];
  /** Where the image stands in them. */
  readonly places: readonly ChangedFile[];
  readonly url: string;
  /** `sha256:…` of the files, without the mark. */
  readonly digest: string;
  /** The run that the mark names: another one than ours where nothing was to be written. */
  readonly run: string;
}

/** Why nothing is written. */
export interface Refusal {
  readonly reason: 'limit-reached' | 'foreign-folder' | 'superseded';
  readonly sentence: string;
  readonly hint: string;
}

export type DeployPlan =
  | { readonly type: 'write'; readonly wanted: Wanted }
  | { readonly type: 'refused'; readonly refusal: Refusal };

/** Plans on one commit. Throws a SluiceError of kind input where the template cannot be rendered, with all that is wrong. */
export async function planDeploy(
  deploying: Deploying,
  opened: Opened,
  snapshot: Snapshot,
): Promise<DeployPlan> {
  const { inputs, pull, owner } = deploying;
  const target = targetOf(inputs);
  const all = await environmentsIn(snapshot, target);
  const environment = environmentOf(all, target, pull.number);
  const wanted = await render(deploying, opened, snapshot, environment);
  const refusal = refusalOf(
    deploying,
    environment,
    all.filter((one) => !isForeign(one, owner)),
  );
  return refusal === undefined ? { type: 'write', wanted } : { type: 'refused', refusal };
}

function refusalOf(
  { inputs, pull, owner, run }: Deploying,
  environment: Environment,
  ours: readonly Environment[],
): Refusal | undefined {
  const { project, limit } = inputs;
  if (isForeign(environment, owner)) {
    return {
      reason: 'foreign-folder',
      sentence: `${environment.folder} ${foreignBecause(environment)}.`,
      hint: foreignHint(environment),
    };
  }
  // A run of the same commit has the same to deploy, whichever began first: all jobs of one may be run again, after a label started another.
  if (environment.mark?.commit !== pull.commit && isOlder(run, environment.mark)) {
    return {
      reason: 'superseded',
      sentence: `A newer run has deployed ${environment.mark?.commit.slice(0, 7)} to the environment of #${pull.number}.`,
      hint: 'Nothing is to be done: the newer run says what is live.',
    };
  }
  const others = ours.filter(({ number }) => number !== pull.number);
  if (limit === undefined || environment.files.length > 0 || others.length < limit) return undefined;
  const names = others.slice(0, 10).map(({ number }) => `#${number}`);
  return {
    reason: 'limit-reached',
    sentence: `There ${others.length === 1 ? 'is 1 environment' : `are ${others.length} environments`} of ${project} (${names.join(', ')}), and \`limit\` allows ${limit}: #${pull.number} gets none.`,
    hint: 'Close a pull request or label it to go without, and run this job again; or raise `limit`.',
  };
}

/** Whether our environment was written by a newer run than this one. The repository may have had another name then. */
export function isOlder(run: string, mark: Mark | undefined): boolean {
  if (mark === undefined) return false;
  const key = { project: mark.project, environment: 'preview', tenant: nameOf(mark.number) };
  const theirs = run.split('/').slice(0, -2).concat(mark.run.split('/').slice(-2)).join('/');
  return isNewerSameKey({ ...key, run }, { ...key, run: theirs });
}

/**
 * The environment as it stands, where it holds the same files for the same commit: to write a new mark alone would restart what reads it. The
 * mark is that of whoever wrote it. Undefined where there is something to write.
 */
export async function inPlace(
  snapshot: Snapshot,
  wanted: Wanted,
  { pull }: Pick<Deploying, 'pull'>,
): Promise<Wanted | undefined> {
  const { environment } = wanted;
  const { mark, folder } = environment;
  if (mark === undefined || mark.commit !== pull.commit) return undefined;
  const path = `${folder}/${MARK_FILE}`;
  const text = (await snapshot.read([path])).get(path);
  if (text === undefined) return undefined;
  const files = wanted.files.map((file) => (file.path === path ? { ...file, text } : file));
  const diff = await diffFolder(snapshot, environment, files);
  return diff.files.length === 0 && diff.deletions.length === 0
    ? { ...wanted, files, run: mark.run }
    : undefined;
}

/** What Argo CD reads of a plain folder, and of a kustomization. */
const MANIFEST = /(\.(ya?ml|json|jsonnet)|(^|\/)Kustomization)$/;

async function render(
  { inputs, pull, owner, run, now }: Deploying,
  opened: Opened,
  snapshot: Snapshot,
  environment: Environment,
): Promise<Wanted> {
  const { template = '', image, project, values } = inputs;
  const { folder } = environment;
  if (isWithin(folder, template) || isWithin(template, folder))
    throw invalid([`\`template\` (${template}) and the environment (${folder}) lie in each other`]);
  await checkFolders(opened.repository, snapshot, [template, folder]);
  const source = await readTemplate(snapshot, template);
  if (source.length === 0)
    throw invalid([`there is no folder ${template} with files on ${opened.branch} of ${opened.name}`]);
  const variables = variablesOf({ pull, project, folder, image, values });
  const rendered = renderTemplate(source, variables);
  const problems = [...rendered.problems];
  // Of nothing Argo CD says Synced and Healthy.
  if (!source.some(({ path }) => MANIFEST.test(path))) problems.push(`${template} holds no manifest`);
  if (source.some(({ path }) => path === MARK_FILE)) problems.push(`${MARK_FILE}: the name is ours`);
  const unused = values.filter(({ name }) => !rendered.used.has(name) && !inputs.url.includes(`<<${name}>>`));
  problems.push(...unused.map(({ name }) => `no file names <<${name}>>, which \`values\` gives`));
  let url = '';
  try {
    if (inputs.url !== '') url = renderUrl(inputs.url, variables);
  } catch (error) {
    problems.push(`\`url\`: ${error instanceof Error ? error.message : String(error)}`);
  }
  const files = rendered.files.map((file) => ({ ...file, path: `${folder}/${file.path}` }));
  const places = problems.length > 0 ? [] : imagePlaces(files, inputs, folder);
  if (image !== undefined && problems.length === 0 && places.length === 0)
    problems.push(
      `${formatReference(image)} stands in no place where it could be seen to run: name <<image>> in a container, or <<image-tag>> in Helm values or the \`images\` of a kustomization`,
    );
  if (problems.length > 0) throw invalid(problems);
  const mark: Mark = {
    ...{ ...owner, number: pull.number, commit: pull.commit, run, deployed: now },
    image: image === undefined ? '' : formatReference(image),
  };
  const marked = { path: `${folder}/${MARK_FILE}`, mode: '100644', text: formatMark(mark) } as const;
  return { environment, files: [...files, marked], places, url, digest: digestOf(files), run };
}

const isWithin = (path: string, folder: string): boolean =>
  folder === '.' || path === folder || path.startsWith(`${folder}/`);

function invalid(problems: readonly string[]): SluiceError {
  const count =
    problems.length === 1 ? 'The template cannot be rendered' : `${problems.length} problems in the template`;
  return new SluiceError('input', 'invalid-template', `${count}: ${problems.join('; ')}`, {
    hint: 'Correct the template, or what this step gives for its variables.',
    problems,
  });
}

function digestOf(files: readonly FileContent[]): string {
  const listed = files.map(({ path, mode, text }) => [path, mode, text]).toSorted();
  return `sha256:${createHash('sha256').update(JSON.stringify(listed)).digest('hex')}`;
}
