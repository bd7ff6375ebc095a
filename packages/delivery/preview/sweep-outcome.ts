import { code, escapeMarkdown, table } from '@sluice/core/summary';
import type { Gone } from './gone.ts';
import { type Finding, type PreviewOutcome, previewOutcome } from './outcome.ts';
import type { SweptResult } from './result.ts';

/** What a sweep has seen and done. */
export interface Swept {
  readonly target: string;
  readonly swept: readonly SweptResult[];
  readonly commit: string;
  readonly gone?: Gone;
  readonly dryRun?: boolean;
  /** Where it is not what the environments say. */
  readonly finding?: Finding;
}

/** The outcome of a sweep: every environment by its folder, and why it went or stayed. */
export function sweptOutcome({
  target,
  swept,
  commit,
  gone,
  dryRun = false,
  finding,
}: Swept): PreviewOutcome {
  const removed = swept.filter(({ state }) => state === 'removed').map(({ folder }) => folder);
  const words = { removed: dryRun ? 'would be removed' : 'removed', kept: 'kept', ...OTHERS };
  const rows = swept.map(({ folder, state, why }) => [code(folder), words[state], escapeMarkdown(why)]);
  return previewOutcome({
    finding: finding ?? findingOf({ swept, removed, gone, dryRun }),
    details: {
      ...{ operation: 'sweep', number: 0, folder: target, url: '', commit, files: [] },
      swept: swept.map(({ folder, number, state, why }) => ({ folder, number, state, why })),
      ...{ applications: [], notes: [] },
    },
    outputs: { folder: target, 'commit-sha': commit, removed: JSON.stringify(dryRun ? [] : removed) },
    rows: [],
    more: rows.length === 0 ? '' : table([['folder', 'state', 'why'], ...rows]),
  });
}

const OTHERS = { foreign: 'not ours', 'not-told': 'not told' } as const;

function findingOf({
  swept,
  removed,
  gone,
  dryRun,
}: {
  readonly swept: readonly SweptResult[];
  readonly removed: readonly string[];
  readonly gone: Gone | undefined;
  readonly dryRun: boolean;
}): Finding {
  const ours = swept.filter(({ state }) => state !== 'foreign').length;
  const others = swept.length - ours;
  const beside = others === 0 ? '' : `; ${others === 1 ? 'one folder is' : `${others} folders are`} not ours`;
  const count = `${removed.length} of ${ours} ${ours === 1 ? 'environment' : 'environments'}`;
  if (dryRun)
    return {
      verdict: 'removed',
      ok: 'unknown',
      reason: 'dry-run',
      sentence:
        ours === 0
          ? `There is no environment to look at${beside}.`
          : `Nothing was removed: ${count} would be${beside}.`,
    };
  const untold = swept.filter(({ state }) => state === 'not-told');
  if (untold.length > 0)
    return {
      ...{ verdict: 'unknown', ok: 'unknown', reason: 'not-told' },
      sentence: `${count} removed; of ${untold.length} it could not be told whether they are needed: ${untold[0]?.why ?? ''}`,
      hint: 'They stay. Run it again when GitHub answers, with `pull-requests: read` for the token.',
    };
  if (gone?.type === 'left')
    return {
      ...{ verdict: 'timed-out', ok: 'false', reason: 'still-there' },
      sentence: `${count} are gone from Git, and Argo CD still has ${gone.names.join(', ')}.`,
      hint: 'See whether the ApplicationSet may delete, and what a finalizer waits for.',
    };
  const isBlind = gone?.type === 'gone' && gone.silent.length > 0;
  const reason = removed.length === 0 ? 'nothing-to-remove' : 'removed';
  const sentence = ours === 0 ? `There is no environment to look at${beside}.` : `${count} removed${beside}.`;
  return { verdict: 'removed', ok: isBlind ? 'unknown' : 'true', reason, sentence };
}
