import { readPurl } from '../decide/purl.ts';
import type { Allowance } from '../decide/types.ts';
import { type Notes, notesOn, type Parsed } from './parsed.ts';
import { type Entry, type Field, readEntries } from './yaml-entries.ts';

const FIELDS = ['id', 'package', 'reason', 'expires'];
/** `<database>-<entry>`, as every id of a vulnerability is: https://ossf.github.io/osv-schema/#id-modified-fields */
const ID = /^[A-Za-z][\w.]*-[\w.:-]{1,200}$/;

/**
 * The entries of an allow-list:
 *
 *     - id: CVE-2026-1234
 *       package: pkg:npm/lodash
 *       reason: the function is not called
 *       expires: 2026-12-31
 *
 * `package` may be left out. Whether an entry has expired is not decided here.
 */
export async function parseAllowList(content: string, file: string): Promise<Parsed<readonly Allowance[]>> {
  const notes = notesOn(file);
  const entries = await readEntries(content.replace(/^\u{feff}/u, ''), 'allow', notes);
  const value = entries.flatMap((entry) => allowanceOf(entry, file, notes) ?? []);
  const last = Number.POSITIVE_INFINITY;
  return { value, problems: notes.problems.toSorted((a, b) => (a.line ?? last) - (b.line ?? last)) };
}

const LONGEST_SHOWN = 60;
/** What stands there, so that nobody has to look for it. */
const quoted = (text: string): string =>
  JSON.stringify(text.length <= LONGEST_SHOWN ? text : `${text.slice(0, LONGEST_SHOWN)}…`);

function allowanceOf({ fields, line }: Entry, file: string, notes: Notes): Allowance | undefined {
  for (const [name, field] of fields)
    if (!FIELDS.includes(name))
      notes.add(
        `an entry has no \`${name}\`: it has ${FIELDS.map((one) => `\`${one}\``).join(', ')}`,
        field.line,
      );
  const needed = (name: string): Field | undefined => {
    const field = fields.get(name);
    if (field !== undefined && field.text.trim() !== '') return field;
    notes.add(`an entry needs \`${name}\``, field?.line ?? line);
    return undefined;
  };
  const id = needed('id');
  const reason = needed('reason');
  const expires = needed('expires');
  if (id !== undefined && !ID.test(id.text))
    notes.add(
      `\`id\` is ${quoted(id.text)}, and not the id of a vulnerability, as CVE-2026-1234 or GHSA-jfh8-c2jp-5v3q`,
      id.line,
    );
  if (expires !== undefined && !isDay(expires.text))
    notes.add(
      `\`expires\` is ${quoted(expires.text)}, and not the last day on which it holds, as 2026-12-31`,
      expires.line,
    );
  const where = fields.get('package');
  if (where?.text.trim() === '')
    notes.add('`package` is empty: leave it out to allow it in every package', where.line);
  if (where !== undefined && /^pkg:/i.test(where.text) && readPurl(where.text) === undefined)
    notes.add(`\`package\` is ${quoted(where.text)}, which is no package URL`, where.line);
  if (id === undefined || reason === undefined || expires === undefined) return undefined;
  return {
    id: id.text,
    ...(where !== undefined && { package: where.text }),
    reason: reason.text,
    expires: expires.text,
    file,
    line: id.line,
  };
}

/** A day that the calendar has: 2026-02-30 is none. */
function isDay(text: string): boolean {
  const time = /^\d{4}-\d{2}-\d{2}$/.test(text) ? Date.parse(`${text}T00:00:00Z`) : Number.NaN;
  return !Number.isNaN(time) && new Date(time).toISOString().startsWith(text);
}
