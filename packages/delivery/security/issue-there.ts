import { nameKey } from '@sluice/sbom/decide/group';
import type { Mark } from './issue-mark.ts';
import { expiredOf } from './notes.ts';
import type { Scanned, Target } from './scan-targets.ts';

/** What was looked at now. */
export interface Looking {
  readonly scanned: readonly Scanned[];
  /** False where not all that is active is known. */
  readonly isWhole: boolean;
  readonly maxUnmatched: number | undefined;
}

/** Whether everything of it was looked up. What has expired in the allow-list hides nothing of what was found. */
const isSeen = (one: Scanned, maxUnmatched: number | undefined): boolean =>
  one.type === 'seen' &&
  one.decision.isWhole &&
  one.decision.counts.unmatched <= (maxUnmatched ?? Number.POSITIVE_INFINITY) &&
  (one.decision.verdict !== 'could-not-scan' || one.decision.reason === 'expired-allowance');

/** Whether the packages in which it was found there were looked up again: a component that could not be may be one of them. */
function isTold(one: Scanned, { packages }: Mark, maxUnmatched: number | undefined): boolean {
  if (one.type !== 'seen' || !isSeen(one, maxUnmatched)) return false;
  if (one.decision.counts.unmatched === 0) return true;
  const had = packages.get(one.target.key) ?? [];
  return had.length > 0 && had.every((name) => one.answered?.has(name));
}

/** Where it was last found, and nobody could look now: an SBOM, or all of a repository. */
export function unseenOf(
  mark: Mark,
  { scanned, isWhole, maxUnmatched }: Looking,
): readonly Pick<Target, 'key' | 'name' | 'repository'>[] {
  const targets = new Map(scanned.map((one) => [one.target.key, one]));
  const looked = new Set(scanned.map(({ target }) => target.repository.toLowerCase()));
  return mark.found.flatMap((key) => {
    const one = targets.get(key);
    if (one !== undefined) return isTold(one, mark, maxUnmatched) ? [] : [one.target];
    const [repository = '', ...name] = key.split(' ');
    // It is active no more, where the Deployments of its repository were read.
    return isWhole && looked.has(repository.toLowerCase()) ? [] : [{ key, name: name.join(' '), repository }];
  });
}

/** Whether it may still be where it was last found. */
export function mayBeThere(mark: Mark, planning: Looking): boolean {
  const { scanned, isWhole, maxUnmatched } = planning;
  const isAll = isWhole && scanned.length > 0;
  if (!isAll || (mark.more && scanned.some((one) => !isTold(one, mark, maxUnmatched)))) return true;
  return unseenOf(mark, planning).length > 0;
}

/** Whether it is there, and an allowance of it has expired: the run is red for it, and no one has said that it does no harm. */
export function isOverdue(mark: Mark, scanned: readonly Scanned[]): boolean {
  const names = new Set(mark.names);
  return scanned.some((one) => {
    const hidden = new Set(expiredOf(one).flatMap(({ hides }) => hides.map(hiddenKey)));
    if (one.type !== 'seen' || hidden.size === 0) return false;
    return one.decision.findings.some(
      ({ id, aliases, package: { name } }) =>
        hidden.has(hiddenKey({ id, name })) && [id, ...aliases].some((one) => names.has(nameKey(one))),
    );
  });
}

const hiddenKey = ({ id, name }: { readonly id: string; readonly name: string }): string =>
  JSON.stringify([id, name]);
