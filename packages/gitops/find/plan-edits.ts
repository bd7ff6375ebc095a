import { describePlace } from '../describe.ts';
import type { ImageEntry } from '../entries.ts';
import { DOCKER_HUB } from '../reference.ts';
import type {
  EditPlan,
  ImageReport,
  MissingPlace,
  PlannedFile,
  PlanRequest,
  SkippedFile,
} from './edit-plan.ts';
import { tagsBeside } from './helm/overrides.ts';
import { type Kustomizations, kustomizationsIn } from './kustomize/kustomizations.ts';
import { type Additions, additionsFor } from './kustomize/kustomize-set.ts';
import { type FilePlan, planFile } from './plan-file.ts';

/** What is to be changed in the given files so that they hold the wanted images and values. Pure. */
export function planEdits(request: PlanRequest): EditPlan {
  const lines = [...(request.assignments ?? []), ...(request.helmValues ?? [])];
  const missing: MissingPlace[] = lines
    .filter(({ file }) => !request.files.has(file))
    .map(({ text, file }) => ({ text, path: file, message: `there is no file ${file}` }));
  const { plans: planned, kustomizations } = planFiles(request);
  const files = planned.flatMap(({ file }) => file ?? []);
  const images = (request.entries ?? []).map((entry) => reportOf(entry, files));
  const isLost = images.some(({ status }) => status === 'not-found');
  return {
    files,
    images,
    skipped: [
      ...planned.flatMap((plan) => plan.skipped),
      ...tagsBeside(files, request),
      ...(isLost ? kustomizations.outside().map(leftOutside) : []),
    ],
    missing: [...missing, ...planned.flatMap((plan) => plan.missing)],
    problems: planned.flatMap((plan) => plan.problems),
  };
}

interface Planned {
  readonly plans: readonly FilePlan[];
  readonly kustomizations: Kustomizations;
}

/** What kustomizations get besides tells which images of other files are placeholders: then everything is planned once more. */
function planFiles(request: PlanRequest): Planned {
  const registry = request.defaultRegistry ?? DOCKER_HUB;
  const planWith = (added: Additions): Planned => {
    const kustomizations = kustomizationsIn(request.files, registry, added);
    const plans = [...request.files].map(([path, text]) =>
      planFile(path, text, request, { kustomizations, added: added.get(path) ?? [] }),
    );
    return { kustomizations, plans };
  };
  const first = planWith(new Map());
  const found = first.plans.flatMap(({ file }) => file ?? []);
  const added = additionsFor(request, found, first.kustomizations);
  return added.size === 0 ? first : planWith(added);
}

function leftOutside({
  path,
  takes,
}: {
  readonly path: string;
  readonly takes: readonly string[];
}): SkippedFile {
  const message = `it takes ${takes.join(', ')}, which is outside of what is looked at`;
  return { path, reason: 'outside', message };
}

function reportOf(entry: ImageEntry, files: readonly PlannedFile[]): ImageReport {
  const found = files.flatMap(({ path, edits }) =>
    edits.flatMap((edit) => (edit.image === entry.image ? [{ path, edit }] : [])),
  );
  const places = found.map(({ path, edit }) => ({ path, place: describePlace(edit.place) }));
  const changes = found.some(({ edit }) => edit.from !== edit.to);
  return {
    image: entry.text,
    ...(entry.resolved !== undefined && { resolved: entry.resolved }),
    status: changes ? 'updated' : found.length > 0 ? 'already' : 'not-found',
    places,
  };
}
