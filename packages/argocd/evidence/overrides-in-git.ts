import { posix } from 'node:path';
import type { Repository } from '@sluice/gitops/git/repository';
import { readReference, sameRepository } from '@sluice/gitops/reference';
import { readValue } from '@sluice/gitops/yaml/events';
import type { Expectation } from '../decide/types.ts';
import { at, items, text } from '../json.ts';
import type { Selected } from '../select/select.ts';
import { filesOf, sourceFolder } from '../select/source-files.ts';

interface Question {
  readonly repository: Repository;
  readonly selected: Selected;
  readonly expectation: Expectation;
}

/** What in Git hides an image of the change, as sentences: what the Application itself overrides is told elsewhere. */
export async function overridesInGit(revision: string, question: Question): Promise<readonly string[]> {
  const { repository, selected, expectation } = question;
  const commit = await repository.resolve(revision);
  if (commit === undefined || expectation.type === 'revision') return [];
  const folder = sourceFolder(selected.source);
  const snapshot = await repository.snapshot(commit);
  const own = ['.argocd-source.yaml', `.argocd-source-${selected.application.name}.yaml`];
  const overlays = ['kustomization.yaml', 'kustomization.yml', 'Kustomization'];
  const files = await snapshot.read([...own, ...overlays].map((name) => posix.join(folder, name)));
  const sentences = [...files].flatMap(([path, content]) =>
    own.includes(posix.basename(path))
      ? [`${path} overrides what the source says: ${oneLine(content)}`]
      : imagesOfOverlay(path, content, expectation),
  );
  if (selected.source.path === undefined) return sentences;
  const reads = await filesOf(selected.source, snapshot);
  const unread = selected.paths.filter((path) => !reads(path));
  return [...sentences, ...unread.map((path) => `nothing in the application refers to ${path}`)];
}

/** An overlay's own `images:` win over what its bases say. */
function imagesOfOverlay(
  path: string,
  content: string,
  { change, edits }: Extract<Expectation, { type: 'change' }>,
): readonly string[] {
  const elsewhere = edits.filter((one) => one.path !== path).flatMap(({ edit }) => edit.image ?? []);
  return items(at(readValue(content), 'images')).flatMap((entry) => {
    const name = text(at(entry, 'newName')) ?? text(at(entry, 'name')) ?? '';
    const found = readReference(name);
    const hides = elsewhere.some((image) => {
      const wanted = readReference(image);
      return (
        wanted !== undefined && found !== undefined && sameRepository(wanted, found, change.defaultRegistry)
      );
    });
    if (!hides) return [];
    const tag = text(at(entry, 'digest')) ?? text(at(entry, 'newTag')) ?? 'its own tag';
    return [`${path} has an own entry in images: that sets ${name} to ${tag}`];
  });
}

const oneLine = (content: string): string =>
  content
    .trim()
    .replace(/\s*\n\s*/g, ' ')
    .slice(0, 200);
