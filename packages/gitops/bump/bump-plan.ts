import { SluiceError } from '@sluice/core/errors';
import { placesBySource, type SourcePlaces } from '../applications/places.ts';
import type { TargetScope } from '../applications/types.ts';
import type { Change } from '../change.ts';
import type {
  EditPlan,
  ImageReport,
  MissingPlace,
  PlannedFile,
  RefusedPlace,
  SkippedFile,
} from '../find/edit-plan.ts';
import { planEdits } from '../find/plan-edits.ts';
import type { Snapshot } from '../git/repository.ts';
import type { BumpInputs } from '../inputs.ts';
import type { PlanRefusal } from '../reasons.ts';
import { DOCKER_HUB } from '../reference.ts';
import { type BumpFiles, type LeftOut, readBumpFiles } from './bump-files.ts';
import { planDigest } from './plan.ts';

/** Where a change goes: the repository and branch that Argo CD reads. */
export interface Target {
  /** `owner/name`. */
  readonly repository: string;
  /** `https://github.com/acme/gitops`, without credentials. */
  readonly url: string;
  readonly branch: string;
  /** The run that makes the change, `<owner>/<repository>/<run id>/<attempt>`. */
  readonly run?: string | undefined;
  /** The files of the workspace are meant, whatever the branch holds. */
  readonly isWorkspace?: true;
  /** What Applications are made from there; absent where the input `path` says it. */
  readonly scope?: TargetScope;
}

/** Whether a plan may be written. */
export type Decision =
  | { readonly type: 'write' }
  /** Every place holds its value already. */
  | { readonly type: 'nothing' }
  | {
      readonly type: 'not-found' | 'refused';
      readonly reason: PlanRefusal;
      readonly why: string;
      readonly hint: string;
    };

/** Whether nothing keeps a plan from being carried out; that may leave nothing to write. */
export const isReady = ({ decision }: Plan): boolean =>
  decision.type === 'write' || decision.type === 'nothing';

/** What a bump would do to one commit. */
export interface Plan {
  readonly change: Change;
  /** `sha256:…` */
  readonly digest: string;
  readonly decision: Decision;
  readonly files: readonly PlannedFile[];
  /** Of the files. */
  readonly executable: ReadonlySet<string>;
  readonly images: readonly ImageReport[];
  readonly missing: readonly MissingPlace[];
  readonly problems: readonly RefusedPlace[];
  readonly skipped: readonly (SkippedFile | LeftOut)[];
  /** Markdown: what kustomize and Helm make of the change, where that was asked for. */
  readonly rendered?: string;
  /** One sentence each. */
  readonly warnings: readonly string[];
  /** Of the Applications that the annotations selected. */
  readonly sources: readonly SourcePlaces[];
}

/**
 * Plans the change on one commit: reads the files, finds the places, decides. Writes nothing. Throws a SluiceError of
 * kind input for inputs that the repository's content shows to be wrong.
 */
export async function planOn(inputs: BumpInputs, target: Target, snapshot: Snapshot): Promise<Plan> {
  if (inputs.images.some(({ policy }) => policy !== undefined)) throw new Error('resolveImages comes before');
  const files = await readBumpFiles(
    inputs,
    snapshot,
    inputs.commit === 'none' ? 'workspace' : target,
    target.scope,
  );
  const found = editsOf(inputs, files);
  const edits = { ...found, missing: [...files.missing, ...found.missing] };
  const wrong = edits.problems.find((problem) => problem.kind === 'input');
  if (wrong !== undefined) {
    throw new SluiceError('input', wrong.code, `${wrong.message}.`, {
      hint: `Correct ${wrong.path}, or the input that names it.`,
    });
  }
  const problems = edits.problems.filter((problem) => problem.kind === 'refused');
  const change = changeOf(inputs, target, snapshot.commit, edits.files, files.settings);
  return {
    change,
    digest: planDigest(change),
    decision: decide(inputs, edits, problems, files),
    files: edits.files,
    executable: new Set(edits.files.map(({ path }) => path).filter(files.isExecutable)),
    images: edits.images,
    missing: edits.missing,
    problems,
    skipped: [...edits.skipped, ...files.leftOut],
    warnings: files.warnings,
    sources: target.scope && files.scoped ? placesBySource(target.scope, files.scoped, edits.files) : [],
  };
}

/** The plan of a run that has no repository to change. */
export function planOfNothing(inputs: BumpInputs, target: Target, decision: Decision): Plan {
  const change = changeOf(inputs, target, '', [], () => ({}));
  const images = inputs.images.map(({ text }) => ({ image: text, status: 'not-found', places: [] }) as const);
  return {
    ...{ change, digest: planDigest(change), decision, files: [], executable: new Set(), images },
    ...{ missing: [], problems: [], skipped: [], warnings: [], sources: [] },
  };
}

/** The images that have a place: with `on-no-match: warn` others are passed over, and nothing may be said of them. */
export function placedImages(inputs: Pick<BumpInputs, 'images'>, plan: Plan): BumpInputs['images'] {
  return inputs.images.filter((_, index) => plan.images[index]?.status !== 'not-found');
}

/** Files outside of `path` are edited only where a line of `set` or `helm-values` says so, never for an image found there. */
function editsOf(inputs: BumpInputs, files: BumpFiles): EditPlan {
  return planEdits({
    files: new Map([...files.inPath, ...files.outside]),
    entries: inputs.images,
    assignments: inputs.set,
    helmValues: inputs['helm-values'],
    named: files.named,
    allowDowngrade: inputs['allow-downgrade'],
    crdPaths: inputs['crd-paths'],
    kustomizeImages: inputs['kustomize-images'],
    settings: (path) => ({ ...files.settings(path), byShape: !files.outside.has(path) }),
  });
}

function changeOf(
  inputs: BumpInputs,
  target: Target,
  commit: string,
  files: readonly PlannedFile[],
  settings: (path: string) => { readonly defaultRegistry?: string },
): Change {
  const { project, environment, tenant, 'default-registry': given } = inputs;
  const registries = new Set(files.map(({ path }) => settings(path).defaultRegistry));
  const [only = given, ...more] = registries;
  const defaultRegistry = more.length === 0 ? only : given;
  return {
    schema: 'sluice.change.v1',
    repository: target.url,
    branch: target.branch,
    commit,
    base: commit,
    ...(project === '' ? {} : { project }),
    ...(environment === '' ? {} : { environment }),
    ...(tenant === '' ? {} : { tenant }),
    ...(target.run === undefined ? {} : { run: target.run }),
    ...(defaultRegistry === DOCKER_HUB ? {} : { defaultRegistry }),
    files: files.map(({ path, edits }) => ({ path, edits })),
  };
}

function decide(
  inputs: BumpInputs,
  edits: EditPlan,
  problems: readonly RefusedPlace[],
  { scoped, hints, warnings }: BumpFiles,
): Decision {
  // Before what is missing: an image whose only places were refused counts as not found.
  const [problem] = problems;
  if (problem !== undefined) {
    const more = problems.length - 1;
    return {
      type: 'refused',
      reason: problem.code,
      why: `${problem.message}${more > 0 ? ` (and ${more} more)` : ''}`,
      hint: hintFor(problem.code),
    };
  }
  const lost = edits.images.filter(({ status }) => status === 'not-found').map(({ image }) => image);
  const missing = edits.missing.map(({ message }) => message);
  const tolerated = inputs['on-no-match'] === 'warn' && edits.files.length > 0;
  if (!tolerated && lost.length > 0) {
    const unread = edits.skipped.find(({ reason }) => reason !== 'template') ?? edits.skipped[0];
    const because = unread === undefined ? '' : `; ${unread.path}: ${unread.message}`;
    return {
      type: 'not-found',
      reason: 'image-not-found',
      why: `No place in ${scoped === undefined ? inputs.path.join(', ') : 'what the Applications are made from'} names ${lost.join(', ')}${because}`,
      hint: [
        ...(scoped === undefined ? [] : [...warnings, ...hints]),
        `Check the name of the image and ${scoped === undefined ? 'the input `path`' : 'the annotations'}; \`helm-values\` says where a tag stands that the shape of the file does not tell.`,
      ].join(' '),
    };
  }
  if (!tolerated && missing.length > 0) {
    return {
      type: 'not-found',
      reason: 'place-not-found',
      why: `A place to set is not there: ${missing.join('; ')}`,
      hint: 'Check the file and the path in `set` and `helm-values`; nothing is created, and symbolic links are not followed.',
    };
  }
  // A guard: without a place there is no success.
  if (edits.files.length === 0) {
    const why = 'Nothing was found to set';
    return { type: 'not-found', reason: 'nothing-found', why, hint: 'Check `images`, `set` and `path`.' };
  }
  return { type: edits.files.some(({ before, after }) => before !== after) ? 'write' : 'nothing' };
}

function hintFor(code: PlanRefusal): string {
  if (code === 'outdated') return 'Set `allow-downgrade: true` to go back to an older version on purpose.';
  if (code === 'conflicting-values') return 'Give one value for each place in `images` and `set`.';
  if (code === 'tested-value') return 'Change the `test` of the patch by hand, or take it out.';
  if (code === 'no-such-field') return 'Add the field to the file by hand, or give the image without it.';
  return 'Change the file by hand so that each place has a value of its own, then run the job again.';
}
