import { at, isRecord, kindOf, list, text } from '../json.ts';
import { count } from '../page/words.ts';
import type { Package } from '../types.ts';
import { refuseMore } from './answered.ts';
import { spellingsOf } from './osv-spellings.ts';
import {
  answerError,
  askOsv,
  type OsvPorts,
  type Question,
  quoted,
  refusedError,
  type StoppablePorts,
} from './osv-transport.ts';
import { forEach } from './pool.ts';

/** What is asked once, for all packages that differ in nothing that the API is told. */
export interface Query {
  readonly packages: readonly Package[];
  readonly ecosystem: string;
  readonly name: string;
  /** Absent: which versions are affected is for the records to tell. */
  readonly version?: string;
  readonly ids: Set<string>;
}

interface Page {
  readonly query: Query;
  readonly token?: string;
}

export interface Hits {
  readonly queries: readonly Query[];
  /** The API does not know their ecosystem. */
  readonly unknown: readonly Query[];
}

/** `_MAX_BATCH_QUERY` in gcp/api/server.py of google/osv.dev. */
const BATCH = 1000;
const AT_ONCE = 4;
/** Of one query; each has up to 1,000 ids, or 5 in a batch that has many. */
const MOST_PAGES = 1000;
/** Each refused batch is asked again in halves; so many mean that it is not single ecosystems. */
const MOST_REFUSED = 100;
// RHSA-2021:1234, GHSA-…, openSUSE-SU-2021:0073-1; it becomes part of an address.
const ID = /^[A-Za-z0-9][\w.:+-]{0,199}$/;

/** Asks which vulnerabilities each package has: ids alone. Every query was answered to its last page, or it throws. */
export async function findHits(ports: StoppablePorts, packages: readonly Package[]): Promise<Hits> {
  const queries = queriesOf(packages);
  const unknown: Query[] = [];
  let refused = 0;
  let matches = 0;

  const askAll = async (pages: readonly Page[], depth: number): Promise<void> => {
    if (depth > MOST_PAGES) throw answerError(ports, questionOf(pages), 'its pages do not end');
    const answer = await askOsv(ports, questionOf(pages));
    if ('refused' in answer) return askApart(pages, depth, answer.refused);
    matches -= matchesIn(pages);
    const next = readResults(ports, pages, answer.json);
    matches += matchesIn(pages);
    refuseMore(matches);
    if (next.length > 0) await askAll(next, depth + 1);
  };

  // One query of an ecosystem that the API does not know ends its whole batch.
  const askApart = async (pages: readonly Page[], depth: number, words: string): Promise<void> => {
    if (words !== 'Invalid ecosystem.' || ++refused > MOST_REFUSED) {
      throw refusedError(ports, questionOf(pages), words);
    }
    const ecosystems = [...new Set(pages.map(({ query }) => query.ecosystem))];
    if (ecosystems.length === 1) {
      for (const { query } of pages) unknown.push(query);
      return;
    }
    const first = new Set(ecosystems.slice(0, ecosystems.length / 2));
    await askAll(
      pages.filter(({ query }) => first.has(query.ecosystem)),
      depth,
    );
    await askAll(
      pages.filter(({ query }) => !first.has(query.ecosystem)),
      depth,
    );
  };

  const batches: Page[][] = [];
  for (let begin = 0; begin < queries.length; begin += BATCH) {
    batches.push(queries.slice(begin, begin + BATCH).map((query) => ({ query })));
  }
  await forEach(batches, AT_ONCE, (batch) => askAll(batch, 1), ports.stop);
  const isUnknown = new Set(unknown);
  return { queries: queries.filter((query) => !isUnknown.has(query)), unknown };
}

/** How many matches these queries have by now; each is of one page of a batch. */
const matchesIn = (pages: readonly Page[]): number =>
  pages.reduce((sum, { query: { ids, packages } }) => sum + ids.size * packages.length, 0);

function queriesOf(packages: readonly Package[]): readonly Query[] {
  const queries = new Map<string, Query & { packages: Package[] }>();
  for (const entry of packages) {
    const { ecosystem } = entry;
    for (const spelling of spellingsOf(entry)) {
      const key = JSON.stringify([ecosystem, spelling.name, spelling.version]);
      const query = queries.get(key) ?? { packages: [], ecosystem, ...spelling, ids: new Set() };
      query.packages.push(entry);
      queries.set(key, query);
    }
  }
  return [...queries.values()];
}

function questionOf(pages: readonly Page[]): Question {
  const queries = pages.map(({ query: { ecosystem, name, version }, token }) => ({
    package: { ecosystem, name },
    ...(version !== undefined && { version }),
    ...(token !== undefined && { page_token: token }),
  }));
  const [{ query } = {}] = pages;
  const what =
    pages.length === 1 && query !== undefined
      ? `the vulnerabilities of ${quoted([query.name, query.version].filter(Boolean).join(' '))}`
      : `the vulnerabilities of ${count(pages.length, 'package')}`;
  return { path: '/v1/querybatch', body: { queries }, what };
}

/** Keeps the ids that were found, and gives the queries that have more pages. One result for each query, in their order, is the API's promise. */
function readResults(ports: OsvPorts, pages: readonly Page[], json: unknown): readonly Page[] {
  const wrong = (why: string) => answerError(ports, questionOf(pages), why);
  const results = at(json, 'results');
  if (!Array.isArray(results)) throw wrong(`\`results\` is ${kindOf(results)}`);
  if (results.length !== pages.length) {
    throw wrong(`it has ${count(results.length, 'result')} for ${count(pages.length, 'package')}`);
  }
  const next: Page[] = [];
  for (const [index, page] of pages.entries()) {
    const result: unknown = results[index];
    const why = keepIds(page.query, result, `results[${index}]`);
    if (why !== undefined) throw wrong(why);
    const token = at(result, 'next_page_token');
    if (token === undefined || token === '') continue;
    if (typeof token !== 'string') throw wrong(`\`results[${index}].next_page_token\` is ${kindOf(token)}`);
    if (token === page.token) throw wrong(`\`results[${index}]\` is the same page again`);
    next.push({ query: page.query, token });
  }
  return next;
}

function keepIds(query: Query, result: unknown, place: string): string | undefined {
  if (!isRecord(result)) return `\`${place}\` is ${kindOf(result)}`;
  const { vulns } = result;
  // proto3 leaves out an empty list.
  if (vulns !== undefined && !Array.isArray(vulns)) return `\`${place}.vulns\` is ${kindOf(vulns)}`;
  for (const [index, found] of list(vulns).entries()) {
    const id = text(at(found, 'id'));
    if (id === undefined || !ID.test(id)) return `\`${place}.vulns[${index}].id\` is no id`;
    query.ids.add(id);
  }
  return undefined;
}
