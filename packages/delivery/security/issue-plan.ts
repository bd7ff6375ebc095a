import type { Advisory } from './advisories.ts';
import { isSameText, joined, type Mark, markOf, withPart } from './issue-mark.ts';
import { backComment, duplicateComment, goneComment, partOf, titleOf } from './issue-text.ts';
import { activeKey, type Looking, mayBeThere, overdueNames, unseenOf } from './issue-there.ts';

/** An issue with our label, as GitHub lists it. */
export interface KnownIssue {
  readonly number: number;
  readonly isOpen: boolean;
  readonly body: string | null | undefined;
  /** Login. */
  readonly author: string;
}

/** What is to be done; in this order, so that what ends early has done the most. */
export type Step =
  | { readonly type: 'open'; readonly advisory: Advisory; readonly title: string; readonly body: string }
  | { readonly type: 'update'; readonly number: number; readonly body: string }
  | { readonly type: 'reopen'; readonly number: number; readonly body?: string; readonly comment: string }
  | {
      readonly type: 'close';
      readonly number: number;
      readonly comment: string;
      readonly isDuplicate: boolean;
    };

export interface IssuePlan {
  readonly steps: readonly Step[];
  /** The issue of each advisory that counts and has one. */
  readonly numbers: ReadonlyMap<Advisory, number>;
  /** How many that count get no issue in this run. */
  readonly left: number;
  /** Issues of what may be gone, and may be in what could not be scanned, or counts but for its severity: its allowance has expired. */
  readonly kept: readonly number[];
}

export interface Planning extends Looking {
  readonly advisories: readonly Advisory[];
  readonly issues: readonly KnownIssue[];
  readonly allowList: string;
  /** The environment that is looked at. */
  readonly scope: string;
  readonly mostNew: number;
}

/** GitHub's, in characters. */
const LONGEST_BODY = 65_536;

interface Marked {
  readonly issue: KnownIssue;
  readonly mark: Mark;
}

/**
 * What makes the issues say what was found. An issue is found by the names in its mark: an advisory may get another one. Nothing is closed
 * that was last seen where nobody could look now, or that an allowance has hidden which has expired.
 */
export function planIssues(planning: Planning): IssuePlan {
  const { advisories, issues, mostNew } = planning;
  const byName = new Map<string, Marked[]>();
  const marks = issues
    .toSorted((a, b) => a.number - b.number)
    .flatMap((issue): Marked[] => {
      const mark = markOf(issue.body);
      return mark?.scope !== planning.scope ? [] : [{ issue, mark }];
    });
  for (const one of marks) {
    for (const name of one.mark.names) byName.set(name, [...(byName.get(name) ?? []), one]);
  }
  const steps: Step[] = [];
  const fresh: Step[] = [];
  const numbers = new Map<Advisory, number>();
  const claimed = new Map<Marked, Advisory | undefined>();
  for (const advisory of advisories) {
    const same = [...new Set([...advisory.names].flatMap((name) => byName.get(name) ?? []))]
      .filter((one) => !claimed.has(one))
      .sort((a, b) => Number(b.issue.isOpen) - Number(a.issue.isOpen) || a.issue.number - b.issue.number);
    const [own, ...others] = same;
    const counts = advisory.places.some(({ finding }) => finding.blocking);
    if (!counts) continue;
    for (const one of same) claimed.set(one, advisory);
    if (own === undefined) {
      const body = partOf({ ...planning, advisory, unseen: [] });
      fresh.push({ type: 'open', advisory, title: titleOf(advisory), body });
      continue;
    }
    numbers.set(advisory, own.issue.number);
    const open = others.filter(({ issue }) => issue.isOpen);
    // What only a second issue knows of is lost with it.
    const mark = open.map((other) => other.mark).reduce(joined, own.mark);
    steps.push(...keepStep({ ...own, mark }, advisory, planning), ...duplicates(own, open));
  }
  const kept: number[] = [];
  const overdue = overdueNames(planning.scanned);
  for (const one of marks) {
    if (claimed.has(one) || !one.issue.isOpen) continue;
    if (mayBeThere(one.mark, planning) || one.mark.names.some((name) => overdue.has(name)))
      kept.push(one.issue.number);
    else steps.push(closeStep(one, planning));
  }
  return {
    steps: [...fresh.slice(0, mostNew), ...steps],
    numbers,
    left: Math.max(0, fresh.length - mostNew),
    kept,
  };
}

function keepStep({ issue, mark }: Marked, advisory: Advisory, planning: Planning): readonly Step[] {
  const unseen = unseenOf(mark, planning);
  const facts = { ...planning, advisory, unseen, packages: mark.packages };
  const body = [false, true]
    .map((isBrief) => withPart(issue.body, partOf({ ...facts, isBrief })))
    .find(({ length }) => length <= LONGEST_BODY);
  const { number } = issue;
  // There is no room beside what people wrote.
  if (body === undefined) return issue.isOpen ? [] : [{ type: 'reopen', number, comment: backComment }];
  if (!issue.isOpen) return [{ type: 'reopen', number, body, comment: backComment }];
  return isSameText(issue.body, body) ? [] : [{ type: 'update', number, body }];
}

const duplicates = (own: Marked, others: readonly Marked[]): readonly Step[] =>
  others.map(({ issue: { number } }) => ({
    ...{ type: 'close', number, isDuplicate: true },
    comment: duplicateComment(own.issue.number),
  }));

function closeStep({ issue, mark }: Marked, { advisories, scanned }: Planning): Step {
  const advisory = advisories.find(({ names }) => mark.names.some((name) => names.has(name)));
  const active = new Set(scanned.map(({ target }) => target.key));
  const comment = goneComment(
    advisory,
    mark.found.map((key) => active.has(key) || active.has(activeKey(key))),
  );
  return { type: 'close', number: issue.number, comment, isDuplicate: false };
}
