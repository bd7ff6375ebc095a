import { visible } from '@sluice/core/visible';

/** Printable ASCII without two spaces in a row, and none at the ends. */
const PLAIN = /^(?! )(?:[!-~]| (?! |$))*$/;

/** Text of an SBOM or an advisory on one line, with nothing hidden in it, and not longer than anybody reads. */
export function oneLine(text: string, longest = 300): string {
  // Cut first: what follows takes time for each character, and a name may have megabytes.
  const start = cut(text, longest * 4).toWellFormed();
  // Most texts are plain: what looks for hidden characters takes 50 ns for each.
  if (start.length <= longest && PLAIN.test(start)) return start;
  const line = visible(start.replace(/[\s\u0085\u2028\u2029]+/g, ' ').trim());
  return line.length <= longest && start.length >= text.length ? line : `${cut(line, longest)}…`;
}

/** Not between the halves of a character. */
function cut(text: string, length: number): string {
  return text.length <= length ? text : text.slice(0, length).replace(/[\uD800-\uDBFF]$/, '');
}

/** The address of an advisory, where it is one that a page may lead to. */
export function webAddress(url: string | undefined): string | undefined {
  const parsed = url === undefined || url.length > 1000 ? null : URL.parse(url);
  if (parsed === null || parsed.protocol !== 'https:' || parsed.username !== '' || parsed.password !== '')
    return undefined;
  // What Markdown, HTML or a table would take for its own.
  return parsed.href.replace(
    /[()[\]<>"'`|\\*_{}]/g,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}
