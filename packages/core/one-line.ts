import { visible } from './visible.ts';

/** Printable ASCII without two spaces in a row, and none at the ends. */
const PLAIN = /^(?! )(?:[!-~]| (?! |$))*$/;

/** Somebody else's text on one line, with nothing hidden in it, and not longer than anybody reads. */
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

/** A sentence of ours on one line: its spaces stay, for what it quotes may have several in a row. */
export function withoutLineEnds(text: string, longest: number): string {
  const line = visible(text.replace(/\s*[\r\n]+\s*/g, ' ').trim());
  return line.length <= longest ? line : `${line.slice(0, longest)}…`;
}
