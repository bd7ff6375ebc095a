import type { Package } from '../types.ts';
import { compareText, type Group, nameKey } from './group.ts';
import type { Identities } from './identity.ts';
import { readPurl } from './purl.ts';
import type { Allowance, Expired, FileNote } from './types.ts';

interface Met {
  readonly group: Group;
  readonly isEnough: boolean;
  readonly ecosystems: Map<string, Package>;
}

/** What the allow-list makes of the findings. */
export interface AllowList {
  /** The reasons why the finding is allowed; undefined where it is not, in all its parts. `isAffected`: nothing else takes it out. */
  allows(group: Group, isAffected: boolean): string | undefined;
  /** Entries that have expired; to be asked at the end, as the rest. */
  expired(): readonly Expired[];
  /** Entries that were not needed, or allow more than one package; to be asked at the end. */
  notes(): readonly FileNote[];
}

/** `today`: the day in UTC. An entry holds to the end of the day on which it expires; then it allows nothing. */
export function applyAllowList(
  entries: readonly Allowance[],
  identities: Identities,
  today: string,
): AllowList {
  const byName = Map.groupBy(entries, ({ id }) => nameKey(id));
  /** What was found under the name of an entry that does not name its package. */
  const elsewhere = new Map<Allowance, Set<Group>>();
  /** The findings of which an entry allows something, and whether it was all; a package of each ecosystem that they are in. */
  const met = new Map<Allowance, Met>();
  const needed = new Map<Allowance, Group[]>();
  const isOver = ({ expires }: Allowance): boolean => today > expires;

  return {
    allows: (group, isAffected) => {
      const meeting = group.parts.map((part) =>
        [...part]
          .flatMap((name) => byName.get(name) ?? [])
          .filter((entry) => {
            if (names(entry, group, identities)) return true;
            elsewhere.set(entry, (elsewhere.get(entry) ?? new Set()).add(group));
            return false;
          }),
      );
      const valid = meeting.map((part) => part.filter((entry) => !isOver(entry)));
      const isAllowed = valid.every((part) => part.length > 0);
      for (const entry of meeting.flat()) {
        const before = met.get(entry);
        const isEnough = isAllowed || meeting.length === 1 || (before?.isEnough ?? false);
        const ecosystems = before?.ecosystems ?? new Map<string, Package>();
        ecosystems.set(group.package.ecosystem.split(':')[0] ?? '', group.package);
        met.set(entry, { group, isEnough, ecosystems });
        if (isAffected && !isAllowed) needed.set(entry, [...(needed.get(entry) ?? []), group]);
      }
      return isAllowed ? [...new Set(valid.flat().map(({ reason }) => reason))].sort().join('; ') : undefined;
    },
    expired: () =>
      entries.filter(isOver).map((entry) => ({
        ...placeOf(entry),
        hides: (needed.get(entry) ?? []).map(({ id, package: { name } }) => ({ id, name })),
        message: `${subjectOf(entry)} was allowed to ${entry.expires}: "${entry.reason}"`,
      })),
    notes: () =>
      entries
        .filter((entry) => !isOver(entry))
        .flatMap((entry) => {
          const found = met.get(entry);
          if (found === undefined)
            return [{ ...placeOf(entry), message: notMet(entry, [...(elsewhere.get(entry) ?? [])]) }];
          if (found.isEnough)
            return isWide(entry, found) ? [{ ...placeOf(entry), message: wide(entry, found) }] : [];
          return [
            { ...placeOf(entry), message: `${subjectOf(entry)} is only a part of ${wholeOf(found.group)}` },
          ];
        }),
  };
}

function names(entry: Allowance, group: Group, identities: Identities): boolean {
  if (entry.package === undefined || entry.package === group.package.name) return true;
  const purl = readPurl(entry.package);
  return purl !== undefined && identities.covers(purl, group.package);
}

/** The name that it gives is of packages of several ecosystems, which may have nothing else in common. */
const isWide = (entry: Allowance, { ecosystems }: Met): boolean =>
  entry.package !== undefined && ecosystems.size > 1;

function wide(entry: Allowance, { ecosystems }: Met): string {
  const sorted = [...ecosystems].toSorted(([a], [b]) => compareText(a, b));
  const names = sorted.map(([ecosystem]) => ecosystem).join(' and ');
  const purl = (sorted[0]?.[1].purl ?? '').replace(/@[^/]*$/, '').slice(0, LONGEST_NAME);
  return `${subjectOf(entry)} is allowed in ${names}, which have a package of this name each: where one is meant, write its purl, as ${purl}`;
}

const SHOWN = 3;
const LONGEST_NAME = 200;

/** It was not found, or in a package that the entry does not name: by which names it can be named. */
function notMet(entry: Allowance, found: readonly Group[]): string {
  if (found.length === 0) return `${subjectOf(entry)} is allowed, and was not found`;
  const packages = [...new Set(found.map((group) => shownPackage(group.package)))].toSorted();
  const more = packages.length - SHOWN;
  const shown = `${packages.slice(0, SHOWN).join(', ')}${more > 0 ? ` and ${more} more` : ''}`;
  return `${subjectOf(entry)} is allowed, and \`package\` is none that has it: that is ${shown}`;
}

/** Of a distribution the name is that of the source, and the purl has that of what was built of it. */
const shownPackage = ({ name, purl }: Group['package']): string =>
  `${name.slice(0, LONGEST_NAME)} (${purl.slice(0, LONGEST_NAME)})`;

const placeOf = ({ file, line }: Allowance) => ({ file, line });
const subjectOf = ({ id, package: where }: Allowance): string =>
  where === undefined ? id : `${id} in ${where}`;
const wholeOf = ({ id, parts, package: { name } }: Group): string =>
  `${id} in ${name}, which is ${parts.length} vulnerabilities; name ${id} itself to allow all of them, or each`;
