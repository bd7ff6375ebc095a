import { advisoryOf } from '../osv/advisory.ts';
import { answers } from '../osv/affected.ts';
import { type Ecosystem, ecosystemOf, nameKey, speaksOf } from '../osv/ecosystem.ts';
import type { OsvAffected, OsvRecord } from '../osv/record.ts';
import type { Match, Package, Unmatched } from '../types.ts';

/** What records say of some packages. Of the records only those are kept that name one of them. */
export interface Selection {
  readonly add: (record: OsvRecord) => void;
  /** The answer once all records have been added. */
  readonly result: () => Selected;
}

export interface Selected {
  readonly matches: readonly Match[];
  readonly unmatched: readonly Unmatched[];
  /** Ecosystems of the packages of which no record tells. */
  readonly missing: readonly string[];
  readonly records: number;
  /** When the newest record was changed, in milliseconds since the epoch. */
  readonly newest: number;
}

/** Packages that records speak of by the same name, in one release of an ecosystem. */
interface Group {
  readonly ecosystem: Ecosystem;
  readonly packages: Package[];
}

/** A record and those of its entries that name a package, by the group of that. */
interface Kept {
  readonly record: OsvRecord;
  readonly entries: ReadonlyMap<Group, readonly OsvAffected[]>;
}

export function selectFor(packages: readonly Package[]): Selection {
  const groups = groupsOf(packages);
  const coverage = createCoverage(packages);
  /** When each record was changed, whether it names a package or not: a later one may not, and then counts. */
  const changes = new Map<string, number>();
  const kept = new Map<string, Kept[]>();
  let newest = Number.NEGATIVE_INFINITY;

  function add(record: OsvRecord): void {
    for (const { ecosystem } of record.affected) coverage.see(ecosystem);
    newest = Math.max(newest, record.modified);
    const earlier = changes.get(record.id);
    // Of two with one id the later is authoritative: https://ossf.github.io/osv-schema/#id-modified-fields. Both where neither is.
    if (earlier !== undefined && record.modified < earlier) return;
    if (earlier !== undefined && record.modified > earlier) kept.delete(record.id);
    changes.set(record.id, record.modified);
    if (record.withdrawn) return;
    const entries = entriesFor(record, groups);
    if (entries.size > 0)
      kept.set(record.id, [...(kept.get(record.id) ?? []), { record: slim(record), entries }]);
  }

  return {
    add,
    result: () => ({ ...answerOf(kept), missing: coverage.missing(), records: changes.size, newest }),
  };
}

/** Without what it says of other packages: one kernel advisory names thousands. */
const slim = (record: OsvRecord): OsvRecord => ({ ...record, affected: [] });

function groupsOf(packages: readonly Package[]): ReadonlyMap<string, readonly Group[]> {
  const groups = new Map<string, Group[]>();
  for (const item of packages) {
    const ecosystem = ecosystemOf(item.ecosystem);
    const key = nameKey(ecosystem, item.name);
    const named = groups.get(key) ?? [];
    if (named.length === 0) groups.set(key, named);
    const group = named.find((one) => one.ecosystem.release === ecosystem.release);
    if (group) group.packages.push(item);
    else named.push({ ecosystem, packages: [item] });
  }
  return groups;
}

function entriesFor(
  { affected }: OsvRecord,
  groups: ReadonlyMap<string, readonly Group[]>,
): ReadonlyMap<Group, readonly OsvAffected[]> {
  const entries = new Map<Group, OsvAffected[]>();
  for (const entry of affected) {
    const ecosystem = ecosystemOf(entry.ecosystem);
    for (const group of groups.get(nameKey(ecosystem, entry.name)) ?? []) {
      if (!speaksOf(ecosystem, group.ecosystem)) continue;
      const known = entries.get(group);
      if (known) known.push(entry);
      else entries.set(group, [entry]);
    }
  }
  return entries;
}

/** Which ecosystems the records are about, as far as packages are from there. */
function createCoverage(packages: readonly Package[]) {
  const missing = new Map(packages.map(({ ecosystem }) => [ecosystem, ecosystemOf(ecosystem)]));
  const seen = new Set<string>();
  return {
    see(ecosystem: string): void {
      if (seen.has(ecosystem) || missing.size === 0) return;
      seen.add(ecosystem);
      const record = ecosystemOf(ecosystem);
      for (const [name, asked] of missing) if (speaksOf(record, asked)) missing.delete(name);
    },
    missing: (): readonly string[] => [...missing.keys()].sort(),
  };
}

function answerOf(kept: ReadonlyMap<string, readonly Kept[]>): Pick<Selected, 'matches' | 'unmatched'> {
  const matches: Match[] = [];
  const untold = new Set<Package>();
  for (const copies of kept.values()) {
    const told = new Map<Package, Match>();
    for (const copy of copies) tell(copy, told, untold);
    for (const match of told.values()) matches.push(match);
  }
  return { matches, unmatched: [...untold].map(unmatchedOf) };
}

/** What one record says of each package that it names. */
function tell({ record, entries }: Kept, told: Map<Package, Match>, untold: Set<Package>): void {
  for (const [{ packages }, own] of entries) {
    const ask = answers(own, packages[0]?.ecosystem ?? '');
    const advisory = advisoryOf(record, own);
    for (const item of packages) {
      const answer = ask(item.version);
      if (answer.says === 'cannot-tell') untold.add(item);
      if (answer.says === 'affected' && !told.has(item))
        told.set(item, { package: item, advisory, fixed: answer.fixed });
    }
  }
}

const unmatchedOf = ({ purl, files }: Package): Unmatched => ({
  component: purl,
  why: 'no-order',
  file: files[0] ?? '',
});
