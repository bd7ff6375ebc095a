import type { VexStatement } from '../decide/types.ts';
import { text } from '../json.ts';
import { readCycloneDxVex } from './cyclonedx-vex.ts';
import { readOpenVex } from './open-vex.ts';
import { notesOn, type Parsed, readJson } from './parsed.ts';
import { unwrapped } from './unwrapped.ts';

/** What a VEX document says: OpenVEX, or the vulnerabilities of a CycloneDX document; bare or attested. */
export function parseVex(content: string, file: string): Parsed<readonly VexStatement[]> {
  const notes = notesOn(file);
  const outer = readJson(content, notes);
  const document = outer && unwrapped(outer, notes);
  if (document === undefined) return { value: [], problems: notes.problems };
  if (text(document['@context'])?.startsWith('https://openvex.dev/ns') === true)
    return { value: readOpenVex(document, file, notes), problems: notes.problems };
  if (document.bomFormat === 'CycloneDX')
    return { value: readCycloneDxVex(document, file, notes), problems: notes.problems };
  notes.add('this is neither OpenVEX (`@context`) nor CycloneDX (`bomFormat`)');
  return { value: [], problems: notes.problems };
}
