import { advisoryOf } from '../osv/advisory.ts';
import { answers } from '../osv/affected.ts';
import { ecosystemOf, nameKey, speaksOf } from '../osv/ecosystem.ts';
import { type OsvAffected, type OsvRecord, parseRecord } from '../osv/record.ts';
import type { Match, Package, Source, Unmatched } from '../types.ts';
import { orderOf } from '../versions/orders.ts';
import { findHits, type Query } from './osv-hits.ts';
import { answerError, askOsv, hostOf, type OsvPorts, type Question, quoted } from './osv-transport.ts';
import { forEach } from './pool.ts';

/** Many small answers; the API has no limit of requests (docs/api/index.md of google/osv.dev). */
const AT_ONCE = 10;

/**
 * OSV's API, or a mirror of it: ids for all packages in batches, then each record once. Throws a SluiceError unless every package
 * was answered, and every id that was named has its record.
 */
export function osvSource(options: OsvPorts): Source {
  return async (packages) => {
    // What is still asked when one question has failed is of no use.
    const failure = new AbortController();
    const signal = AbortSignal.any([failure.signal, ...(options.signal ? [options.signal] : [])]);
    const ports = { ...options, signal };
    const source = `OSV API at ${hostOf(options)}`;
    if (packages.length === 0) return { matches: [], unmatched: [], source, warnings: [] };
    try {
      const { queries, unknown } = await findHits(ports, packages);
      const matches = await matchesOf(ports, queries);
      const unmatched = [
        ...unknown.flatMap((query) => unmatchedOf(query, 'unknown-ecosystem')),
        ...queries.filter(cannotTell).flatMap((query) => unmatchedOf(query, 'no-order')),
      ];
      return { matches, unmatched, source, warnings: [] };
    } catch (error) {
      failure.abort(error);
      throw error;
    }
  };
}

/** The API has no error for a version that it cannot read: it answers as if there were nothing. */
function cannotTell({ ecosystem, version, ids }: Query): boolean {
  return ids.size === 0 && orderOf(ecosystem)?.isVersion(version) === false;
}

function unmatchedOf({ packages }: Query, why: Unmatched['why']): readonly Unmatched[] {
  return packages.map(({ purl, files }) => ({ component: purl, why, file: files[0] ?? '' }));
}

async function matchesOf(ports: OsvPorts, queries: readonly Query[]): Promise<readonly Match[]> {
  const byId = new Map<string, Query[]>();
  for (const query of queries) {
    for (const id of query.ids) {
      const asked = byId.get(id);
      if (asked === undefined) byId.set(id, [query]);
      else asked.push(query);
    }
  }
  // In the order of the ids that were named, whichever comes first.
  const found = new Map<string, readonly Match[]>([...byId.keys()].map((id) => [id, []]));
  await forEach([...byId], AT_ONCE, async ([id, asked]) => {
    const record = await fetchRecord(ports, id);
    // Withdrawn between the two questions.
    if (!record.withdrawn)
      found.set(
        id,
        asked.flatMap((query) => matchesWith(record, query)),
      );
  });
  return [...found.values()].flat();
}

async function fetchRecord(ports: OsvPorts, id: string): Promise<OsvRecord> {
  const question: Question = { path: `/v1/vulns/${encodeURIComponent(id)}`, what: `the record ${id}` };
  const answer = await askOsv(ports, question);
  if ('refused' in answer) throw answerError(ports, question, quoted(answer.refused));
  const record = parse(answer.json);
  if (typeof record === 'string') throw answerError(ports, question, record);
  if (record.id !== id) throw answerError(ports, question, `it is the record ${quoted(record.id)}`);
  return record;
}

function parse(json: unknown): OsvRecord | string {
  try {
    return parseRecord(json);
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

/** That it is affected is what the API said; of the record only what it tells of this package. */
function matchesWith(record: OsvRecord, { packages, ecosystem, version }: Query): readonly Match[] {
  return packages.map((entry) => {
    const about = record.affected.filter((affected) => isAbout(affected, entry));
    const answer = answers(about, ecosystem)(version);
    const fixed = answer.says === 'affected' ? answer.fixed : fixesOf(about);
    return { package: entry, advisory: advisoryOf(record, about), fixed };
  });
}

function isAbout({ ecosystem, name }: OsvAffected, entry: Package): boolean {
  const [theirs, ours] = [ecosystemOf(ecosystem), ecosystemOf(entry.ecosystem)];
  return speaksOf(theirs, ours) && nameKey(theirs, name) === nameKey(ours, entry.name);
}

/** Where the order is the API's alone: every fix that is named, so that it does not pass for one without any. */
function fixesOf(about: readonly OsvAffected[]): readonly string[] {
  const events = about.flatMap(({ ranges }) =>
    ranges.filter(({ type }) => type !== 'GIT').flatMap((range) => range.events),
  );
  return [...new Set(events.filter(({ kind }) => kind === 'fixed').map((event) => event.version))];
}
