import { advisoryOf } from '../osv/advisory.ts';
import { type Answer, answers } from '../osv/affected.ts';
import { ecosystemOf, nameKey, speaksOf } from '../osv/ecosystem.ts';
import { type OsvAffected, type OsvRecord, parseRecord } from '../osv/record.ts';
import type { Match, Package } from '../types.ts';
import { orderOf } from '../versions/orders.ts';

/** That the package is affected is what the API, or the scanner, said; of the record only what it tells of this package. */
export function matchOf(record: OsvRecord, entry: Package): Match {
  const about = aboutOf(record, entry);
  const answer = answers(about, entry.ecosystem)(entry.version);
  const fixed = answer.says === 'affected' ? answer.fixed : fixesOf(about);
  return { package: entry, advisory: advisoryOf(record, about), fixed };
}

/** What the record says of a package, where nobody else has said it. */
export const answerOf = (record: OsvRecord, entry: Package): Answer =>
  answers(aboutOf(record, entry), entry.ecosystem)(entry.version);

const aboutOf = (record: OsvRecord, entry: Package): readonly OsvAffected[] =>
  record.affected.filter((affected) => isAbout(affected, entry));

/** The record, or what is wrong with it. */
export function readRecord(json: unknown): OsvRecord | string {
  try {
    return parseRecord(json);
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

/** Who decides by OSV's records has no error for a version that it cannot read, or that may be several: it answers as if there were nothing. */
export function cannotTell({ ecosystem, version }: Pick<Package, 'ecosystem' | 'version'>): boolean {
  const order = orderOf(ecosystem);
  return order !== undefined && (!order.isVersion(version) || order.last(version) !== undefined);
}

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
