import type { WaitOutcome } from '@sluice/argocd/page/outcome';
import { code, escapeMarkdown, table } from '@sluice/core/summary';
import type { Ok, Outcome } from '@sluice/core/verdict';
import type { PreviewVerdict } from './inputs.ts';
import type { PreviewReason } from './reasons.ts';
import { emptyPreviewOutputs, type PreviewDetails, previewSchema } from './result.ts';
import type { Waited } from './wait-live.ts';

export type PreviewOutcome = Outcome<PreviewVerdict, PreviewReason>;

/** What was found, before it is a page. */
export interface Finding {
  readonly verdict: PreviewVerdict;
  readonly ok: Ok;
  readonly reason: PreviewReason;
  readonly sentence: string;
  readonly hint?: string;
}

export interface Report {
  readonly finding: Finding;
  readonly details: PreviewDetails;
  readonly outputs: Partial<Record<keyof typeof emptyPreviewOutputs, string>>;
  /** Rows of Markdown below the verdict: name and value. */
  readonly rows: readonly (readonly [string, string])[];
  /** More Markdown. */
  readonly more?: string;
}

/** Before the sentence: that of a good verdict begins with it. */
const WORDS = {
  live: '',
  removed: '',
  failed: 'Failed: ',
  'timed-out': 'Timed out: ',
  unknown: 'Not told: ',
} as const;

export function previewOutcome({ finding, details, outputs, rows, more }: Report): PreviewOutcome {
  const { verdict, ok, reason, sentence, hint } = finding;
  const applications = details.applications.map((one) => [
    escapeMarkdown(one.name),
    code(one.revision.slice(0, 7)),
    escapeMarkdown(one.verdict),
    one.messages.map(escapeMarkdown).join('<br>'),
  ]);
  const parts = [
    `**${WORDS[verdict]}${escapeMarkdown(sentence)}**`,
    ...(rows.length === 0 ? [] : [table([['', ''], ...rows])]),
    ...(applications.length === 0
      ? []
      : [table([['application', 'revision', 'verdict', 'seen'], ...applications])]),
    ...(more === undefined || more === '' ? [] : [more]),
    ...(hint === undefined ? [] : [escapeMarkdown(hint)]),
    ...details.notes.map((note) => `_${escapeMarkdown(note)}_`),
  ];
  return {
    ...{ verdict, ok, reason, summary: sentence },
    ...(hint !== undefined && { hint }),
    result: { schema: previewSchema, ...details },
    outputs: { ...emptyPreviewOutputs, ...outputs },
    page: `${parts.join('\n\n')}\n`,
  };
}

/** An environment of a pull request is not brought back to the version before: it gets the next commit. */
const adviceFor = (hint: string): string =>
  hint
    .replace(
      '; a new deployment of the version before brings it back.',
      '; a new commit of the pull request is deployed by its own run.',
    )
    .replace(
      'by a new commit, or go back to the version before with a new deployment.',
      'by a new commit of the pull request, or in the template.',
    );

/** What a wait comes to: the words of argo-sync-wait in the five of an environment. */
export function findingOf({ outcome, isLate }: Extract<Waited, { isLate: boolean }>): Finding {
  const { reason, summary: sentence } = outcome;
  const hint = outcome.hint === undefined ? undefined : adviceFor(outcome.hint);
  const said = { reason, sentence, ...(hint !== undefined && { hint }) };
  switch (outcome.verdict) {
    case 'live':
      return { ...said, verdict: 'live', ok: 'true' };
    case 'superseded':
      return { ...said, verdict: 'failed', ok: 'unknown' };
    case 'failed':
    case 'drifted':
    case 'not-effective':
      return { ...said, verdict: 'failed', ok: 'false' };
    case 'timed-out':
      return { ...said, verdict: 'timed-out', ok: 'false' };
    case 'rolling-out':
    case 'unknown':
      return isLate
        ? { ...said, verdict: 'timed-out', ok: 'false' }
        : { ...said, verdict: 'unknown', ok: 'unknown' };
  }
}

/** What is seen of the Applications, for the JSON. */
export const seenIn = ({ result }: WaitOutcome): Pick<PreviewDetails, 'applications' | 'overwrittenBy'> => ({
  applications: result.applications,
  ...(result.overwrittenBy !== undefined && { overwrittenBy: result.overwrittenBy }),
});

/** The same, with what could not be written beside the environment. */
export const withNotes = (outcome: PreviewOutcome, notes: readonly string[]): PreviewOutcome =>
  notes.length === 0
    ? outcome
    : {
        ...outcome,
        result: { ...outcome.result, notes },
        page: `${outcome.page}\n${notes.map((note) => `_${escapeMarkdown(note)}_`).join('\n\n')}\n`,
      };
