import type { Edit } from '../change.ts';
import { describePlace } from '../describe.ts';
import { type Embedded, embeddingOf, liftSplices } from '../yaml/embedded.ts';
import type { Splice } from '../yaml/write.ts';
import type { Problem } from './edit-plan.ts';
import { type FileView, type Settled, settle } from './settle.ts';

export interface SettledFile {
  readonly edits: readonly Edit[];
  readonly splices: readonly Splice[];
  readonly refused: readonly Problem[];
}

type Writable = Extract<Settled, { ok: true }>;

/** Settles every wish for a file. What is written inside of a scalar's text is lifted to the file. */
export function settleAll(path: string, view: FileView): SettledFile {
  const refused: Problem[] = [];
  const writable: Writable[] = [];
  for (const wish of view.wishes) {
    const settled = settle(wish, view);
    if (settled.ok) writable.push(settled);
    else refused.push(refusal(path, settled));
  }
  const splices = [...writable.flatMap((one) => (one.within === undefined ? (one.splice ?? []) : []))];
  for (const [within, group] of Map.groupBy(writable, ({ within }) => within)) {
    const lifted =
      within === undefined
        ? undefined
        : lift(view.text, within, distinct(group.flatMap(({ splice }) => splice ?? [])));
    if (lifted?.ok === true) splices.push(...lifted.splices);
    if (lifted?.ok !== false) continue;
    const { why } = lifted;
    for (const { edit } of group)
      refused.push(refusal(path, { place: describePlace(edit.place), code: 'not-writable', why }));
  }
  // By their text: a place found by its shape and named by the user as well is one edit.
  return { edits: distinct(writable.map(({ edit }) => edit)), splices: distinct(splices), refused };
}

/** Out of a text inside a text, however deep. */
function lift(
  source: string,
  embedded: Embedded,
  splices: readonly Splice[],
): ReturnType<typeof liftSplices> {
  const outer = embeddingOf(embedded.scalar);
  const lifted = liftSplices(outer?.text ?? source, embedded, splices);
  return lifted.ok && outer !== undefined ? lift(source, outer, lifted.splices) : lifted;
}

function distinct<T>(items: readonly T[]): T[] {
  return [...new Map(items.map((item) => [JSON.stringify(item), item])).values()];
}

function refusal(path: string, { place, code, why }: Omit<Extract<Settled, { ok: false }>, 'ok'>): Problem {
  return { kind: 'refused', code, path, place, message: `${path}, ${place}: ${why}` };
}
