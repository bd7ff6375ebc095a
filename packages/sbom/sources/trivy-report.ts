import { at, isRecord, kindOf, list, text } from '../json.ts';
import { oneLine } from '../page/foreign.ts';
import { count } from '../page/words.ts';
import type { Advisory, Match, Package, Rating } from '../types.ts';
import { type Answered, type Left, refuseMore } from './answered.ts';
import { answerError } from './scanner.ts';
import { refOf } from './scanner-sbom.ts';
import { cvssOf, firstLine } from './scanner-words.ts';
import type { Asked } from './trivy-asked.ts';

const PROGRAM = 'trivy';

/** What trivy found, and what it said while it looked. */
export interface Report extends Answered {
  /** Whether it found anything, be it in the probes: if not, its database is empty. */
  readonly hasFound: boolean;
  readonly warnings: readonly string[];
}

/** Reads what trivy wrote: its report, and what it said beside it. */
export function readReport(json: unknown, asked: readonly Asked[], stderr: string): Report {
  if (!isRecord(json) || json.SchemaVersion !== 2) {
    throw answerError(PROGRAM, `\`SchemaVersion\` is ${kindOf(at(json, 'SchemaVersion'))} and must be 2`);
  }
  const { Results: results } = json;
  // Go leaves out an empty list.
  if (results !== undefined && !Array.isArray(results)) {
    throw answerError(PROGRAM, `\`Results\` is ${kindOf(results)}`);
  }
  const byRef = new Map(asked.map((one, index) => [refOf(index), one]));
  const listed = listedIn(results, byRef);
  const { matches, types } = foundIn(results, byRef);
  const unread = unreadIn(stderr);
  const left = new Map<Package, Left>();
  for (const one of asked) {
    const isUnread = unread.isUnread(one);
    for (const of of one.entries) {
      if (matches.has(of)) continue;
      if (!listed.has(of) || !types.has(one.type)) left.set(of, { package: of, why: 'unknown-ecosystem' });
      else if (isUnread) left.set(of, { package: of, why: 'no-order' });
    }
  }
  return {
    matches: [...matches.values()].flatMap((all) => [...all.values()]),
    ...{ left: [...left.values()], hasFound: types.size > 0 },
    warnings: [...endOfLife(json), ...unread.warnings],
  };
}

/** It lists what it has read of the bill, whether it then finds something in it or not. */
function listedIn(results: unknown, byRef: ReadonlyMap<string, Asked>): ReadonlySet<Package> {
  const listed = new Set<Package>();
  for (const each of list(results).flatMap((result) => list(at(result, 'Packages')))) {
    const one = byRef.get(text(at(each, 'Identifier', 'BOMRef')) ?? '');
    for (const entry of one?.entries ?? []) listed.add(entry);
  }
  return listed;
}

/** What it found of each package, once, and of which types of purl it found anything. */
function foundIn(results: unknown, byRef: ReadonlyMap<string, Asked>) {
  const matches = new Map<Package, Map<string, Match>>();
  const types = new Set<string>();
  let total = 0;
  for (const found of list(results).flatMap((result) => list(at(result, 'Vulnerabilities')))) {
    const one = byRef.get(text(at(found, 'PkgIdentifier', 'BOMRef')) ?? '');
    if (one === undefined) {
      throw answerError(PROGRAM, 'it found a vulnerability of a package that it was not asked about');
    }
    types.add(one.type);
    total += one.entries.length;
    refuseMore(total);
    const advisory = advisoryOf(found);
    for (const entry of one.entries) {
      const ofEntry = matches.get(entry) ?? new Map<string, Match>();
      // By two of its names it may be found twice.
      ofEntry.set(advisory.id, { package: entry, advisory, fixed: fixedOf(found) });
      matches.set(entry, ofEntry);
    }
  }
  return { matches, types };
}

/** It looks up a release that gets no security updates any more, and finds what was known before. */
function endOfLife(json: unknown): readonly string[] {
  const system = at(json, 'Metadata', 'OS');
  if (at(system, 'EOSL') !== true) return [];
  const name = oneLine(`${text(at(system, 'Family')) ?? ''} ${text(at(system, 'Name')) ?? ''}`.trim());
  return [`${name} gets no security updates any more, says trivy: what is known since may be missing.`];
}

/** What trivy calls the orders of versions that are of one type of purl alone; that of all others has no name. */
const ORDERS: Readonly<Record<string, string>> = {
  ...{ bitnami: 'bitnami', gem: 'RubyGems', maven: 'maven', npm: 'npm', pypi: 'python' },
};

const UNREAD = /Version matching error\s+err="(?:(\w+) )?(version|constraint) error \((.*?)\): /g;

interface Unread {
  readonly isUnread: (one: Asked) => boolean;
  readonly warnings: readonly string[];
}

/**
 * What it could not compare, of which it tells beside its report alone: a version of a package, or the range of an advisory, for which
 * the order without name says the version that was to be compared.
 */
function unreadIn(stderr: string): Unread {
  const versions = new Set<string>();
  const ranges = new Set<string>();
  for (const [, order = '', what, written = ''] of stderr.matchAll(UNREAD)) {
    if (what === 'constraint' && order !== '') ranges.add(written);
    else versions.add(JSON.stringify([order, written]));
  }
  const [first] = ranges;
  return {
    isUnread: ({ type, version }) => versions.has(JSON.stringify([ORDERS[type] ?? '', version])),
    warnings:
      first === undefined
        ? []
        : [
            `trivy could not read ${count(ranges.size, 'range')} of its advisories (${oneLine(first)}): what is in them was left out.`,
          ],
  };
}

/** Names of other databases for the same; a notice of a distribution (`DSA-4539-1`) is about several. */
const ALIAS = /^(?:CVE|GHSA|GO|PYSEC|RUSTSEC)-/;

function advisoryOf(found: unknown): Advisory {
  const id = text(at(found, 'VulnerabilityID'));
  if (id === undefined) throw answerError(PROGRAM, 'a `VulnerabilityID` is no text');
  const word = text(at(found, 'Severity'));
  const url = text(at(found, 'PrimaryURL'));
  const aliases = list(at(found, 'VendorIDs')).flatMap((value) => text(value) ?? []);
  return {
    id,
    aliases: aliases.filter((alias) => ALIAS.test(alias) && alias !== id),
    summary: firstLine(text(at(found, 'Title')) ?? text(at(found, 'Description')) ?? ''),
    ratings: [...vectorsOf(found), ...(word === undefined ? [] : [{ type: 'word', value: word } as const])],
    ...(url?.startsWith('https://') && { url }),
  };
}

/** Of the one that it took the severity from; else of all. */
function vectorsOf(found: unknown): readonly Rating[] {
  const all = at(found, 'CVSS');
  if (!isRecord(all)) return [];
  const own = at(all, text(at(found, 'SeveritySource')) ?? '');
  return (own === undefined ? Object.values(all) : [own]).flatMap((scores) =>
    ['V2Vector', 'V3Vector', 'V40Vector'].flatMap((key) => cvssOf(text(at(scores, key)))),
  );
}

/** `1.8.4, 2.1.1` */
function fixedOf(found: unknown): readonly string[] {
  const versions = text(at(found, 'FixedVersion'))?.split(',') ?? [];
  return versions.map((version) => version.trim()).filter((version) => version !== '');
}
