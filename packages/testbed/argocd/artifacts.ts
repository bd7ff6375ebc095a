import { createHash } from 'node:crypto';
import type { GitReader } from './git.ts';

const isOci = (repoURL: string): boolean => repoURL.startsWith('oci://');
const isDigest = (revision: string): boolean => /^sha256:[0-9a-f]{64}$/.test(revision);

/**
 * OCI artifacts beside Git repositories. Each stands for a bare repository: its branches are the artifact's tags, and each commit has a
 * digest, which is all that Argo CD shows.
 */
export function withArtifacts(git: GitReader): GitReader {
  const commits = new Map<string, string>();
  return {
    ...git,
    async resolve(repoURL, revision) {
      if (!isOci(repoURL)) return git.resolve(repoURL, revision);
      const commit = isDigest(revision) ? commits.get(revision) : await tagged(git, repoURL, revision);
      if (commit === undefined)
        throw new Error(`cannot get digest for revision ${revision}: ${repoURL}: ${revision}: not found`);
      const digest = `sha256:${createHash('sha256').update(commit).digest('hex')}`;
      commits.set(digest, commit);
      return digest;
    },
    files: (repoURL, revision) => git.files(repoURL, commits.get(revision) ?? revision),
  };
}

/** A tag is no commit, and there is no `HEAD`. */
async function tagged(git: GitReader, repoURL: string, tag: string): Promise<string | undefined> {
  if (tag === 'HEAD' || /^[0-9a-f]{40}$/.test(tag)) return undefined;
  return git.resolve(repoURL, tag).catch(() => undefined);
}
