import type { Clock } from '@sluice/core/clock';
import { SluiceError } from '@sluice/core/errors';
import { withoutUserinfo } from '@sluice/core/input-syntax';
import type { World } from '@sluice/core/run';
import type { Repository } from '@sluice/gitops/git/repository';
import type { LoginInputs } from '@sluice/gitops/inputs';
import { openGitOps } from './gitops-repository.ts';
import { isArtifact, isArtifactRevision } from './select/artifact.ts';
import { httpsUrl } from './select/git-url.ts';
import type { Selected } from './select/select.ts';

/** The one repository that a commit is of; of a digest or version there is none to read. */
export async function openForRevision(
  revision: string,
  selected: readonly Selected[],
  inputs: LoginInputs,
  world: World,
): Promise<Repository & AsyncDisposable> {
  const urls = new Set(selected.map(({ source }) => httpsUrl(source.repoURL, world.context.serverUrl)));
  const [url = ''] = urls;
  const artifacts = selected.filter(({ source }) => isArtifact(source));
  const [artifact] = artifacts;
  const other = selected.find(({ source }) => !isArtifact(source));
  if (isArtifactRevision(revision)) {
    if (other === undefined) return noRepository(url);
    throw mismatch(`${revision} is no commit, and ${other.application.name} is rendered from Git.`);
  }
  if (artifact !== undefined) {
    const { application, source } = artifact;
    throw mismatch(
      `${application.name} is rendered from ${withoutUserinfo(source.repoURL)}, whose revisions are digests and versions, and ${revision} is a commit.`,
    );
  }
  if (urls.size === 1) return holding(revision, await openGitOps(url, inputs, world), world.clock);
  throw new SluiceError(
    'input',
    'invalid-input',
    `The applications are rendered from ${urls.size} repositories, and a commit is of one.`,
    { hint: 'Run the step once for each repository.' },
  );
}

const mismatch = (sentence: string): SluiceError =>
  new SluiceError('input', 'invalid-input', sentence, {
    hint: 'Give the revision that Argo CD shows: a commit for Git, `sha256:…` for an OCI artifact, the version for a chart.',
  });

/** A replica of Git may not have a commit that another one has. */
const REPLICA_LAG_MS = 5000;

/**
 * The same repository; where Git has said twice that it has no such commit, every question about it ends in an error of the inputs:
 * to wait on would bring nothing.
 */
export function holding<R extends Repository>(revision: string, repository: R, clock: Clock): R {
  const lacks = (error: unknown): boolean =>
    error instanceof SluiceError && error.message.includes(`not our ref ${revision}`);
  return {
    ...repository,
    async relation(commit, other) {
      try {
        return await repository.relation(commit, other);
      } catch (error) {
        if (!lacks(error)) throw error;
      }
      await clock.sleep(REPLICA_LAG_MS);
      try {
        return await repository.relation(commit, other);
      } catch (cause) {
        throw lacks(cause) ? noCommit(revision, repository.url, cause) : cause;
      }
    },
  };
}

function noCommit(revision: string, url: string, cause: unknown): SluiceError {
  const name = URL.parse(url)?.pathname.replace(/^\/|(\.git)?\/*$/g, '') || url;
  const sentence = `${name} has no commit ${revision.slice(0, 7)}.`;
  return new SluiceError('input', 'commit-missing', sentence, {
    hint: 'Give a commit of the repository that the application is rendered from, not of the one that this workflow builds.',
    cause,
  });
}

/** Stands where nothing is to be read. */
function noRepository(url: string): Repository & AsyncDisposable {
  const no = () =>
    Promise.reject(
      new SluiceError('internal', 'internal-error', `${url} is no Git repository, and was read as one.`),
    );
  return {
    ...{ url, resolve: no, defaultBranch: no, snapshot: no, relation: no, commitsBetween: no, history: no },
    async [Symbol.asyncDispose]() {},
  };
}
