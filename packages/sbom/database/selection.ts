import { grouped } from '@sluice/core/grouped';
import { advisoryOf } from '../osv/advisory.ts';
import { answers } from '../osv/affected.ts';
import type { OsvAffected, OsvRecord } from '../osv/record.ts';
import type { Advisory, Match, Package, Unmatched } from '../types.ts';
import { orderOf } from '../versions/orders.ts';
import { tooMuch } from './errors.ts';
import { type Group, type Groups, groupsOf } from './groups.ts';
import type { Limits } from './limits.ts';

/** What records say of some packages. Of the records only what names one of them is kept. */
export interface Selection {
  /** Throws a SluiceError where it is too much to look at. */
  readonly add: (record: OsvRecord) => void;
  /** The answer once all records have been added. Throws a SluiceError where it is too long. */
  readonly result: () => Selected;
}

export interface Selected {
  readonly matches: readonly Match[];
  readonly unmatched: readonly Unmatched[];
  readonly unanswered: readonly Package[];
  /** Ecosystems of the packages whose records are not there, by what the others show. */
  readonly missing: readonly string[];
  readonly records: number;
  /** When the newest record was changed, in milliseconds since the epoch. */
  readonly newest: number;
}

/** What a record says of the packages of a group. */
interface Statement {
  readonly group: Group;
  readonly entries: readonly OsvAffected[];
  readonly advisory: Advisory;
}

/** How much is compared and found for some packages. */
export type SelectionLimits = Pick<Limits, 'comparisons' | 'matches'>;

export function selectFor(packages: readonly Package[], limits: SelectionLimits): Selection {
  const groups = groupsOf(packages);
  /** When each record was changed, whether it names a package or not: a later one may not, and then counts. */
  const changes = new Map<string, number>();
  const kept = new Map<string, Statement[]>();
  let newest = Number.NEGATIVE_INFINITY;
  let comparisons = 0;

  function add(record: OsvRecord): void {
    const { id, modified } = record;
    groups.see(record);
    const statements = statementsOf(record, groups);
    newest = Math.max(newest, modified);
    const earlier = changes.get(id) ?? Number.NEGATIVE_INFINITY;
    // Of two with one id the later is authoritative: https://ossf.github.io/osv-schema/#id-modified-fields. Both where neither is later.
    if (modified < earlier) return;
    if (modified > earlier) {
      comparisons -= effortOf(kept.get(id) ?? []);
      kept.delete(id);
    }
    changes.set(id, modified);
    if (record.withdrawn || statements.length === 0) return;
    comparisons += effortOf(statements);
    if (comparisons > limits.comparisons) throw tooMuch(`${grouped(limits.comparisons)} versions to compare`);
    const before = kept.get(id);
    if (before === undefined) kept.set(id, statements);
    else for (const statement of statements) before.push(statement);
  }

  return {
    add,
    result: () => ({
      ...answerOf(kept, limits.matches),
      missing: groups.unseen(),
      records: changes.size,
      newest,
    }),
  };
}

function statementsOf(record: OsvRecord, groups: Groups): Statement[] {
  const entries = new Map<Group, OsvAffected[]>();
  for (const entry of record.affected) {
    for (const group of groups.named(entry.ecosystem, entry.name)) {
      const known = entries.get(group);
      if (known) known.push(entry);
      else entries.set(group, [entry]);
    }
  }
  return [...entries].map(([group, own]) => ({ group, entries: own, advisory: advisoryOf(record, own) }));
}

/** What one statement takes whatever it holds: it is kept until all records were read. */
const KEPT = 10;

/** How many comparisons it takes, at most. */
function effortOf(statements: readonly Statement[]): number {
  let effort = 0;
  for (const { group, entries } of statements) {
    let boundaries = 1;
    for (const entry of entries) boundaries += boundariesOf(entry);
    effort += KEPT + group.packages.length * boundaries;
  }
  return effort;
}

/** A list of versions is gone through only where it stands alone, or may be in another writing. */
function boundariesOf({ ranges, versions, ecosystem }: OsvAffected): number {
  let boundaries = ranges.length === 0 || orderOf(ecosystem)?.isFree === true ? versions.length : 0;
  for (const { events } of ranges) boundaries += events.length;
  return boundaries;
}

function answerOf(
  kept: ReadonlyMap<string, readonly Statement[]>,
  most: number,
): Pick<Selected, 'matches' | 'unmatched' | 'unanswered'> {
  const matches: Match[] = [];
  const untold = new Set<Package>();
  for (const statements of kept.values()) {
    const told = new Map<Package, Match>();
    for (const statement of statements) tell(statement, told, untold);
    if (matches.length + told.size > most) throw tooMuch(`${grouped(most)} known vulnerabilities`);
    for (const match of told.values()) matches.push(match);
  }
  return { matches, unmatched: [...untold].map(unmatchedOf), unanswered: [...untold] };
}

function tell(
  { group, entries, advisory }: Statement,
  told: Map<Package, Match>,
  untold: Set<Package>,
): void {
  const ask = answers(entries, group.ecosystem);
  for (const item of group.packages) {
    const answer = ask(item.version);
    if (answer.says === 'cannot-tell') untold.add(item);
    if (answer.says === 'affected') told.set(item, { package: item, advisory, fixed: answer.fixed });
  }
}

const unmatchedOf = ({ purl, files }: Package): Unmatched => ({
  component: purl,
  why: 'no-order',
  file: files[0] ?? '',
});
