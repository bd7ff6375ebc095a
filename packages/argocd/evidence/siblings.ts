import { posix } from 'node:path';
import type { Edit } from '@sluice/gitops/change';
import type { Repository, Snapshot } from '@sluice/gitops/git/repository';
import { type ImageReference, readReference, sameRepository } from '@sluice/gitops/reference';
import { defaultRegistryOf, rendersImage } from '../decide/images.ts';
import type { Expectation, ManagedResource } from '../decide/types.ts';
import { at, type Json, text } from '../json.ts';
import type { Application, Source } from '../observation.ts';
import { filesOf, referencedValues } from '../select/source-files.ts';
import { type ImagePlace, imagePlaces, isSamePlace } from './image-places.ts';
import { imagesOfManifest } from './images-of-manifest.ts';

export interface SiblingQuestion {
  readonly repository: Repository;
  readonly application: Application;
  readonly source: Source;
  readonly expectation: Extract<Expectation, { type: 'change' }>;
  /** The revision that is rendered now. */
  readonly revision: string;
  readonly items: readonly ManagedResource[];
  /** What is rendered from a commit. */
  readonly manifests: (commit: string) => Promise<readonly Json[]>;
}

type RepositoryEdit = SiblingQuestion['expectation']['edits'][number] & { readonly image: string };

/**
 * Images that other places of Git ask for, so that a container with one of them is none of the change: a repository may stand twice
 * in an application on purpose, as stable and canary. None where such a place may lie over the change instead of beside it, or where
 * no container that shows the wanted image was altered by the change.
 */
export async function siblingImages(question: SiblingQuestion): Promise<readonly string[]> {
  const { repository, application, source, expectation, revision, items } = question;
  const registry = defaultRegistryOf(expectation);
  const rendered = [
    ...new Set(items.flatMap(({ target }) => imagesOfManifest(target)).map((one) => one.image)),
  ];
  const edits = repositoryEdits(expectation);
  const others = rendered.filter((image) => {
    const about = edits.filter((edit) => isOf(edit.image, image, registry));
    return about.length > 0 && !about.some((edit) => rendersImage(edit.image, image, registry));
  });
  if (others.length === 0 || !(await isSeen(edits, question))) return [];
  const commit = await repository.resolve(revision);
  if (commit === undefined) return [];
  const snapshot = await repository.snapshot(commit);
  const places = await placesRead(source, application, snapshot);
  const own = await ownOverrides(source, application, snapshot);
  const found: string[] = [];
  for (const image of others) {
    const about = edits.filter((edit) => isOf(edit.image, image, registry));
    const holding = places.filter((place) => rendersImage(place.image, image, registry));
    const over = await Promise.all(holding.map((place) => isOver(place, about, places, snapshot, registry)));
    if (holding.length > 0 && !over.includes(true) && !names(own, image)) found.push(image);
  }
  return found;
}

/** The edits of images by their repository: only these may mean some of its containers and not others. */
function repositoryEdits({ edits }: SiblingQuestion['expectation']): readonly RepositoryEdit[] {
  return edits.flatMap((one) => {
    const { image, place } = one.edit;
    const isNamed = place.type === 'container' || place.type === 'object-value';
    return image === undefined || isNamed ? [] : [{ ...one, image }];
  });
}

const isOf = (wanted: string, image: string, registry: string | undefined): boolean => {
  const [a, b] = [readReference(wanted), readReference(image)];
  return a !== undefined && b !== undefined && sameRepository(a, b, registry);
};

/** Whether each wanted image is shown, and where the change had to set it, by a container that did not show it before. */
async function isSeen(
  edits: readonly RepositoryEdit[],
  { expectation, items, manifests }: SiblingQuestion,
): Promise<boolean> {
  const registry = defaultRegistryOf(expectation);
  const { base, commit } = expectation.change;
  const before =
    base === commit ? [] : imagesByContainer((await manifests(base)).map((target) => ({ target })));
  const now = imagesByContainer(items);
  const moved = ({ from, to }: Edit): boolean => base !== commit && from !== to;
  return [...new Set(edits.map(({ image }) => image))].every((wanted) => {
    const altered = edits.some(({ edit, image }) => image === wanted && moved(edit));
    return now.some(
      ({ id, image }) =>
        rendersImage(wanted, image, registry) &&
        !(altered && before.some((old) => old.id === id && rendersImage(wanted, old.image, registry))),
    );
  });
}

/** Without the namespace, which rendered manifests may lack: of two objects with one name the one that was so before decides. */
const imagesByContainer = (items: readonly Pick<ManagedResource, 'target'>[]) =>
  items.flatMap(({ target }) =>
    imagesOfManifest(target).map(({ list, container, image }) => {
      const metadata = at(target, 'metadata');
      const name = text(at(metadata, 'name')) ?? text(at(metadata, 'generateName'));
      return { id: JSON.stringify([text(at(target, 'kind')), name, list, container]), image };
    }),
  );

/** The places of images in all files that the source is rendered from, in the order of each file. */
async function placesRead(
  source: Source,
  application: Application,
  snapshot: Snapshot,
): Promise<readonly ImagePlace[]> {
  const values = source.ref === undefined ? [] : referencedValues(application.sources, source.ref);
  const reads = source.path === undefined ? () => false : await filesOf(source, snapshot);
  const paths = (await snapshot.list('.')).map(({ path }) => path);
  return imagePlaces(await snapshot.read(paths.filter((path) => values.includes(path) || reads(path))));
}

/** Whether a place may win over one of the edits, so that what it holds is no sibling's image but hides the change. */
async function isOver(
  place: ImagePlace,
  edits: readonly RepositoryEdit[],
  places: readonly ImagePlace[],
  snapshot: Snapshot,
  registry: string | undefined,
): Promise<boolean> {
  for (const { path, edit, image } of edits) {
    // A container may be that of a patch.
    if (place.type !== edit.place.type) return true;
    if (edit.place.type === 'helm-value') {
      const ours = edit.place.path;
      if (place.path !== path && place.keys.some((key) => isSameValue(place.path, key, path, ours)))
        return true;
    } else if (place.path !== path) {
      const overlay = { ...{ repoURL: '', raw: {} }, path: posix.dirname(place.path) };
      if ((await filesOf(overlay, snapshot))(path)) return true;
    } else if (isOf(image, place.name, registry)) {
      // kustomize takes entries in turn: a later one finds the name that an earlier one has set.
      const ours = places.findIndex((one) => one.path === path && isSamePlace(one, edit.place));
      if (places.indexOf(place) > ours) return true;
    }
  }
  return false;
}

/** Of the same value in two files the later wins; and a chart's values, in another folder, lie over those of the charts within. */
function isSameValue(file: string, key: string, ourFile: string, ours: string): boolean {
  if (key === ours) return true;
  if (posix.dirname(file) === posix.dirname(ourFile)) return false;
  return key.endsWith(`.${ours}`) || ours.endsWith(`.${key}`);
}

/** What the Application says itself, in its spec or in files of its own: it wins over all files. */
async function ownOverrides(source: Source, application: Application, snapshot: Snapshot): Promise<string> {
  const own = ['.argocd-source.yaml', `.argocd-source-${application.name}.yaml`];
  const files = await snapshot.read(own.map((name) => posix.join(source.path ?? '.', name)));
  const spec = application.sources.map(({ raw }) => [
    at(raw, 'kustomize'),
    at(raw, 'helm'),
    at(raw, 'plugin'),
  ]);
  return [JSON.stringify(spec), ...files.values()].join('\n');
}

/** Whether a text has the tag or the digest of an image as a whole word. */
function names(content: string, image: string): boolean {
  const { tag, digest }: Partial<ImageReference> = readReference(image) ?? {};
  return [tag, digest].some(
    (word) => word !== undefined && new RegExp(`(?<![\\w.-])${RegExp.escape(word)}(?![\\w.-])`).test(content),
  );
}
