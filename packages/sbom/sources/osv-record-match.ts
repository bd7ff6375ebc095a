import { advisoryOf } from '../osv/advisory.ts';
import { answers } from '../osv/affected.ts';
import { ecosystemOf, nameKey, speaksOf } from '../osv/ecosystem.ts';
import { type OsvAffected, type OsvRecord, parseRecord } from '../osv/record.ts';
import type { Match, Package } from '../types.ts';
import { orderOf } from '../versions/orders.ts';

/** That the package is affected is what the API, or the scanner, said; of the record only what it tells of this package. */
export function matchOf(record: OsvRecord, entry: Package): Match {
  const about = record.affected.filter((affected) => isAbout(affected, entry));
  const answer = answers(about, entry.ecosystem)(entry.version);
  const fixed = answer.says === 'affected' ? answer.fixed : fixesOf(about);
  return { package: entry, advisory: advisoryOf(record, about), fixed };
}

/** The record, or what is wrong with it. */
export function readRecord(json: unknown): OsvRecord | string {
  try {
    return parseRecord(json);
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

/** Who decides by OSV's records has no error for a version that it cannot read: it answers as if there were nothing. */
export const cannotTell = ({ ecosystem, version }: Pick<Package, 'ecosystem' | 'version'>): boolean =>
  orderOf(ecosystem)?.isVersion(version) === false;

function isAbout({ ecosystem, name }: OsvAffected, entry: Package): boolean {
  const [theirs, ours] = [ecosystemOf(ecosystem), ecosystemOf(entry.ecosystem)];
  return speaksOf(theirs, ours) && nameKey(theirs, name) === nameKey(ours, entry.name);
}

/** Where the order is another's alone: every fix that is named, so that it does not pass for one without any. */
function fixesOf(about: readonly OsvAffected[]): readonly string[] {
  const events = about.flatMap(({ ranges }) =>
    ranges.filter(({ type }) => type !== 'GIT').flatMap((range) => range.events),
  );
  return [...new Set(events.filter(({ kind }) => kind === 'fixed').map((event) => event.version))];
}
