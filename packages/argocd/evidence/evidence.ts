import type { Clock } from '@sluice/core/clock';
import { SluiceError } from '@sluice/core/errors';
import type { Repository } from '@sluice/gitops/git/repository';
import { readReference, sameImage, sameRepository } from '@sluice/gitops/reference';
import { unavailableBecause } from '../api/client-errors.ts';
import type { ArgoCD } from '../api/port.ts';
import { renderedOfSpec, revisionBefore } from '../children/rendered-spec.ts';
import { defaultRegistryOf } from '../decide/images.ts';
import { generatedOf, isCommit } from '../decide/look.ts';
import { withoutOldRenderings } from '../decide/renderings.ts';
import type {
  Ask,
  Evidence,
  Expectation,
  ManagedResource,
  Observed,
  RenderedEvidence,
  ResourcesEvidence,
  Unavailable,
} from '../decide/types.ts';
import { isArtifact } from '../select/artifact.ts';
import type { Selected } from '../select/select.ts';
import { targetOf } from '../select/source-files.ts';
import { contentOfArtifact } from './artifact-content.ts';
import { contentAt } from './content.ts';
import { hooksOf } from './hooks.ts';
import { dryRevision } from './hydrated.ts';
import { imagesOfManifest } from './images-of-manifest.ts';
import { overridesInGit } from './overrides-in-git.ts';
import { renderedAt } from './rendered-evidence.ts';
import { siblingImages } from './siblings.ts';
import { orderOf, windowsOf } from './sync-facts.ts';
import { uncachedAt } from './uncached.ts';

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
      // The spec holds it, whatever the commit.
      if (generatedOf(sources) !== undefined) {
        return {
          ...evidence,
          content: new Map([...evidence.content, [ask.revision, { state: 'contained' }]]),
        };
      }
      const { repository, expectation, selected } = sources;
      if (isArtifact(selected.source)) {
        const found = contentOfArtifact(expectation, ask.revision);
        return { ...evidence, content: new Map([...evidence.content, [ask.revision, found]]) };
      }
      const { path } = selected.source;
      const content = await orUnavailable(async () => {
        const revision = await dryRevision(ask.revision, observed, sources);
        if (typeof revision !== 'string') return revision;
        return contentAt({ repository, expectation, path, revision, branch: branchOf(sources) });
      });
      return { ...evidence, content: new Map([...evidence.content, [ask.revision, content]]) };
    }
    case 'resources':
      return { ...evidence, resources: await orUnavailable(() => resources(observed, sources)) };
    case 'windows':
      return { ...evidence, windows: await windowsOf(sources) };
    case 'order':
      return { ...evidence, order: await orderOf(observed, sources) };
    case 'uncached': {
      const uncached = await uncachedAt(observed, sources);
      return withRendering(evidence, observed, { uncached });
    }
    case 'rendered': {
      const rendered = await orUnavailable(() => renderedNow(observed, sources));
      return withRendering(evidence, observed, { rendered });
    }
  }
}

/** Beside what else was rendered by the same spec. */
export const withRendering = (
  evidence: Evidence,
  { application }: Observed,
  found: Pick<Evidence, 'rendered' | 'uncached'>,
): Evidence => ({
  ...withoutOldRenderings(evidence, application),
  ...found,
  renderedBy: application.wanted,
});

function renderedNow(observed: Observed, sources: Sources): Promise<RenderedEvidence> {
  const revision = revisionOf(observed, sources.selected);
  const generated = generatedOf(sources);
  const before = generated && revisionBefore(generated);
  return before === undefined
    ? renderedAt(revision, observed, sources)
    : renderedOfSpec(revision, before, observed.application, sources);
}

/** What must be asked again for the next observation: what could not be had, and what a branch name meant. */
export function forget({ content, resources, rendered, ...others }: Evidence): Evidence {
  const kept = [...content].filter(([revision, found]) => isCommit(revision) && 'state' in found);
  return {
    ...others,
    content: new Map(kept),
    ...(resources !== undefined && 'items' in resources && { resources }),
    ...(isKept(rendered) && { rendered }),
  };
}

/** What was rendered from a commit stays so; from a name it may change, and from Argo CD's cache it is about to. */
const isKept = (rendered: Evidence['rendered']): rendered is RenderedEvidence =>
  rendered !== undefined && 'differing' in rendered && isCommit(rendered.revision) && rendered.stale !== true;

function branchOf({ expectation, selected }: Sources): string {
  return expectation.type === 'change' ? expectation.change.branch : targetOf(selected.source);
}

/** As Argo CD shows it for our source: what it renders, of a hydrated source as well. */
export const comparedOf = ({ application }: Observed, { sourceIndex }: Selected): string =>
  application.sync.revisions[application.multiSource ? sourceIndex : 0] ?? '';

/** The same; of a hydrated source the commit that people made. */
function revisionOf(observed: Observed, selected: Selected): string {
  const compared = comparedOf(observed, selected);
  const { hydrated } = observed.application;
  return compared !== '' && hydrated?.rendered === compared ? hydrated.dry : compared;
}

async function resources(observed: Observed, sources: Sources): Promise<ResourcesEvidence> {
  const { argocd, selected, clock } = sources;
  const { application } = observed;
  const managed = await argocd.managedResources(selected.application);
  const items = lacksObject(managed, sources.expectation)
    ? [...managed, ...(await hooks(observed, sources))]
    : managed;
  // The repository of a generated Application may be another one, and an artifact has none.
  const isRead = generatedOf(sources) === undefined && !isArtifact(selected.source);
  const mayTell = isRead && hidden(items, sources.expectation);
  const reasons = mayTell ? await inGit(items, observed, sources) : {};
  return {
    revision: application.sync.revisions[application.multiSource ? selected.sourceIndex : 0] ?? '',
    reconciledAt: application.reconciledAt,
    takenAt: clock.now(),
    items,
    ...reasons,
  };
}

/** What in Git explains that an image of the change is not what is rendered. */
async function inGit(items: readonly ManagedResource[], observed: Observed, sources: Sources) {
  const { argocd, repository, selected, expectation } = sources;
  const revision = revisionOf(observed, selected);
  const overrides = await overridesInGit(revision, sources);
  // What is rendered from a commit that people made is no longer told for a hydrated source.
  if (expectation.type === 'revision' || observed.application.hydrated !== undefined) return { overrides };
  const { application } = observed;
  const position = application.multiSource ? selected.sourceIndex : undefined;
  const siblings = await siblingImages({
    ...{ repository, application, source: selected.source, expectation, revision, items },
    manifests: (commit) => argocd.manifests(selected.application, commit, position),
  });
  return { overrides, siblings };
}

/** Whether an image of the change is in no managed object: it may be that of a hook. */
function lacksObject(items: readonly ManagedResource[], expectation: Expectation): boolean {
  if (expectation.type === 'revision') return false;
  return expectation.edits.some(({ edit: { place, image } }) => {
    const wanted = image === undefined ? undefined : readReference(image);
    if (wanted === undefined) return false;
    // Whether it is rendered is held against the value at its path.
    if (place.type === 'object-value') return false;
    return !items.some(({ kind, name, target }) =>
      imagesOfManifest(target).some((one) => {
        if (place.type === 'container')
          return kind === place.kind && name.includes(place.name) && one.container === place.container;
        const found = readReference(one.image);
        return found !== undefined && sameRepository(wanted, found, defaultRegistryOf(expectation));
      }),
    );
  });
}

async function hooks(observed: Observed, { argocd, selected }: Sources): Promise<readonly ManagedResource[]> {
  const position = observed.application.multiSource ? selected.sourceIndex : undefined;
  const manifests = await argocd.manifests(selected.application, comparedOf(observed, selected), position);
  return hooksOf(manifests, observed.application);
}

/** Whether an image of the change is not what is rendered: only then is it worth reading Git for the reason. */
function hidden(items: readonly ManagedResource[], expectation: Expectation): boolean {
  if (expectation.type === 'revision') return false;
  const registry = defaultRegistryOf(expectation);
  const images = items.flatMap(({ target }) => imagesOfManifest(target)).map(({ image }) => image);
  return expectation.edits.some(({ edit }) => {
    const wanted = edit.image === undefined ? undefined : readReference(edit.image);
    if (wanted === undefined || edit.image === undefined) return false;
    const same = images.filter((image) => {
      const found = readReference(image);
      return found !== undefined && sameRepository(wanted, found, registry);
    });
    return same.length === 0 || !same.every((image) => sameImage(edit.image ?? '', image, registry));
  });
}

async function orUnavailable<T>(ask: () => Promise<T>): Promise<T | Unavailable> {
  try {
    return await ask();
  } catch (error) {
    if (error instanceof SluiceError && error.kind === 'platform') return unavailableBecause(error);
    throw error;
  }
}
