import type { Change, Edit } from '@sluice/gitops/change';
import { evaluateChange } from '@sluice/gitops/contains';
import { readReference, sameRepository } from '@sluice/gitops/reference';
import { defaultRegistryOf } from '../decide/images.ts';
import type { Expectation, Observed, RenderedEvidence } from '../decide/types.ts';
import type { Application } from '../observation.ts';
import { partOf } from './content.ts';
import type { Sources } from './evidence.ts';
import type { FieldDifference } from './fields.ts';
import { renderedStep } from './hydrated.ts';
import { differingObjects, ofChange } from './rendered.ts';

/** A value that has stood for fifty commits of its files is not what this run is about. */
const historyLimit = 50;

/** What the edits that are of no image have made of the rendered objects, as they are at a revision. */
export async function renderedAt(
  revision: string,
  { application }: Observed,
  sources: Sources,
): Promise<RenderedEvidence> {
  const { argocd, selected, expectation } = sources;
  const position = application.multiSource ? selected.sourceIndex : undefined;
  const compared = application.sync.revisions[position ?? 0] ?? '';
  const step =
    application.hydrated === undefined
      ? await stepOf(sources)
      : await hydratedStep(compared, application, sources);
  if (step === undefined) return { revision, differing: [], baseless: true };
  const at = (commit: string) => argocd.manifests(selected.application, commit, position);
  const [before, now] = await Promise.all([at(step.before), at(compared)]);
  const isOther = ofImages(expectation);
  const differing = differingObjects(before, now, application, isOther);
  if (differing.length === 0) {
    const anew = await argocd.manifests(selected.application, compared, position, 'uncached');
    const isStale =
      differingObjects(before, anew, application, isOther).length > 0 &&
      differingObjects(now, anew, application).length > 0;
    return { revision, differing, ...(isStale && { stale: true }) };
  }
  if (step.after === compared) return { revision, differing };
  // Others have committed since: what differs by their commits alone is no effect of this change.
  const byChange = differingObjects(before, await at(step.after), application, isOther);
  return { revision, differing: ofChange(differing, byChange) };
}

interface Step {
  readonly before: string;
  /** The commit that brought the change. */
  readonly after: string;
}

/** The same of the branch that a hydrator renders to. */
async function hydratedStep(
  compared: string,
  application: Application,
  { repository, expectation }: Sources,
): Promise<Step | undefined> {
  if (expectation.type === 'revision') return undefined;
  const edits = expectation.edits.filter(({ edit }) => edit.image === undefined);
  return renderedStep(partOf(expectation.change, edits), compared, application, repository);
}

/** The commit of the change and what it was made on; where it left these values as they were, the last one that brought them. */
async function stepOf({ repository, expectation }: Sources): Promise<Step | undefined> {
  if (expectation.type === 'revision') return undefined;
  const { change } = expectation;
  const edits = expectation.edits.filter(({ edit }) => edit.image === undefined);
  if (change.base !== change.commit && edits.some(({ edit }) => edit.from !== edit.to)) {
    return { before: change.base, after: change.commit };
  }
  const part: Change = partOf(change, edits);
  const paths = part.files.map(({ path }) => path);
  const commits = await repository.history(change.commit, paths, historyLimit);
  for (const { sha, parents } of commits) {
    const [parent] = parents;
    if (parent === undefined) continue;
    const snapshot = await repository.snapshot(parent);
    if (!evaluateChange(part, await snapshot.read(paths)).contained) return { before: parent, after: sha };
  }
  return undefined;
}

/** Tells the fields that differ by the image edits of the change: the image itself, and where its tag stands beside it. */
export function ofImages(expectation: Expectation): (field: FieldDifference) => boolean {
  const all = expectation.type === 'revision' ? [] : expectation.edits.map(({ edit }) => edit);
  const edits = all.filter(({ image }) => image !== undefined);
  // A label may be set to the very tag of the image beside it.
  const set = all.filter(({ image }) => image === undefined).map(({ to }) => String(to ?? ''));
  const registry = defaultRegistryOf(expectation);
  return ({ path, before, after }) => {
    if (typeof after !== 'string') return false;
    if (path.at(-1) === 'image' && edits.some((edit) => isOfRepository(edit, after, registry))) return true;
    if (typeof before !== 'string' || set.some((value) => value !== '' && after.includes(value)))
      return false;
    return edits.some((edit) => versions(edit).some(([from, to]) => before.replaceAll(from, to) === after));
  };
}

function isOfRepository({ image = '' }: Edit, after: string, registry: string | undefined): boolean {
  const [wanted, found] = [readReference(image), readReference(after)];
  return wanted !== undefined && found !== undefined && sameRepository(wanted, found, registry);
}

/** What an image edit replaces: a whole image or a part of it, and its tag. */
function versions({ from, to }: Edit): readonly (readonly [string, string])[] {
  const [was, is] = [String(from ?? ''), String(to)];
  const tags = [readReference(was)?.tag ?? '', readReference(is)?.tag ?? ''] as const;
  return [[was, is] as const, tags].filter(([old, now]) => old !== '' && now !== '' && old !== now);
}
