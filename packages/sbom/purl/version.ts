/**
 * Whether this can be one version: GitHub's dependency graph and others put the range of a manifest where a version should be
 * (`^1.2.3`, `>= 4, < 5`, `4.*.*`, `[2.7,2.12)`), a branch (`main`), or where it comes from (`workspace:*`, `file:../x`). Asked for by such
 * a text, a database knows of nothing, which would look like a clean answer.
 */
export const isPlainVersion = (version: string): boolean =>
  /\d/.test(version) &&
  !/^[\^~<>=!([]|[*,|\s]|\)$|\]$/.test(version) &&
  !/^(?:workspace|file|link|portal|git|git\+[a-z]+|github|https?|npm|patch):/i.test(version) &&
  !/^\d+(?:\.\d+)*\.[xX](?:$|[.-])/.test(version);
