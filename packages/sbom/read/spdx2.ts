import { isRecord, type Json, type JsonRecord } from '../json.ts';
import type { Sbom } from '../types.ts';
import { type Draft, startDraft } from './draft.ts';
import { type Place, under } from './place.ts';
import { optionalList, optionalText, type Problems, requiredRecord, requiredText } from './problems.ts';
import { describedBy, describes, needsOther } from './spdx-relationships.ts';

/** `SPDX-2.2.1` is how some write the version that ISO took over as 5962. */
const VERSION = /^SPDX-(2\.[23](?:\.\d+)?)$/;

/** How writers of the first versions name the reference type `purl`. */
const PURL_TYPE = 'http://spdx.org/rdf/references/purl';

interface Reading {
  readonly draft: Draft;
  readonly problems: Problems;
}

/** Reads an SPDX 2.2 or 2.3 document; what is wrong goes to `problems`. */
export function readSpdx2(document: JsonRecord, file: string, problems: Problems): Sbom {
  const reading = { draft: startDraft(), problems };
  const place = { key: 'spdxVersion' };
  const written = requiredText(document.spdxVersion, place, problems);
  const version = VERSION.exec(written ?? '')?.[1];
  if (written !== undefined && version === undefined) problems.add(place, 'is none of SPDX-2.2, SPDX-2.3');
  const packages = { key: 'packages' };
  for (const [index, entry] of optionalList(document.packages, packages, problems).entries()) {
    readPackage(entry, under(packages, index), reading);
  }
  const described = { key: 'documentDescribes' };
  for (const [index, entry] of optionalList(document.documentDescribes, described, problems).entries()) {
    const ref = requiredText(entry, under(described, index), problems);
    if (ref !== undefined) reading.draft.root(ref);
  }
  readRelationships(document.relationships, reading);
  return reading.draft.finish(file, `SPDX ${version ?? ''}`);
}

function readPackage(entry: Json, place: Place, { draft, problems }: Reading): void {
  const value = requiredRecord(entry, place, problems);
  if (value === undefined) return;
  const name = requiredText(value.name, under(place, 'name'), problems) ?? '';
  const id = requiredText(value.SPDXID, under(place, 'SPDXID'), problems);
  const version = stated(optionalText(value.versionInfo, under(place, 'versionInfo'), problems));
  const purpose = optionalText(value.primaryPackagePurpose, under(place, 'primaryPackagePurpose'), problems);
  const component = {
    name,
    ...(version === undefined ? {} : { version }),
    ...(purpose === undefined ? {} : { type: purpose.toLowerCase() }),
  };
  const [first, ...others] = readPurls(value.externalRefs, under(place, 'externalRefs'), problems);
  const ref = draft.add(first === undefined ? component : { ...component, purl: first }, id);
  for (const purl of others) draft.link(ref, draft.add({ ...component, purl }, id));
}

/** SPDX writes out that nothing is said (2.3, 7.3). */
const stated = (value: string | undefined): string | undefined =>
  value === 'NOASSERTION' || value === 'NONE' ? undefined : value;

/** The purls among a package's external references: each names it, and any may be the one that is known. */
function readPurls(value: Json, place: Place, problems: Problems): readonly string[] {
  const purls = new Set<string>();
  for (const [index, entry] of optionalList(value, place, problems).entries()) {
    const here = under(place, index);
    const reference = requiredRecord(entry, here, problems);
    if (reference === undefined) continue;
    const type = requiredText(reference.referenceType, under(here, 'referenceType'), problems);
    if (type !== 'purl' && type !== PURL_TYPE) continue;
    const purl = requiredText(reference.referenceLocator, under(here, 'referenceLocator'), problems);
    if (purl !== undefined && purl !== '') purls.add(purl);
  }
  return [...purls];
}

function readRelationships(value: Json, { draft, problems }: Reading): void {
  const place = { key: 'relationships' };
  for (const [index, entry] of optionalList(value, place, problems).entries()) {
    const here = under(place, index);
    const relationship = isRecord(entry) ? entry : requiredRecord(entry, here, problems);
    if (relationship === undefined) continue;
    const field = (key: string) => requiredText(relationship[key], under(here, key), problems);
    const from = field('spdxElementId');
    const type = field('relationshipType');
    const to = field('relatedSpdxElement');
    if (from === undefined || type === undefined || to === undefined) continue;
    const needs = needsOther(type);
    if (needs !== undefined) draft.link(needs ? from : to, needs ? to : from);
    else if (describes(type)) draft.root(to);
    else if (describedBy(type)) draft.root(from);
  }
}
