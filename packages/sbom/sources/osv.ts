import type { OsvRecord } from '../osv/record.ts';
import { count } from '../page/words.ts';
import type { Match, Package, Source } from '../types.ts';
import { answered, type Left } from './answered.ts';
import { findHits, type Query } from './osv-hits.ts';
import { answerOf, cannotTell, matchOf, readRecord } from './osv-record-match.ts';
import {
  answerError,
  askOsv,
  hostOf,
  type OsvPorts,
  type Question,
  quoted,
  type StoppablePorts,
} from './osv-transport.ts';
import { forEach } from './pool.ts';

/** Many small answers; the API has no limit of requests (docs/api/index.md of google/osv.dev). */
const AT_ONCE = 10;

/**
 * OSV's API, or a mirror of it: ids for all packages in batches, then each record once. Throws a SluiceError unless every package
 * was answered, and every id that was named has its record.
 */
export function osvSource(options: OsvPorts): Source {
  return async (packages) => {
    const failed = new AbortController();
    const signal = AbortSignal.any([failed.signal, ...(options.signal ? [options.signal] : [])]);
    const ports: StoppablePorts = { ...options, signal, stop: (failure) => failed.abort(failure) };
    const source = `OSV API at ${hostOf(options)}`;
    if (packages.length === 0) return { ...answered({ matches: [], left: [] }), source, warnings: [] };
    options.log.info(`Asking the ${source} about ${count(packages.length, 'package')}`);
    const { queries, unknown } = await findHits(ports, packages);
    const { matches, untold } = await matchesOf(ports, queries);
    const left = [
      ...leftOf(packagesIn(unknown), 'unknown-ecosystem'),
      ...leftOf([...silentIn(queries), ...untold], 'no-order'),
    ];
    return { ...answered({ matches, left }), source, warnings: [] };
  };
}

/** Each once: one may be asked about by several names. */
const packagesIn = (queries: readonly Query[]): ReadonlySet<Package> =>
  new Set(queries.flatMap(({ packages }) => packages));

/** Of which nothing was found, by versions that nobody can compare. */
function silentIn(queries: readonly Query[]): readonly Package[] {
  const asked = queries.filter(({ version }) => version !== undefined);
  const found = packagesIn(asked.filter(({ ids }) => ids.size > 0));
  return [...packagesIn(asked)].filter((entry) => !found.has(entry) && cannotTell(entry));
}

const leftOf = (packages: Iterable<Package>, why: Left['why']): readonly Left[] =>
  [...packages].map((entry) => ({ package: entry, why }));

interface Found {
  readonly matches: readonly Match[];
  /** Packages of which a record does not tell whether it is about their versions. */
  readonly untold: ReadonlySet<Package>;
}

async function matchesOf(ports: StoppablePorts, queries: readonly Query[]): Promise<Found> {
  const untold = new Set<Package>();
  const byId = new Map<string, Query[]>();
  for (const query of queries) {
    for (const id of query.ids) {
      const asked = byId.get(id);
      if (asked === undefined) byId.set(id, [query]);
      else asked.push(query);
    }
  }
  // In the order in which the ids were named, whichever record comes first.
  const found = new Map<string, readonly Match[]>([...byId.keys()].map((id) => [id, []]));
  const keep = async ([id, asked]: readonly [string, readonly Query[]]): Promise<void> => {
    const record = await fetchRecord(ports, id);
    // Withdrawn between the two questions.
    if (record.withdrawn) return;
    const affected = packagesIn(asked.filter(({ version }) => version !== undefined));
    const matches = [...affected].map((entry) => matchOf(record, entry));
    for (const entry of packagesIn(asked.filter(({ version }) => version === undefined))) {
      const { says } = answerOf(record, entry);
      if (says === 'affected') matches.push(matchOf(record, entry));
      if (says === 'cannot-tell') untold.add(entry);
    }
    found.set(id, matches);
  };
  await forEach([...byId], AT_ONCE, keep, ports.stop);
  return { matches: [...found.values()].flat(), untold };
}

async function fetchRecord(ports: OsvPorts, id: string): Promise<OsvRecord> {
  const question: Question = { path: `/v1/vulns/${encodeURIComponent(id)}`, what: `the record ${id}` };
  const answer = await askOsv(ports, question);
  if ('refused' in answer) throw answerError(ports, question, quoted(answer.refused));
  const record = readRecord(answer.json);
  if (typeof record === 'string') throw answerError(ports, question, record);
  if (record.id !== id) throw answerError(ports, question, `it is the record ${quoted(record.id)}`);
  return record;
}
