import { at, type Json, type JsonRecord, list, text } from '../json.ts';
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
import { type Reader, SPDX2_SECTIONS } from './reader.ts';
import { sourceOfInfo } from './source.ts';
import { describedBy, describes, needsOther } from './spdx-relationships.ts';

/** `SPDX-2.2.1` is how some write the version that ISO took over as 5962. */
const VERSION = /^SPDX-(2\.[23](?:\.\d+)?)$/;

/** `cpe23Type`, or its whole address. */
const CPE = /(?:^|\/)cpe2[23]type$/i;

/** How writers of the first versions name the reference type `purl`. */
const PURL_TYPE = 'http://spdx.org/rdf/references/purl';

interface Reading {
  readonly draft: Draft;
  readonly problems: Problems;
}

export function spdx2Reader(file: string): Reader {
  const reading = { draft: startDraft(), problems: gatherProblems(file) };
  return {
    entry(section, value, place) {
      if (section === 'packages') readPackage(value, place, reading);
      else if (section === 'relationships') readRelationship(value, place, reading);
      else {
        const ref = requiredText(value, place, reading.problems);
        if (ref !== undefined) reading.draft.root(ref);
      }
    },
    finish(document, place) {
      const version = readHead(document, place, reading.problems);
      reading.problems.settle();
      return reading.draft.finish(file, `SPDX ${version ?? ''}`);
    },
  };
}

function readHead(document: JsonRecord, place: Place | undefined, problems: Problems): string | undefined {
  for (const section of SPDX2_SECTIONS) optionalList(document[section], under(place, section), problems);
  const here = under(place, 'spdxVersion');
  const written = requiredText(document.spdxVersion, here, problems);
  const version = VERSION.exec(written ?? '')?.[1];
  if (written !== undefined && version === undefined) problems.add(here, 'is none of SPDX-2.2, SPDX-2.3');
  return version;
}

function readPackage(entry: Json, place: Place, { draft, problems }: Reading): void {
  const value = requiredRecord(entry, place, problems);
  if (value === undefined) return;
  const optional = (key: string) => optionalText(value[key], under(place, key), problems);
  const name = requiredText(value.name, under(place, 'name'), problems) ?? '';
  const id = requiredText(value.SPDXID, under(place, 'SPDXID'), problems);
  const version = stated(optional('versionInfo'));
  const purpose = optional('primaryPackagePurpose');
  const component = {
    name,
    ...(version === undefined ? {} : { version }),
    ...(purpose === undefined ? {} : { type: purpose.toLowerCase() }),
    ...sourceOfInfo(optional('sourceInfo')),
    ...(isLockFile(value) ? { kind: 'lang-pkgs' } : {}),
  };
  const [first, ...others] = readPurls(value.externalRefs, under(place, 'externalRefs'), problems);
  const hasCpe = list(value.externalRefs).some((reference) =>
    CPE.test(text(at(reference, 'referenceType')) ?? ''),
  );
  const ref = draft.add(
    first === undefined ? { ...component, ...(hasCpe ? { hasCpe } : {}) } : { ...component, purl: first },
    id,
  );
  for (const purl of others) draft.link(ref, draft.add({ ...component, purl }, id));
}

/** Trivy's word for a lock file, which it has put into either: https://trivy.dev/latest/docs/supply-chain/sbom/. */
const isLockFile = ({ attributionTexts, annotations }: JsonRecord): boolean =>
  [...list(attributionTexts), ...list(annotations).map((annotation) => at(annotation, 'comment'))].includes(
    'Class: lang-pkgs',
  );

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

function readRelationship(entry: Json, place: Place, { draft, problems }: Reading): void {
  const relationship = requiredRecord(entry, place, problems);
  if (relationship === undefined) return;
  const field = (key: string) => requiredText(relationship[key], under(place, key), problems);
  const from = field('spdxElementId');
  const type = field('relationshipType');
  const to = field('relatedSpdxElement');
  if (from === undefined || type === undefined || to === undefined) return;
  const needs = needsOther(type);
  const isToldOf = needs !== undefined || describes(type) || describedBy(type);
  if (isToldOf && [from, to].some((ref) => ref.startsWith('DocumentRef-')))
    draft.warn(
      'it brings in what other documents list (`DocumentRef-`): not looked up, unless they are scanned as well.',
    );
  if (needs !== undefined) draft.link(needs ? from : to, needs ? to : from);
  else if (describes(type)) draft.root(to);
  else if (describedBy(type)) draft.root(from);
}
