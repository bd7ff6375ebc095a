import { at, isRecord, type Json, type JsonRecord, list, text } from '../json.ts';
import { count } from '../page/words.ts';
import type { Component, Sbom } from '../types.ts';
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
import { CYCLONEDX_SECTIONS, type Reader } from './reader.ts';
import { sourceOf } from './source.ts';

/** https://cyclonedx.org/docs/1.7/json/: the values of `specVersion` for which there is a JSON format. */
const VERSIONS = ['1.2', '1.3', '1.4', '1.5', '1.6', '1.7'];

interface Reading {
  readonly draft: Draft;
  readonly problems: Problems;
}

interface Frame {
  readonly entries: readonly Json[];
  readonly place: Place;
  /** The ref of the component that holds them. */
  readonly holder: string | undefined;
  next: number;
}

export function cycloneDxReader(file: string): Reader {
  const reading = { draft: startDraft(), problems: gatherProblems(file) };
  return {
    entry(section, value, place) {
      if (section === 'components') readComponent(value, place, undefined, reading);
      else readDependency(value, place, reading);
    },
    finish(document, place) {
      const { draft, problems } = reading;
      const version = readHead(document, place, problems);
      readSubject(document.metadata, under(place, 'metadata'), reading);
      problems.settle();
      warnOfGaps(document, draft);
      return withSerial(draft.finish(file, `CycloneDX ${version ?? ''}`), document);
    },
  };
}

/** https://cyclonedx.org/docs/1.7/json/#compositions; what is needed and not listed may be in another document, or left out. */
function warnOfGaps({ compositions, services }: JsonRecord, draft: Draft): void {
  if (list(compositions).some((one) => text(at(one, 'aggregate'))?.startsWith('incomplete') === true))
    draft.warn(
      'it says that it does not list everything (`compositions`): what it leaves out was not looked up.',
    );
  // Services are no packages.
  const others = new Set(list(services).map((service) => text(at(service, 'bom-ref'))));
  const unlisted = draft.unlisted(others);
  if (unlisted > 0)
    draft.warn(
      `${count(unlisted, 'dependency is', 'dependencies are')} named and not listed: not looked up.`,
    );
}

function readHead(document: JsonRecord, place: Place | undefined, problems: Problems): string | undefined {
  for (const section of CYCLONEDX_SECTIONS) optionalList(document[section], under(place, section), problems);
  const here = under(place, 'specVersion');
  const version = requiredText(document.specVersion, here, problems);
  if (version !== undefined && !VERSIONS.includes(version)) {
    problems.add(here, `is none of ${VERSIONS.join(', ')}`);
  }
  return version;
}

/** Number and version, as a BOM-Link has them; the version is 1 where there is none (https://cyclonedx.org/docs/1.7/json/#version). */
const withSerial = (sbom: Sbom, { serialNumber, version }: JsonRecord): Sbom => {
  const written = text(serialNumber)?.replace(/^urn:uuid:/, '');
  const number = typeof version === 'number' ? version : 1;
  return written === undefined ? sbom : { ...sbom, serial: `${written}/${number}` };
};

function readSubject(metadata: Json, place: Place, reading: Reading): void {
  const value = isRecord(metadata) ? metadata.component : undefined;
  if (value === undefined || value === null) return;
  const ref = isRecord(value) ? text(value['bom-ref']) : undefined;
  const listed = ref === undefined ? undefined : reading.draft.get(ref);
  // Some list what they describe among the components as well: then it is one of them.
  if (listed !== undefined && isRecord(value) && isSame(value, listed)) {
    reading.draft.root(listed.ref);
    return;
  }
  const added = readComponent(value, under(place, 'component'), undefined, reading, { isSubject: true });
  if (added === undefined) return;
  reading.draft.root(added);
  // Another one has its ref, and with that what it needs.
  if (listed !== undefined) reading.draft.link(added, listed.ref);
}

/** Two that only share their ref are two: the one that is listed is no subject. */
function isSame(value: JsonRecord, { name, version, purl }: Component): boolean {
  const group = text(value.group);
  const written = text(value.name) ?? '';
  return (
    (group === undefined ? written : `${group}/${written}`) === name &&
    text(value.version) === version &&
    text(value.purl) === purl &&
    list(value.components).length === 0
  );
}

/** A component and those nested in it, without recursion: the input decides how deep they are. Gives its ref. */
function readComponent(
  value: Json,
  place: Place,
  holder: string | undefined,
  reading: Reading,
  more: Partial<Component> = {},
): string | undefined {
  const frames: Frame[] = [];
  const first = readOne(value, place, holder, reading, frames, more);
  for (let frame = frames.at(-1); frame !== undefined; frame = frames.at(-1)) {
    const index = frame.next;
    frame.next += 1;
    if (index >= frame.entries.length) frames.pop();
    else readOne(frame.entries[index], under(frame.place, index), frame.holder, reading, frames);
  }
  return first;
}

function readOne(
  value: Json,
  place: Place,
  holder: string | undefined,
  { draft, problems }: Reading,
  frames: Frame[],
  more: Partial<Component> = {},
): string | undefined {
  const component = requiredRecord(value, place, problems);
  if (component === undefined) return undefined;
  const optional = (key: string) => optionalText(component[key], under(place, key), problems);
  const described = describe(component, optional, place, problems);
  const below = under(place, 'components');
  const entries = optionalList(component.components, below, problems);
  const holdsOthers = entries.length > 0 ? { holdsOthers: true } : {};
  const ref = draft.add({ ...described, ...holdsOthers, ...more }, optional('bom-ref'));
  if (holder !== undefined) draft.link(holder, ref);
  if (entries.length > 0) frames.push({ entries, place: below, holder: ref, next: 0 });
  return ref;
}

function describe(
  component: JsonRecord,
  optional: (key: string) => string | undefined,
  place: Place,
  problems: Problems,
): Omit<Component, 'ref'> {
  const name = requiredText(component.name, under(place, 'name'), problems) ?? '';
  const group = optional('group');
  const version = optional('version');
  const purl = optional('purl');
  const type = optional('type');
  return {
    name: group === undefined ? name : `${group}/${name}`,
    ...(version === undefined ? {} : { version }),
    ...(purl === undefined ? {} : { purl }),
    ...(type === undefined ? {} : { type }),
    // Of packages it would only take memory.
    ...(purl === undefined && optional('cpe') !== undefined ? { hasCpe: true as const } : {}),
    ...sourceOf(list(component.properties)),
  };
}

function readDependency(value: Json, place: Place, { draft, problems }: Reading): void {
  const dependency = requiredRecord(value, place, problems);
  if (dependency === undefined) return;
  const from = requiredText(dependency.ref, under(place, 'ref'), problems);
  const on = under(place, 'dependsOn');
  const targets = optionalList(dependency.dependsOn, on, problems).flatMap(
    (to, index) => requiredText(to, under(on, index), problems) ?? [],
  );
  if (from !== undefined) draft.linkAll(from, targets);
}
