import type { GitHub } from '@sluice/core/github';
import type { Clone } from '../git/git-clone.ts';
import { createCommit } from './commit-api.ts';
import type { Author } from './commit-author.ts';
import type { Committer } from './committer.ts';

/** How commits are made: by GitHub's API, or by a push from a clone. */
export type CommitMethod =
  | { readonly type: 'api'; readonly github: GitHub }
  | { readonly type: 'git'; readonly clone: Clone; readonly author: Author };

/** The way in which a run commits. What few runs need is loaded when it is needed. */
export function committerOf(method: CommitMethod, now: () => number): Committer {
  if (method.type === 'git') {
    const { clone, author } = method;
    return async (request) => {
      const { pushCommit } = await import('./commit-git.ts');
      return pushCommit(clone, author, now(), request);
    };
  }
  const { github } = method;
  return async (request) => {
    if (request.files.every(({ mode }) => mode === '100644')) return createCommit(github, request);
    const { createCommitWithModes } = await import('./commit-data.ts');
    return createCommitWithModes(github, request);
  };
}
