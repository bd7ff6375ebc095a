import { describePlace } from '../describe.ts';
import type { ImageEntry } from '../entries.ts';
import { DOCKER_HUB } from '../reference.ts';
import type { EditPlan, ImageReport, MissingPlace, PlannedFile, PlanRequest } from './edit-plan.ts';
import { kustomizationsIn } from './kustomizations.ts';
import { type Additions, additionsFor } from './kustomize-set.ts';
import { type FilePlan, planFile } from './plan-file.ts';

/** What is to be changed in the given files so that they hold the wanted images and values. Pure. */
export function planEdits(request: PlanRequest): EditPlan {
  const lines = [...(request.assignments ?? []), ...(request.helmValues ?? [])];
  const missing: MissingPlace[] = lines
    .filter(({ file }) => !request.files.has(file))
    .map(({ text, file }) => ({ text, path: file, message: `there is no file ${file}` }));
  const planned = planFiles(request);
  const files = planned.flatMap(({ file }) => file ?? []);
  return {
    files,
    images: (request.entries ?? []).map((entry) => reportOf(entry, files)),
    skipped: planned.flatMap((plan) => plan.skipped),
    missing: [...missing, ...planned.flatMap((plan) => plan.missing)],
    problems: planned.flatMap((plan) => plan.problems),
  };
}

/** What kustomizations get besides tells which images of other files are placeholders: then everything is planned once more. */
function planFiles(request: PlanRequest): readonly FilePlan[] {
  const registry = request.defaultRegistry ?? DOCKER_HUB;
  const planWith = (added: Additions) => {
    const kustomizations = kustomizationsIn(request.files, registry, added);
    const plans = [...request.files].map(([path, text]) =>
      planFile(path, text, request, { kustomizations, added: added.get(path) ?? [] }),
    );
    return { kustomizations, plans };
  };
  const { kustomizations, plans } = planWith(new Map());
  const found = plans.flatMap(({ file }) => file ?? []);
  const added = additionsFor(request, found, kustomizations);
  return added.size === 0 ? plans : planWith(added).plans;
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
