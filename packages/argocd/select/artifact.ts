import type { Source } from '../observation.ts';

/**
 * A source that is no Git repository: an OCI artifact, or a chart of a registry. What it holds cannot be read as a change is, and its
 * revisions are digests and versions. https://argo-cd.readthedocs.io/en/stable/user-guide/oci/
 */
export const isArtifact = ({ chart, repoURL }: Pick<Source, 'chart' | 'repoURL'>): boolean =>
  chart !== undefined || /^oci:\/\//i.test(repoURL.trim());

/** `sha256:…` of an artifact, `1.4.2` of a chart: what no commit looks like. */
export const isArtifactRevision = (revision: string): boolean =>
  /^sha256:[0-9a-f]{64}$/.test(revision) || /^v?\d+\.\d+\.\d+([-+][0-9A-Za-z.+-]+)?$/.test(revision);
