/**
 * Whether a text is as a pattern says, from its beginning to its end: `*` stands for any characters, also none. In time that grows with
 * the product of both lengths at most, whatever the pattern is.
 */
export function matchesWildcard(pattern: string, text: string): boolean {
  let [at, here] = [0, 0];
  /** The last star, and where in the text what it stands for ended when it was tried last. */
  let star = -1;
  let tried = 0;
  while (here < text.length) {
    if (pattern[at] === '*') {
      star = at;
      tried = here;
      at += 1;
    } else if (pattern[at] === text[here]) {
      at += 1;
      here += 1;
    } else if (star >= 0) {
      tried += 1;
      at = star + 1;
      here = tried;
    } else return false;
  }
  return /^\**$/.test(pattern.slice(at));
}
