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

/** What ends the key of a Deployment that has begun and is not active: once it is, its key has this no more. */
export const BEGUN = ' (begun)';

/** Of what has begun the key that it has once it is active. */
export const activeKey = (key: string): string => (key.endsWith(BEGUN) ? key.slice(0, -BEGUN.length) : key);

/** Whether everything of it was looked up. What has expired in the allow-list hides nothing of what was found. */
const isSeen = (one: Scanned, maxUnmatched: number | undefined): boolean =>
  one.type === 'seen' &&
  one.decision.isWhole &&
  one.decision.counts.unmatched <= (maxUnmatched ?? Number.POSITIVE_INFINITY) &&
  (one.decision.verdict !== 'could-not-scan' || one.decision.reason === 'expired-allowance');

/** Whether the packages in which it was found by this key were looked up again: a component that could not be may be one of them. */
function isTold(
  one: Scanned,
  { packages }: Mark,
  maxUnmatched: number | undefined,
  key = one.target.key,
): boolean {
  if (one.type !== 'seen' || !isSeen(one, maxUnmatched)) return false;
  if (one.decision.counts.unmatched === 0) return true;
  const had = packages.get(key) ?? [];
  return had.length > 0 && had.every((name) => one.answered?.(name));
}

/** Where it was last found, and nobody could look now: an SBOM, or all of a repository. */
export function unseenOf(
  mark: Mark,
  { scanned, isWhole, maxUnmatched }: Looking,
): readonly Pick<Target, 'key' | 'name' | 'repository'>[] {
  const targets = new Map(scanned.map((one) => [one.target.key, one]));
  // Of what has only begun it is not known what it would replace.
  const active = scanned.filter(({ target }) => target.isBegun !== true);
  const looked = new Set(active.map(({ target }) => repositoryIn(target.key)));
  return mark.found.flatMap((key) => {
    const one = targets.get(key);
    if (one !== undefined) return isTold(one, mark, maxUnmatched) ? [] : [one.target];
    const repository = repositoryIn(key);
    const here = { key, name: key.slice(repository.length + 1), repository };
    // It is active no more, where the Deployments of its repository were read.
    return isWhole && looked.has(repository) && isReplaced(key, targets, mark, maxUnmatched) ? [] : [here];
  });
}

/**
 * Whether nothing stands open of a key that is there no more. What had begun may have become active: then that has to be told of. And where
 * what was active is not any more, and another has begun since, nobody knows which of the two runs.
 */
function isReplaced(
  key: string,
  targets: ReadonlyMap<string, Scanned>,
  mark: Mark,
  maxUnmatched: number | undefined,
): boolean {
  const active = activeKey(key);
  if (active === key) return !targets.has(`${key}${BEGUN}`);
  const one = targets.get(active);
  return one === undefined || isTold(one, mark, maxUnmatched, key);
}

const repositoryIn = (key: string): string => key.split(' ', 1)[0] ?? '';

/** Whether it may still be where it was last found. */
export function mayBeThere(mark: Mark, planning: Looking): boolean {
  const { scanned, isWhole, maxUnmatched } = planning;
  if (!isWhole) return true;
  // Where it does not say all, it may have been anywhere.
  if (mark.more || mark.found.length === 0) {
    if (scanned.length === 0 || scanned.some((one) => !isTold(one, mark, maxUnmatched))) return true;
  }
  return unseenOf(mark, planning).length > 0;
}

/** The names of what is there, and was allowed until a date that is over: the run is red for it, and no one says that it does no harm. */
export function overdueNames(scanned: readonly Scanned[]): ReadonlySet<string> {
  const names = new Set<string>();
  for (const one of scanned) {
    const hidden = new Set(expiredOf(one).flatMap(({ hides }) => hides.map(hiddenKey)));
    if (one.type !== 'seen' || hidden.size === 0) continue;
    for (const { id, aliases, package: found } of one.decision.findings) {
      if (!hidden.has(hiddenKey({ id, name: found.name }))) continue;
      for (const name of [id, ...aliases]) names.add(nameKey(name));
    }
  }
  return names;
}

const hiddenKey = ({ id, name }: { readonly id: string; readonly name: string }): string =>
  JSON.stringify([id, name]);
