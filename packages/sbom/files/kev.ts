import { nameKey } from '../decide/group.ts';
import { at, kindOf, text } from '../json.ts';
import { dayOf } from './day.ts';
import { notesOn, type Parsed, readJson } from './parsed.ts';

const CVE = /^CVE-\d{4}-\d{4,}$/i;

/** The ids of the catalog, in capitals, and of which day it is, where it says that. */
export interface KevCatalog {
  readonly ids: ReadonlySet<string>;
  readonly day?: string;
}

/**
 * What is in a catalog of known exploited vulnerabilities: the JSON of
 * https://www.cisa.gov/known-exploited-vulnerabilities-catalog, or one of the same form.
 */
export function parseKev(content: string, file: string): Parsed<KevCatalog> {
  const notes = notesOn(file);
  const ids = new Set<string>();
  const document = readJson(content, notes);
  if (document === undefined) return { value: { ids }, problems: notes.problems };
  const { vulnerabilities } = document;
  if (!Array.isArray(vulnerabilities) || vulnerabilities.length === 0) {
    const found = Array.isArray(vulnerabilities) ? 'empty' : kindOf(vulnerabilities);
    notes.add(`\`vulnerabilities\` is ${found}: this is no catalog of exploited vulnerabilities`);
  } else {
    for (const [index, entry] of vulnerabilities.entries()) {
      const place = `vulnerabilities[${index}].cveID`;
      const id = notes.text(at(entry, 'cveID'), place, 'required')?.trim();
      if (id === undefined) continue;
      if (CVE.test(id)) ids.add(nameKey(id));
      else notes.add(`\`${place}\` is no CVE id`);
    }
    const { count } = document;
    if (typeof count === 'number' && count !== vulnerabilities.length)
      notes.add(
        `\`count\` is ${count}, and there are ${vulnerabilities.length} vulnerabilities: it was cut off`,
      );
  }
  return { value: { ids, ...dayOf(text(document.dateReleased)) }, problems: notes.problems };
}
