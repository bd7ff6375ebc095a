/** A file as Git lists it: regular ones only; symbolic links and submodules are left out. */
export interface FileEntry {
  /** Relative to the repository, with `/`. */
  readonly path: string;
  readonly mode: '100644' | '100755';
}

export interface CommitInfo {
  readonly sha: string;
  readonly author: string;
  /** Milliseconds since the epoch, committer's time. */
  readonly date: number;
  readonly message: string;
  /** The first is what the branch was before, for a merge. */
  readonly parents: readonly string[];
}

/** How one commit stands to another. */
export type Relation = 'same' | 'ancestor' | 'descendant' | 'diverged';

/** The files of one commit. */
export interface Snapshot {
  readonly commit: string;
  /** Every regular file at or below the given path; none when the path does not exist. */
  list(path: string): Promise<readonly FileEntry[]>;
  /**
   * The text of each path that exists there, is UTF-8 and has at most 5 MB; a byte order mark is kept, so that writing it back changes
   * nothing. With `wanted` only those that it takes by their bytes, which are its own during the call; it hears of the larger ones, too.
   */
  read(
    paths: readonly string[],
    wanted?: (path: string, bytes: Buffer | 'too-large') => boolean,
  ): Promise<ReadonlyMap<string, string>>;
}

/** Read access to a GitOps repository, as plain Git over HTTP gives it: any revision, exact bytes, no rate limit. */
export interface Repository {
  readonly url: string;
  /**
   * The commit that a branch, tag or `HEAD` names now, or named at most `maxAgeMs` ago; undefined where there is no such ref.
   */
  resolve(ref: string, maxAgeMs?: number): Promise<string | undefined>;
  defaultBranch(): Promise<string>;
  snapshot(commit: string): Promise<Snapshot>;
  /** How `commit` stands to `other`: `ancestor` means that `other` contains it. */
  relation(commit: string, other: string): Promise<Relation>;
  /** Commits reachable from `to` and not from `from` that touched one of the paths, oldest first, at most `limit`. */
  commitsBetween(
    from: string,
    to: string,
    paths: readonly string[],
    limit: number,
  ): Promise<readonly CommitInfo[]>;
  /**
   * The last commits up to `commit` that touched one of the paths (without paths: all), newest first, at most `limit`; of the last
   * `within` where that is given.
   */
  history(
    commit: string,
    paths: readonly string[],
    limit: number,
    within?: number,
  ): Promise<readonly CommitInfo[]>;
}
