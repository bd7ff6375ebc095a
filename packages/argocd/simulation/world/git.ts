/** What the application's folder holds at a commit. */
export interface Content {
  readonly image: string;
  /** A value of the ConfigMap. */
  readonly color: string;
  /** `.argocd-source-payments.yaml` sets this image, which wins. */
  readonly override?: string;
  /** Nothing can be rendered from it. */
  readonly broken?: boolean;
  /** A ConfigMap that later commits may drop. */
  readonly extra: boolean;
}

export interface Commit {
  readonly sha: string;
  readonly index: number;
  readonly author: string;
  /** Its trailers say: a newer deployment of the same project, environment and tenant. */
  readonly newer: boolean;
  readonly content: Content;
}

export interface Git {
  readonly commits: readonly Commit[];
  head(): Commit;
  find(sha: string): Commit | undefined;
  commit(change: Partial<Content>, by?: { readonly author?: string; readonly newer?: boolean }): Commit;
}

/** A branch: its commits stand in a row, the newest last. */
export function createGit(first: Content): Git {
  const commits: Commit[] = [];
  const bySha = new Map<string, Commit>();

  function add(content: Content, author: string, newer: boolean): Commit {
    const index = commits.length;
    const sha = (index + 0xc0de).toString(16).padStart(8, 'a').repeat(5);
    const made = { sha, index, author, newer, content };
    commits.push(made);
    bySha.set(sha, made);
    return made;
  }
  let head = add(first, 'first', false);
  return {
    commits,
    head: () => head,
    find: (sha) => bySha.get(sha),
    commit(change, { author = 'alice', newer = false } = {}) {
      head = add({ ...head.content, ...change }, author, newer);
      return head;
    },
  };
}
