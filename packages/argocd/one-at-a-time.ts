import type { Repository, Snapshot } from '@sluice/gitops/repository';

/**
 * A repository that answers one question after the other: several applications read the same clone, and Git refuses two fetches
 * at once that change what is shallow (`shallow.lock`).
 */
export function oneAtATime(repository: Repository): Repository {
  let last: Promise<unknown> = Promise.resolve();

  function queued<T>(ask: () => Promise<T>): Promise<T> {
    const answer = last.then(ask, ask);
    last = answer.catch(() => undefined);
    return answer;
  }

  const snapshotOf = (snapshot: Snapshot): Snapshot => ({
    commit: snapshot.commit,
    list: (path) => queued(() => snapshot.list(path)),
    read: (paths) => queued(() => snapshot.read(paths)),
  });

  return {
    url: repository.url,
    resolve: (ref) => queued(() => repository.resolve(ref)),
    defaultBranch: () => queued(() => repository.defaultBranch()),
    snapshot: async (commit) => snapshotOf(await queued(() => repository.snapshot(commit))),
    relation: (commit, other) => queued(() => repository.relation(commit, other)),
    commitsBetween: (from, to, paths, limit) =>
      queued(() => repository.commitsBetween(from, to, paths, limit)),
    history: (commit, paths, limit) => queued(() => repository.history(commit, paths, limit)),
  };
}
