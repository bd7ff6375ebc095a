import type { Clock } from '@sluice/core/clock';
import { SluiceError } from '@sluice/core/errors';
import { evaluateChange } from '@sluice/gitops/contains';
import { readReference, sameImage, sameRepository } from '@sluice/gitops/reference';
import type { Repository } from '@sluice/gitops/repository';
import { unavailableBecause } from './client-errors.ts';
import { contentAt, partOf } from './content.ts';
import type {
  Ask,
  Evidence,
  Expectation,
  ManagedResource,
  Observed,
  RenderedEvidence,
  ResourcesEvidence,
  Unavailable,
} from './decide/types.ts';
import { hooksOf } from './hooks.ts';
import { imagesOfManifest } from './images-of-manifest.ts';
import { keyOf } from './observation.ts';
import { overridesInGit } from './overrides-in-git.ts';
import type { ArgoCD } from './port.ts';
import { differingObjects } from './rendered.ts';
import type { Selected } from './select.ts';
import { targetOf } from './source-files.ts';

/** A value that has stood for fifty commits of its files is not what this run is about. */
const historyLimit = 50;

/** Where evidence comes from, for one application. */
export interface Sources {
  readonly argocd: ArgoCD;
  readonly repository: Repository;
  readonly clock: Clock;
  readonly selected: Selected;
  readonly expectation: Expectation;
}

/** Gets what a decision asks for, and puts it with the rest. */
export async function gather(
  ask: Ask,
  observed: Observed,
  evidence: Evidence,
  sources: Sources,
): Promise<Evidence> {
  switch (ask.evidence) {
    case 'content': {
      const { repository, expectation, selected } = sources;
      const { path } = selected.source;
      const content = await contentAt({
        repository,
        expectation,
        path,
        revision: ask.revision,
        branch: branchOf(sources),
      });
      return { ...evidence, content: new Map([...evidence.content, [ask.revision, content]]) };
    }
    case 'resources':
      return { ...evidence, resources: await orUnavailable(() => resources(observed, sources)) };
    case 'rendered':
      return { ...evidence, rendered: await orUnavailable(() => rendered(observed, sources)) };
  }
}

/** What must be asked again for the next observation: what could not be had, and what a branch name meant. */
export function forget({ content, resources, rendered }: Evidence): Evidence {
  const kept = [...content].filter(
    ([revision, found]) => /^[0-9a-f]{40,64}$/.test(revision) && 'state' in found,
  );
  return {
    content: new Map(kept),
    ...(resources !== undefined && 'items' in resources && { resources }),
    ...(rendered !== undefined && 'differing' in rendered && { rendered }),
  };
}

function branchOf({ expectation, selected }: Sources): string {
  return expectation.type === 'change' ? expectation.change.branch : targetOf(selected.source);
}

/** As Argo CD shows it for our source; the commit that people made, where the source is hydrated. */
function revisionOf({ application }: Observed, { sourceIndex }: Selected): string {
  const compared = application.sync.revisions[application.multiSource ? sourceIndex : 0] ?? '';
  return application.hydrated?.rendered === compared ? application.hydrated.dry : compared;
}

async function resources(observed: Observed, sources: Sources): Promise<ResourcesEvidence> {
  const { argocd, selected, clock } = sources;
  const { application } = observed;
  const managed = await argocd.managedResources(selected.application);
  const items = lacksObject(managed, sources.expectation)
    ? [...managed, ...(await hooks(observed, sources))]
    : managed;
  const overrides = hidden(items, sources.expectation)
    ? await overridesInGit(revisionOf(observed, selected), sources)
    : [];
  return {
    revision: application.sync.revisions[application.multiSource ? selected.sourceIndex : 0] ?? '',
    reconciledAt: application.reconciledAt,
    takenAt: clock.now(),
    items,
    overrides,
  };
}

/** Whether an image of the change is in no managed object: it may be that of a hook. */
function lacksObject(items: readonly ManagedResource[], expectation: Expectation): boolean {
  if (expectation.type === 'revision') return false;
  return expectation.edits.some(({ edit: { place, image } }) => {
    const wanted = image === undefined ? undefined : readReference(image);
    if (wanted === undefined) return false;
    return !items.some(({ kind, name, target }) =>
      imagesOfManifest(target).some((one) => {
        if (place.type === 'container')
          return kind === place.kind && name.includes(place.name) && one.container === place.container;
        const found = readReference(one.image);
        return found !== undefined && sameRepository(wanted, found);
      }),
    );
  });
}

async function hooks(observed: Observed, { argocd, selected }: Sources): Promise<readonly ManagedResource[]> {
  const position = observed.application.multiSource ? selected.sourceIndex : undefined;
  const manifests = await argocd.manifests(selected.application, revisionOf(observed, selected), position);
  return hooksOf(manifests, observed.application);
}

/** Whether an image of the change is not what is rendered: only then is it worth reading Git for the reason. */
function hidden(items: readonly ManagedResource[], expectation: Expectation): boolean {
  if (expectation.type === 'revision') return false;
  const images = items.flatMap(({ target }) => imagesOfManifest(target)).map(({ image }) => image);
  return expectation.edits.some(({ edit }) => {
    const wanted = edit.image === undefined ? undefined : readReference(edit.image);
    if (wanted === undefined || edit.image === undefined) return false;
    const same = images.filter((image) => {
      const found = readReference(image);
      return found !== undefined && sameRepository(wanted, found);
    });
    return same.length === 0 || !same.every((image) => sameImage(edit.image ?? '', image));
  });
}

async function rendered(observed: Observed, sources: Sources): Promise<RenderedEvidence> {
  const { argocd, selected } = sources;
  const revision = revisionOf(observed, selected);
  const step = await stepOf(sources);
  if (step === undefined) return { revision, differing: [], baseless: true };
  const { application } = observed;
  const position = application.multiSource ? selected.sourceIndex : undefined;
  const at = (commit: string) => argocd.manifests(selected.application, commit, position);
  const [before, now] = await Promise.all([at(step.before), at(revision)]);
  const differing = differingObjects(before, now, application);
  if (step.after === revision || differing.length === 0) return { revision, differing };
  // Others have committed since: what differs by their commits alone is no effect of this change.
  const byChange = new Set(differingObjects(before, await at(step.after), application).map(keyOf));
  return { revision, differing: differing.filter((one) => byChange.has(keyOf(one))) };
}

interface Step {
  readonly before: string;
  /** The commit that brought the change. */
  readonly after: string;
}

/** The commit of the change and what it was made on; where nothing was left to commit, the last one that brought it. */
async function stepOf({ repository, expectation }: Sources): Promise<Step | undefined> {
  if (expectation.type === 'revision') return undefined;
  const { change } = expectation;
  if (change.base !== change.commit) return { before: change.base, after: change.commit };
  const part = partOf(change, expectation.edits);
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

async function orUnavailable<T>(ask: () => Promise<T>): Promise<T | Unavailable> {
  try {
    return await ask();
  } catch (error) {
    if (error instanceof SluiceError && error.kind === 'platform') return unavailableBecause(error);
    throw error;
  }
}
