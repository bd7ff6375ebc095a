import { advisoryOf } from '../osv/advisory.ts';
import { answers } from '../osv/affected.ts';
import type { OsvAffected, OsvRecord } from '../osv/record.ts';
import type { Advisory, Match, Package, Unmatched } from '../types.ts';
import { type Group, type Groups, groupsOf } from './groups.ts';

/** What records say of some packages. Of the records only what names one of them is kept. */
export interface Selection {
  readonly add: (record: OsvRecord) => void;
  /** The answer once all records have been added. */
  readonly result: () => Selected;
}

export interface Selected {
  readonly matches: readonly Match[];
  readonly unmatched: readonly Unmatched[];
  readonly unanswered: readonly Package[];
  /** Ecosystems of the packages of which no record tells. */
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

export function selectFor(packages: readonly Package[]): Selection {
  const groups = groupsOf(packages);
  /** When each record was changed, whether it names a package or not: a later one may not, and then counts. */
  const changes = new Map<string, number>();
  const kept = new Map<string, Statement[]>();
  let newest = Number.NEGATIVE_INFINITY;

  function add(record: OsvRecord): void {
    const { id, modified } = record;
    const statements = statementsOf(record, groups);
    newest = Math.max(newest, modified);
    const earlier = changes.get(id) ?? Number.NEGATIVE_INFINITY;
    // Of two with one id the later is authoritative: https://ossf.github.io/osv-schema/#id-modified-fields. Both where neither is later.
    if (modified < earlier) return;
    if (modified > earlier) kept.delete(id);
    changes.set(id, modified);
    if (record.withdrawn || statements.length === 0) return;
    const before = kept.get(id);
    if (before === undefined) kept.set(id, statements);
    else for (const statement of statements) before.push(statement);
  }

  return {
    add,
    result: () => ({ ...answerOf(kept), missing: groups.unseen(), records: changes.size, newest }),
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

function answerOf(kept: ReadonlyMap<string, readonly Statement[]>): Pick<Selected, 'matches' | 'unmatched' | 'unanswered'> {
  const matches: Match[] = [];
  const untold = new Set<Package>();
  for (const statements of kept.values()) {
    const told = new Map<Package, Match>();
    for (const statement of statements) tell(statement, told, untold);
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
