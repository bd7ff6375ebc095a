import { realEdits } from '../bump/subject.ts';
import type { Change, Edit } from '../change.ts';
import { canonicalRepository, type ImageReference, readReference } from '../reference.ts';
import { compareTags } from './downgrade.ts';
import { readVersion } from './version.ts';

/** A value that may be newer than the one that is to take its place. */
export interface Suspect {
  readonly path: string;
  readonly edit: Edit;
  /** The image in place and the image wanted; absent for a line of `set`. */
  readonly images?: { readonly found: Version; readonly wanted: Version };
}

/** An image by its repository, with the registry, and its digest, else its tag. */
export interface Version {
  readonly repository: string;
  readonly reference: string;
}

/**
 * The edits of which versions do not tell what is older: commit SHAs, dates, digests, names, variants of one version, and texts of
 * `set`. Where tags are versions that compare they have told already. What is no text, such as how many replicas, is no version either.
 */
export function suspectsOf(change: Pick<Change, 'files' | 'defaultRegistry'>): readonly Suspect[] {
  return realEdits(change.files).flatMap(({ path, edit }) => {
    const { from, to, image } = edit;
    if (image === undefined) {
      const isText = typeof from === 'string' && from !== '' && typeof to === 'string';
      return isText && !doVersionsTell(from, to) ? [{ path, edit }] : [];
    }
    const pair = pairOf(edit, readReference(image));
    if (pair === undefined || doVersionsTell(pair.found.tag, pair.wanted.tag)) return [];
    const version = (reference: ImageReference): Version => ({
      repository: canonicalRepository(reference, change.defaultRegistry),
      reference: reference.digest ?? reference.tag ?? 'latest',
    });
    return [{ path, edit, images: { found: version(pair.found), wanted: version(pair.wanted) } }];
  });
}

/** The image in place and the image wanted; undefined where the place holds neither a tag nor a digest. */
function pairOf(
  edit: Edit,
  wanted: ImageReference | undefined,
): { readonly found: ImageReference; readonly wanted: ImageReference } | undefined {
  const from = String(edit.from ?? '');
  const holds = holdsOf(edit);
  if (wanted === undefined || from === '' || holds === 'repository') return undefined;
  if (holds === 'reference') {
    const [found, next] = [readReference(from), readReference(String(edit.to))];
    return found && next && { found, wanted: next };
  }
  const { tag: _, digest: __, ...name } = wanted;
  if (holds === 'tag') {
    const [tag = '', digest] = from.split('@');
    return { found: { ...name, tag, ...(digest !== undefined && { digest }) }, wanted };
  }
  // Beside a tag that is a version the digest has nothing to add.
  if (wanted.tag !== undefined && readVersion(wanted.tag) !== null) return undefined;
  // Some charts hold the hash without its algorithm.
  const digest = /^[0-9a-f]{64}$/i.test(from) ? `sha256:${from}` : from;
  return { found: { ...name, digest }, wanted };
}

function holdsOf({ place }: Edit): 'reference' | 'repository' | 'tag' | 'digest' {
  if (place.type === 'kustomize-image') {
    return ({ newName: 'repository', newTag: 'tag', digest: 'digest' } as const)[place.field];
  }
  return 'holds' in place ? place.holds : 'reference';
}

function doVersionsTell(one: string | undefined, other: string | undefined): boolean {
  return one !== undefined && other !== undefined && compareTags(one, other) !== undefined;
}
