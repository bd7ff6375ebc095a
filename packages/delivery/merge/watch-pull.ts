import { SluiceError } from '@sluice/core/errors';
import { type GitHub, githubFailure } from '@sluice/core/github';
import { namesOf } from '@sluice/gitops/pull-request/pull-request-api';
import { type PullState, pullState } from './pull-state.ts';

/** A pull request that shall be merged. */
export interface WantedPull {
  readonly github: GitHub;
  /** `owner/name`. */
  readonly repository: string;
  /** The branch that the change is for. */
  readonly base: string;
  readonly number: number;
}

/** Looks at a pull request. Where GitHub does not answer, it is as it was seen last, and that is no new word on it. */
export interface PullWatch {
  look(): Promise<{ readonly state: PullState; readonly isNew: boolean }>;
}

/** The first look throws whatever goes wrong; later ones get over an outage. */
export function watchPull({ github, repository, base, number }: WantedPull): PullWatch {
  let etag: string | undefined;
  let last: PullState | undefined;
  return {
    async look() {
      const one = { ...namesOf(repository), pull_number: number };
      try {
        const route = 'GET /repos/{owner}/{repo}/pulls/{pull_number}';
        const { data, headers } = await github.request(route, one, { etag });
        etag = headers.etag;
        last = pullState(data, base);
        return { state: last, isNew: true };
      } catch (error) {
        if (last === undefined || !isPassing(error)) throw error;
        return { state: last, isNew: isUnchanged(error) };
      }
    },
  };
}

const isUnchanged = (error: unknown): boolean => githubFailure(error)?.status === 304;

/** Nothing has changed, or GitHub is away or at its limit: another look tells. */
function isPassing(error: unknown): boolean {
  if (isUnchanged(error)) return true;
  return error instanceof SluiceError && error.kind === 'platform' && error.code !== 'cancelled';
}
