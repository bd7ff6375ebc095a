import type { VexStatement, VexSubject } from '../decide/types.ts';
import { at, isRecord, type Json, type JsonRecord, kindOf } from '../json.ts';
import { type Notes, reasonOf } from './parsed.ts';

/** Each status, and whether it takes a finding out. */
const STATUSES: Readonly<Record<string, boolean>> = {
  not_affected: true,
  fixed: true,
  affected: false,
  under_investigation: false,
};

/** https://github.com/openvex/spec/blob/main/OPENVEX-SPEC.md, and its first version, in which vulnerability and products are texts. */
export function readOpenVex(document: JsonRecord, file: string, notes: Notes): readonly VexStatement[] {
  const issued = notes.time(document.timestamp, 'timestamp');
  if (document.statements === undefined) notes.add('`statements` is missing');
  return notes.list(document.statements, 'statements').flatMap((value, index) => {
    const place = `statements[${index}]`;
    if (!isRecord(value)) {
      notes.add(`\`${place}\` is ${kindOf(value)}, not an object`);
      return [];
    }
    const status = notes.text(value.status, `${place}.status`, 'required');
    const clears = status === undefined ? undefined : clearsAs(status, value, place, notes);
    const names = namesIn(value.vulnerability, `${place}.vulnerability`, notes);
    const subjects = subjectsIn(value, place, notes);
    const updated = notes.time(value.last_updated, `${place}.last_updated`);
    const time = updated ?? notes.time(value.timestamp, `${place}.timestamp`) ?? issued;
    if (status === undefined || clears === undefined) return [];
    return [
      {
        names,
        subjects,
        clears,
        status,
        because: reasonOf(value.justification, value.impact_statement, value.status_notes),
        ...(time !== undefined && { time }),
        file,
        place,
      },
    ];
  });
}

function clearsAs(status: string, value: JsonRecord, place: string, notes: Notes): boolean | undefined {
  if (!Object.hasOwn(STATUSES, status)) {
    notes.add(`\`${place}.status\` is none of ${Object.keys(STATUSES).join(', ')}`);
    return undefined;
  }
  const justification = notes.text(value.justification, `${place}.justification`);
  const impact = notes.text(value.impact_statement, `${place}.impact_statement`);
  if (status === 'not_affected' && justification === undefined && impact === undefined)
    notes.add(`\`${place}\` says \`not_affected\` with neither \`justification\` nor \`impact_statement\``);
  return STATUSES[status];
}

function namesIn(value: Json, place: string, notes: Notes): readonly string[] {
  if (typeof value === 'string' && value !== '') return [value];
  if (!isRecord(value)) {
    notes.add(
      value === undefined ? `\`${place}\` is missing` : `\`${place}\` is ${kindOf(value)}, not an object`,
    );
    return [];
  }
  const name = notes.text(value.name, `${place}.name`, 'required');
  const aliases = notes
    .list(value.aliases, `${place}.aliases`)
    .flatMap((alias, index) => notes.text(alias, `${place}.aliases[${index}]`) ?? []);
  return name === undefined ? aliases : [name, ...aliases];
}

function subjectsIn(statement: JsonRecord, place: string, notes: Notes): readonly VexSubject[] {
  const shared = idsIn(statement.subcomponents, `${place}.subcomponents`, notes);
  return notes.list(statement.products, `${place}.products`).flatMap((product, index) => {
    const here = `${place}.products[${index}]`;
    const own = isRecord(product) ? idsIn(product.subcomponents, `${here}.subcomponents`, notes) : NONE;
    const within = { ids: [...shared.ids, ...own.ids], isGiven: shared.isGiven || own.isGiven };
    // Subcomponents that only have a hash narrow the statement to what cannot be found here.
    if (within.isGiven && within.ids.length === 0) return [];
    return idsOf(product, here, notes).map((id) => ({ id, within: within.ids }));
  });
}

interface Ids {
  readonly ids: readonly string[];
  readonly isGiven: boolean;
}
const NONE: Ids = { ids: [], isGiven: false };

function idsIn(value: Json, place: string, notes: Notes): Ids {
  const entries = notes.list(value, place);
  return {
    ids: entries.flatMap((entry, index) => idsOf(entry, `${place}[${index}]`, notes)),
    isGiven: entries.length > 0,
  };
}

/** The purl of its identifiers, else its id. */
function idsOf(value: Json, place: string, notes: Notes): readonly string[] {
  if (typeof value === 'string') return [value];
  if (!isRecord(value)) {
    notes.add(`\`${place}\` is ${kindOf(value)}, not an object`);
    return [];
  }
  const purl = notes.text(at(value, 'identifiers', 'purl'), `${place}.identifiers.purl`);
  const id = purl ?? notes.text(value['@id'], `${place}.@id`);
  return id === undefined ? [] : [id];
}
