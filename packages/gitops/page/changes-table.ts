import { code, table } from '@sluice/core/summary';
import { realEdits, type Subject, showScalar } from '../bump/subject.ts';
import { describePlace } from '../describe.ts';

const ROWS = 200;

/** What changes, from what to what, with links to the files as they are on the branch that is changed. */
export function changesTable(subject: Subject): string {
  const edits = realEdits(subject.files);
  const rows = edits
    .slice(0, ROWS)
    .map(({ path, edit }) => [
      fileLink(subject.target, path),
      ...[describePlace(edit.place), showScalar(edit.from), showScalar(edit.to)].map(code),
    ]);
  if (rows.length === 0) return '';
  const left = edits.length - rows.length;
  const shown = table([['file', 'place', 'from', 'to'], ...rows]);
  return left > 0 ? `${shown}\n\n…and ${left} more.` : shown;
}

/** A link to a file at a branch or commit; without an address its path alone. */
export function fileLink(
  at: { readonly url: string; readonly branch: string } | undefined,
  path: string,
): string {
  if (at === undefined) return code(path);
  const parts = [...at.branch.split('/'), ...path.split('/')].map(encoded);
  return `[${code(path)}](${at.url}/blob/${parts.join('/')})`;
}

// encodeURIComponent leaves parentheses, which end a link of Markdown.
function encoded(part: string): string {
  return encodeURIComponent(part).replace(/[()*'!]/g, (sign) => `%${sign.charCodeAt(0).toString(16)}`);
}
