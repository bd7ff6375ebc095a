/** What `targetRevision` follows: a branch (empty: the default branch), or something that a commit cannot be added to. */
export type Followed =
  | { readonly type: 'branch'; readonly branch: string }
  | { readonly type: 'pinned'; readonly what: string };

/**
 * Reads `targetRevision` as Argo CD does: nothing or HEAD is the default branch. Whether `v1.2` is a branch or a tag only the
 * repository knows: it is taken for a branch.
 */
export function followedBy(targetRevision: string): Followed {
  const revision = targetRevision.trim();
  if (revision === '' || revision === 'HEAD') return { type: 'branch', branch: '' };
  const name = revision.replace(/^refs\/heads\//, '');
  if (/^refs\/tags\//.test(name)) return { type: 'pinned', what: 'a tag' };
  if (/^refs\//.test(name)) return { type: 'pinned', what: 'no branch' };
  if (/^(?:[0-9a-f]{40}|[0-9a-f]{64})$/i.test(name)) return { type: 'pinned', what: 'a commit' };
  // What no branch can have in its name (git-check-ref-format), a range of versions has.
  if (/[\s~^:?*[\\<>=|,\x7f]|\.\.|^-|@\{|\.lock$|\/$/.test(name))
    return { type: 'pinned', what: 'a range of versions' };
  return { type: 'branch', branch: name };
}
