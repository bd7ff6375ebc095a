import { isRecord, type Json, type JsonRecord, list, text } from '../json.ts';
import { type Draft, startDraft } from './draft.ts';
import { type Place, under } from './place.ts';
import {
  gatherProblems,
  optionalList,
  optionalText,
  type Problems,
  requiredRecord,
  requiredText,
} from './problems.ts';
import { type Reader, SPDX3_SECTIONS } from './reader.ts';
import { describes, needsOther } from './spdx-relationships.ts';

/** https://spdx.github.io/spdx-spec/v3.0.1/serializations/: where the version stands in a document. */
const CONTEXT = /^https:\/\/spdx\.org\/rdf\/(3\.0(?:\.\d+)?)\//;

/** `/Software/Package` and what is one: https://spdx.github.io/spdx-spec/v3.0.1/model/Software/Classes/Package/. */
const PACKAGES = ['software_Package', 'ai_AIPackage', 'dataset_DatasetPackage'];
const RELATIONSHIPS = ['Relationship', 'LifecycleScopedRelationship'];
const COLLECTIONS = ['SpdxDocument', 'Bom', 'software_Sbom'];

interface Reading {
  readonly draft: Draft;
  readonly problems: Problems;
  /** What each document or SBOM is about: packages, or an SBOM in its turn. */
  readonly collections: Map<string, readonly string[]>;
}

export function spdx3Reader(file: string): Reader {
  const reading = { draft: startDraft(), problems: gatherProblems(file), collections: new Map() };
  let isEmpty = true;
  return {
    entry(_section, value, place) {
      isEmpty = false;
      readElements(value, place, reading);
    },
    finish(document, place) {
      const { draft, problems, collections } = reading;
      // A graph of one element may be written without its list.
      if (isEmpty && typeOf(document) !== undefined) readElements(document, place, reading);
      for (const section of SPDX3_SECTIONS) optionalList(document[section], under(place, section), problems);
      const version = versionOf(document['@context']);
      if (version === undefined) problems.add(under(place, '@context'), 'is not that of SPDX 3.0');
      for (const roots of collections.values())
        for (const root of roots) if (draft.has(root)) draft.root(root);
      problems.settle();
      return draft.finish(file, `SPDX ${version ?? ''}`);
    },
  };
}

/** The version of an SPDX 3 document by its context, which may be one address or several. */
function versionOf(context: Json): string | undefined {
  const addresses = Array.isArray(context) ? context : [context];
  return addresses
    .map((address) => CONTEXT.exec(text(address) ?? '')?.[1])
    .find((found) => found !== undefined);
}

export const isSpdx3 = (document: JsonRecord): boolean =>
  [document['@context']]
    .flat()
    .some((address) => text(address)?.startsWith('https://spdx.org/rdf/3.') ?? false);

const typeOf = (element: JsonRecord): Json => element.type ?? element['@type'];

/** `https://spdx.org/rdf/3.0.1/terms/Software/Package`, or with `spdx:` as the context shortens it. */
const TERM = /^(?:https:\/\/spdx\.org\/rdf\/3\.0(?:\.\d+)?\/terms\/|spdx:)(\w+)\/(\w+)(?:\/(\w+))?$/;

/** A class or a word as the context names it (`software_Package`, `dependsOn`), also where it is written as its whole address. */
function termOf(written: string): string {
  const [, profile = '', name = '', word] = TERM.exec(written) ?? [];
  if (name === '') return written;
  return word ?? (profile === 'Core' ? name : `${profile.toLowerCase()}_${name}`);
}

/** Where one element names others, any of which may be written out in place instead of by its id. */
const HOLDS = ['element', 'rootElement', 'from', 'to', 'subject', 'security_assessedElement'];
/** What a mere reference to an element does not have. */
const SAYS = ['name', 'software_packageUrl', 'software_packageVersion', 'externalIdentifier'];

interface Found {
  readonly value: Json;
  readonly place: Place | undefined;
}

/** An element and those that are written out in it, without recursion: the input decides how deep they are. */
function readElements(value: Json, place: Place | undefined, reading: Reading): void {
  const found: Found[] = [{ value, place }];
  for (let next = 0; next < found.length; next += 1) {
    const here = found[next];
    if (here !== undefined) readElement(here, next > 0, reading, found);
  }
}

function readElement({ value, place }: Found, isInline: boolean, reading: Reading, found: Found[]): void {
  const element =
    place === undefined
      ? isRecord(value)
        ? value
        : undefined
      : requiredRecord(value, place, reading.problems);
  if (element === undefined) return;
  const written = typeOf(element);
  if (written === undefined && isInline && !SAYS.some((key) => element[key] !== undefined)) return;
  const type = termOf(requiredText(written, under(place, 'type'), reading.problems) ?? '');
  // Only packages have that field, by whatever name a class of them goes.
  if (PACKAGES.includes(type) || element.software_packageUrl !== undefined)
    readPackage(element, place, reading);
  else if (RELATIONSHIPS.includes(type)) readRelationship(element, place, reading);
  else if (COLLECTIONS.includes(type)) {
    const roots = many(element.rootElement).flatMap((root) => refOf(root) ?? []);
    reading.collections.set(refOf(element) ?? String(reading.collections.size), roots);
  }
  findInline(element, place, found);
}

function findInline(element: JsonRecord, place: Place | undefined, found: Found[]): void {
  for (const key of HOLDS) {
    const values = element[key];
    const up = under(place, key);
    const isList = Array.isArray(values);
    for (const [index, value] of many(values).entries()) {
      if (isRecord(value)) found.push({ value, place: isList ? under(up, index) : up });
    }
  }
}

/** JSON-LD writes a list of one without brackets as well. */
const many = (value: Json): readonly Json[] =>
  isRecord(value) || text(value) !== undefined ? [value] : list(value);

/** An element by its id, or written out in place. */
const refOf = (value: Json): string | undefined =>
  isRecord(value) ? (text(value.spdxId) ?? text(value['@id'])) : text(value);

function readPackage(element: JsonRecord, place: Place | undefined, { draft, problems }: Reading): void {
  const optional = (key: string) => optionalText(element[key], under(place, key), problems);
  // `name` is required of none but a few elements in 3.0; people read the id instead.
  const id = refOf(element);
  const version = optional('software_packageVersion');
  const purpose = optional('software_primaryPurpose');
  const component = {
    name: optional('name') ?? id ?? '',
    ...(version === undefined ? {} : { version }),
    ...(purpose === undefined ? {} : { type: termOf(purpose).toLowerCase() }),
  };
  if (id === undefined) problems.add(under(place, 'spdxId'), 'is missing');
  const purls = new Set([
    optional('software_packageUrl'),
    ...readPurls(element.externalIdentifier, place, problems),
  ]);
  purls.delete(undefined);
  const [first, ...others] = purls;
  const ref = draft.add(first === undefined ? component : { ...component, purl: first }, id);
  for (const purl of others) if (purl !== undefined) draft.link(ref, draft.add({ ...component, purl }, id));
}

function readPurls(value: Json, up: Place | undefined, problems: Problems): readonly string[] {
  const place = under(up, 'externalIdentifier');
  return optionalList(value, place, problems).flatMap((entry, index) => {
    // Written out in place, or by a reference to what is no element of its own: then it tells nothing here.
    if (!isRecord(entry) || kindOf(entry) !== 'packageurl') return [];
    return requiredText(entry.identifier, under(under(place, index), 'identifier'), problems) ?? [];
  });
}

const kindOf = ({ externalIdentifierType }: JsonRecord): string =>
  termOf(text(externalIdentifierType) ?? '').toLowerCase();

function readRelationship(element: JsonRecord, place: Place | undefined, { draft, problems }: Reading): void {
  const type = termOf(
    requiredText(element.relationshipType, under(place, 'relationshipType'), problems) ?? '',
  );
  const from = refOf(element.from);
  if (from === undefined) problems.add(under(place, 'from'), 'is missing');
  const needs = needsOther(type);
  for (const target of optionalList(element.to, under(place, 'to'), problems)) {
    const to = refOf(target);
    if (from === undefined || to === undefined) continue;
    if (needs !== undefined) draft.link(needs ? from : to, needs ? to : from);
    else if (describes(type)) draft.root(to);
  }
}
