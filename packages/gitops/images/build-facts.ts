import type { ImageFacts } from '@sluice/oci/client';

// https://github.com/opencontainers/image-spec/blob/v1.1.0/annotations.md#pre-defined-annotation-keys
const CREATED = 'org.opencontainers.image.created';
const REVISION = 'org.opencontainers.image.revision';
const SOURCE = 'org.opencontainers.image.source';

/** What builds say that give each image the same date, to be reproducible: seconds since the epoch of Unix, Nix and ZIP. */
const NO_DATES: ReadonlySet<number> = new Set([0, 1, 315_532_800]);

/** When an image was built, milliseconds; undefined where it does not say, or cannot be believed. */
export function builtAt({ labels, created }: ImageFacts): number | undefined {
  return [labels[CREATED], created]
    .map((text) => Date.parse(text ?? ''))
    .find((time) => time > 0 && !NO_DATES.has(time / 1000));
}

/** The commit that an image was built from, and the repository of it. Where a branch or a version is given for the commit, it is none. */
export function sourceOf({ labels }: ImageFacts): { readonly revision?: string; readonly source?: string } {
  const [revision, source] = [labels[REVISION], labels[SOURCE]];
  const isCommit = revision !== undefined && /^[0-9a-f]{7,64}$/.test(revision);
  return { ...(isCommit && { revision }), ...(source && { source }) };
}
