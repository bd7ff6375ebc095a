import { type Ecosystem, ecosystemOf, nameKey, speaksOf } from '../osv/ecosystem.ts';
import type { OsvRecord } from '../osv/record.ts';
import type { Package } from '../types.ts';

/** Packages of one name in one release of an ecosystem. */
export interface Group {
  /** As OSV writes it. */
  readonly ecosystem: string;
  readonly packages: Package[];
}

export interface Groups {
  /** Those that a record with this ecosystem and name speaks of. */
  readonly named: (ecosystem: string, name: string) => readonly Group[];
  /** Takes a record for a sign that its ecosystem is there, where it is one. */
  readonly see: (record: OsvRecord) => void;
  /** The ecosystems that no record shows to be there. */
  readonly unseen: () => readonly string[];
}

/** Packages by what records call them. */
export function groupsOf(packages: readonly Package[]): Groups {
  const byName = new Map<string, Map<string, Group>>();
  const ecosystems = createEcosystems();
  const unseen = new Map<string, Ecosystem>();
  const seen = new Set<Ecosystem>();
  for (const item of packages) {
    const ecosystem = ecosystems(item.ecosystem);
    const key = nameKey(ecosystem, item.name);
    const releases = byName.get(key) ?? new Map<string, Group>();
    if (releases.size === 0) byName.set(key, releases);
    const group = releases.get(ecosystem.release);
    if (group) group.packages.push(item);
    else releases.set(ecosystem.release, { ecosystem: item.ecosystem, packages: [item] });
    unseen.set(item.ecosystem, ecosystem);
  }

  function seeOne(ecosystem: Ecosystem): void {
    if (seen.has(ecosystem)) return;
    seen.add(ecosystem);
    for (const [name, asked] of unseen) if (speaksOf(ecosystem, asked)) unseen.delete(name);
  }

  return {
    named(text, name) {
      const ecosystem = ecosystems(text);
      const releases = byName.get(nameKey(ecosystem, name));
      if (releases === undefined) return NONE;
      if (ecosystem.release === '') return [...releases.values()];
      return [releases.get(ecosystem.release), releases.get('')].filter((group) => group !== undefined);
    },
    see({ withdrawn, affected }) {
      if (unseen.size === 0 || withdrawn) return;
      const named = affected.map(({ ecosystem }) => ecosystems(ecosystem));
      // OSV's export of one ecosystem has whole records: one about two of them is no sign of the other's export.
      if (named.some(({ base }) => familyOf(base) !== familyOf(named[0]?.base))) return;
      for (const ecosystem of named) seeOne(ecosystem);
    },
    unseen: () => [...unseen.keys()].sort(),
  };
}

const familyOf = (base: string | undefined): string | undefined => FAMILIES.get(base ?? '') ?? base;

/** Of one publisher, whose records are about both as a rule: SUSE-SU-2023:4918-1, CGA-22qx-hvfh-jwxm. */
const FAMILIES: ReadonlyMap<string, string> = new Map([
  ['suse', 'opensuse'],
  ['chainguard', 'wolfi'],
]);

const NONE: readonly Group[] = [];

/** Taken apart once: a database has few, in all of its records. Beyond a number they are forgotten, not kept. */
function createEcosystems(): (text: string) => Ecosystem {
  const known = new Map<string, Ecosystem>();
  return (text) => {
    const ecosystem = known.get(text) ?? ecosystemOf(text);
    if (known.size < 10_000) known.set(text, ecosystem);
    return ecosystem;
  };
}
