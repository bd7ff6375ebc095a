import type { ImageFacts } from '@sluice/oci/client';

// https://github.com/opencontainers/image-spec/blob/v1.1.0/annotations.md#pre-defined-annotation-keys
const CREATED = 'org.opencontainers.image.created';
const REVISION = 'org.opencontainers.image.revision';
const SOURCE = 'org.opencontainers.image.source';

/** Reproducible builds are all of one moment: 1970, 1980, or the year 1. */
const EARLIEST = Date.UTC(1981, 0);

/** When an image was built, milliseconds; undefined where it does not say, or cannot be believed. */
export function builtAt({ labels, created }: ImageFacts): number | undefined {
  return [labels[CREATED], created].map((text) => Date.parse(text ?? '')).find((time) => time >= EARLIEST);
}

/** The commit that an image was built from, and the repository of it. */
export function sourceOf({ labels }: ImageFacts): { readonly revision?: string; readonly source?: string } {
  const [revision, source] = [labels[REVISION], labels[SOURCE]];
  return { ...(revision && { revision }), ...(source && { source }) };
}
