import { isRecord, type Json, type JsonRecord } from '../json.ts';
import type { Sbom } from '../types.ts';
import { type Draft, startDraft } from './draft.ts';
import { type Place, under } from './place.ts';
import { optionalList, optionalText, type Problems, requiredRecord, requiredText } from './problems.ts';

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

/** Reads a CycloneDX document; what is wrong goes to `problems`. */
export function readCycloneDx(document: JsonRecord, file: string, problems: Problems): Sbom {
  const reading = { draft: startDraft(), problems };
  const place = { key: 'specVersion' };
  const version = requiredText(document.specVersion, place, problems);
  if (version !== undefined && !VERSIONS.includes(version)) {
    problems.add(place, `is none of ${VERSIONS.join(', ')}`);
  }
  readSubject(document.metadata, reading);
  readComponents(document.components, { key: 'components' }, undefined, reading);
  readDependencies(document.dependencies, reading);
  return reading.draft.finish(file, `CycloneDX ${version ?? ''}`);
}

function readSubject(metadata: Json, reading: Reading): void {
  const value = isRecord(metadata) ? metadata.component : undefined;
  if (value === undefined || value === null) return;
  const place = under({ key: 'metadata' }, 'component');
  const component = requiredRecord(value, place, reading.problems);
  if (component === undefined) return;
  const ref = readComponent(component, place, reading);
  reading.draft.root(ref);
  readComponents(component.components, under(place, 'components'), ref, reading);
}

/** Components and those nested in them, without recursion: the input decides how deep they are. */
function readComponents(value: Json, place: Place, holder: string | undefined, reading: Reading): void {
  const { draft, problems } = reading;
  const frames: Frame[] = [{ entries: optionalList(value, place, problems), place, holder, next: 0 }];
  for (let frame = frames.at(-1); frame !== undefined; frame = frames.at(-1)) {
    const index = frame.next;
    frame.next += 1;
    if (index >= frame.entries.length) {
      frames.pop();
      continue;
    }
    const here = under(frame.place, index);
    const component = requiredRecord(frame.entries[index], here, problems);
    if (component === undefined) continue;
    const ref = readComponent(component, here, reading);
    if (frame.holder !== undefined) draft.link(frame.holder, ref);
    const below = under(here, 'components');
    const entries = optionalList(component.components, below, problems);
    if (entries.length > 0) frames.push({ entries, place: below, holder: ref, next: 0 });
  }
}

function readComponent(component: JsonRecord, place: Place, { draft, problems }: Reading): string {
  const optional = (key: string) => optionalText(component[key], under(place, key), problems);
  const name = requiredText(component.name, under(place, 'name'), problems) ?? '';
  const group = optional('group');
  const version = optional('version');
  const purl = optional('purl');
  const type = optional('type');
  return draft.add(
    {
      name: group === undefined ? name : `${group}/${name}`,
      ...(version === undefined ? {} : { version }),
      ...(purl === undefined ? {} : { purl }),
      ...(type === undefined ? {} : { type }),
    },
    optional('bom-ref'),
  );
}

function readDependencies(value: Json, { draft, problems }: Reading): void {
  const place = { key: 'dependencies' };
  for (const [index, entry] of optionalList(value, place, problems).entries()) {
    const here = under(place, index);
    const dependency = requiredRecord(entry, here, problems);
    if (dependency === undefined) continue;
    const from = requiredText(dependency.ref, under(here, 'ref'), problems);
    const list = under(here, 'dependsOn');
    for (const [at, to] of optionalList(dependency.dependsOn, list, problems).entries()) {
      const target = requiredText(to, under(list, at), problems);
      if (from !== undefined && target !== undefined) draft.link(from, target);
    }
  }
}
