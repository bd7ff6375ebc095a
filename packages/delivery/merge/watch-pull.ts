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

/** Looks at a pull request. Where GitHub does not answer, it is as it was seen last. */
export interface PullWatch {
  look(): Promise<PullState>;
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
        return last;
      } catch (error) {
        if (last !== undefined && isPassing(error)) return last;
        throw error;
      }
    },
  };
}

/** Nothing has changed, or GitHub is away or at its limit: another look tells. */
function isPassing(error: unknown): boolean {
  if (githubFailure(error)?.status === 304) return true;
  return error instanceof SluiceError && error.kind === 'platform' && error.code !== 'cancelled';
}
