import type { VexStatement, VexSubject } from '../decide/types.ts';
import { at, isRecord, type Json, type JsonRecord, kindOf, list, text } from '../json.ts';
import { type Notes, reasonOf } from './parsed.ts';

/** https://cyclonedx.org/docs/1.7/json/#vulnerabilities_items_analysis_state: each state, and whether it takes a finding out. */
const STATES: Readonly<Record<string, boolean>> = {
  resolved: true,
  resolved_with_pedigree: true,
  false_positive: true,
  not_affected: true,
  exploitable: false,
  in_triage: false,
};

/** `urn:cdx:` serial number `/` version `#` ref: https://cyclonedx.org/capabilities/bomlink/ */
const BOM_LINK = /^urn:cdx:([^#]{1,200})#(.+)$/s;

/** A vulnerability without an analysis says nothing of whether a product is affected, and is left out. */
export function readCycloneDxVex(document: JsonRecord, file: string, notes: Notes): readonly VexStatement[] {
  if (document.vulnerabilities === undefined) notes.add('`vulnerabilities` is missing');
  const issued = notes.time(at(document, 'metadata', 'timestamp'), 'metadata.timestamp');
  const subjectOf = subjectsBy(document);
  return notes.list(document.vulnerabilities, 'vulnerabilities').flatMap((value, index) => {
    const place = `vulnerabilities[${index}]`;
    if (!isRecord(value)) {
      notes.add(`\`${place}\` is ${kindOf(value)}, not an object`);
      return [];
    }
    const { analysis } = value;
    if (analysis === undefined || analysis === null) return [];
    const state = notes.text(at(analysis, 'state'), `${place}.analysis.state`, 'required');
    if (state !== undefined && !Object.hasOwn(STATES, state))
      notes.add(`\`${place}.analysis.state\` is none of ${Object.keys(STATES).join(', ')}`);
    const clears = state !== undefined && Object.hasOwn(STATES, state) ? STATES[state] : undefined;
    const names = namesIn(value, place, notes);
    const subjects = affectsIn(value, place, clears === true, subjectOf, notes);
    const updated = notes.time(at(analysis, 'lastUpdated'), `${place}.analysis.lastUpdated`);
    const time =
      updated ?? notes.time(at(analysis, 'firstIssued'), `${place}.analysis.firstIssued`) ?? issued;
    if (state === undefined || clears === undefined) return [];
    return [
      {
        names,
        subjects,
        clears,
        status: state,
        because: reasonOf(at(analysis, 'justification'), at(analysis, 'detail')),
        ...(time !== undefined && { time }),
        file,
        place,
      },
    ];
  });
}

function namesIn(value: JsonRecord, place: string, notes: Notes): readonly string[] {
  const id = notes.text(value.id, `${place}.id`, 'required');
  // "the same vulnerability may exist in multiple sources", by other ids
  const others = notes
    .list(value.references, `${place}.references`)
    .flatMap((reference, index) => notes.text(at(reference, 'id'), `${place}.references[${index}].id`) ?? []);
  return id === undefined ? others : [id, ...others];
}

function affectsIn(
  value: JsonRecord,
  place: string,
  clears: boolean,
  subjectOf: (ref: string) => readonly VexSubject[],
  notes: Notes,
): readonly VexSubject[] {
  return notes.list(value.affects, `${place}.affects`).flatMap((target, index) => {
    const here = `${place}.affects[${index}]`;
    const ref = notes.text(at(target, 'ref'), `${here}.ref`, 'required');
    const ranges = notes.list(at(target, 'versions'), `${here}.versions`);
    if (ref === undefined) return [];
    const subjects = subjectOf(ref);
    if (ranges.length === 0 || !clears) return subjects;
    // `affected` is the default: https://cyclonedx.org/docs/1.7/json/#vulnerabilities_items_affects_items_versions_items_status
    const versions = ranges.flatMap((range) =>
      // What is said of a range clears no version here.
      at(range, 'status') === 'unaffected' ? (text(at(range, 'version')) ?? []) : [],
    );
    return subjects.map((subject) => ({ ...subject, versions }));
  });
}

/** What a ref names: by the purl of the component of this document, else by this document or the one that the BOM-Link names. */
function subjectsBy(document: JsonRecord): (ref: string) => readonly VexSubject[] {
  const purls = purlsOf(document);
  const own = text(document.serialNumber);
  const version = typeof document.version === 'number' ? document.version : 1;
  const serial = own === undefined ? undefined : `${own.replace(/^urn:uuid:/, '')}/${version}`;
  return (ref) => {
    const link = BOM_LINK.exec(ref);
    if (link?.[1] !== undefined && link[2] !== undefined) {
      const [, named, id] = link;
      return [...new Set([id, decoded(id)])].map((one) => ({ id: one, serial: named, within: [] }));
    }
    const purl = purls.get(ref);
    if (purl !== undefined) return [{ id: purl, within: [] }];
    if (ref.startsWith('pkg:')) return [{ id: ref, within: [] }];
    return serial === undefined ? [] : [{ id: ref, serial, within: [] }];
  };
}

/** By ref; without recursion, because the document decides how deep its components are. */
function purlsOf(document: JsonRecord): ReadonlyMap<string, string> {
  const purls = new Map<string, string>();
  const left: Json[] = [at(document, 'metadata', 'component'), document.components];
  while (left.length > 0) {
    const value = left.pop();
    for (const component of Array.isArray(value) ? value : [value]) {
      const ref = text(at(component, 'bom-ref'));
      const purl = text(at(component, 'purl'));
      if (ref !== undefined && purl !== undefined) purls.set(ref, purl);
      if (list(at(component, 'components')).length > 0) left.push(at(component, 'components'));
    }
  }
  return purls;
}

function decoded(id: string): string {
  try {
    return decodeURIComponent(id);
  } catch {
    return id;
  }
}
