import { compare, valid } from 'semver';

/** An OSV record as a test writes it; what it holds beside these is handed out as it is. https://ossf.github.io/osv-schema/ */
export interface OsvRecord {
  readonly id: string;
  readonly modified: string;
  readonly withdrawn?: string;
  readonly affected?: readonly Affected[];
  readonly [more: string]: unknown;
}

export interface Affected {
  readonly package?: { readonly ecosystem: string; readonly name: string; readonly purl?: string };
  readonly versions?: readonly string[];
  readonly ranges?: readonly {
    readonly type: string;
    readonly events: readonly Readonly<Record<string, string>>[];
  }[];
  readonly [more: string]: unknown;
}

/** One query, after purls have become names. */
export interface Asked {
  readonly ecosystem: string;
  readonly name: string;
  /** Absent: every version. */
  readonly version?: string;
}

/**
 * The records that a query meets, by their ids. A version is affected that is listed, or lies in a range of SEMVER; what a
 * range of an ecosystem's own order means is in `versions`, which OSV fills. `Debian` asks for every Debian.
 */
export function recordsFor(records: readonly OsvRecord[], asked: Asked): readonly OsvRecord[] {
  const found = records.filter(
    ({ withdrawn, affected = [] }) =>
      withdrawn === undefined &&
      affected.some((entry) => isPackage(entry, asked) && isAffected(entry, asked.version)),
  );
  return found.sort((one, other) => (one.id < other.id ? -1 : 1));
}

function isPackage({ package: named }: Affected, { ecosystem, name }: Asked): boolean {
  if (named === undefined || named.name !== name) return false;
  return named.ecosystem === ecosystem || named.ecosystem.split(':')[0] === ecosystem;
}

function isAffected({ versions = [], ranges = [] }: Affected, version: string | undefined): boolean {
  if (version === undefined || versions.includes(version)) return true;
  const plain = semver(version);
  return plain !== undefined && ranges.some(({ type, events }) => type === 'SEMVER' && within(events, plain));
}

function within(events: readonly Readonly<Record<string, string>>[], version: string): boolean {
  let affected = false;
  for (const { introduced, fixed, last_affected: last } of events) {
    if (introduced !== undefined && isAtLeast(version, introduced)) affected = true;
    if (fixed !== undefined && isAtLeast(version, fixed)) affected = false;
    if (last !== undefined && isAtLeast(version, last) && version !== semver(last)) affected = false;
  }
  return affected;
}

function isAtLeast(version: string, bound: string): boolean {
  const other = bound === '0' ? '0.0.0-0' : semver(bound);
  return other !== undefined && compare(version, other) >= 0;
}

/** OSV takes `v1.2` for 1.2.0. */
function semver(text: string): string | undefined {
  const [, core = '', rest = ''] = /^v?(\d+(?:\.\d+){0,2})(.*)$/.exec(text) ?? [];
  const full = `${core}${'.0'.repeat(Math.max(0, 3 - core.split('.').length))}${rest}`;
  return valid(full) ?? undefined;
}
