import { oneLine } from '@sluice/core/one-line';
import { code, table } from '@sluice/core/summary';
import type { Outcome } from '@sluice/core/verdict';
import { boundedNames } from '../bounded-names.ts';
import { marked } from '../marked.ts';
import type { Decision, Labels } from './decide.ts';
import type { LabelVerdict } from './inputs.ts';
import type { LabelReason } from './reasons.ts';

export const labelSchema = 'sluice.skip-ephemeral.v1';

/** On an error nothing is skipped. */
export const emptyLabelOutputs = { skip: 'false', source: 'none', labels: '[]', switches: '{}' } as const;

export type LabelOutcome = Outcome<LabelVerdict, LabelReason>;

/** What skip-ephemeral adds to the JSON `result`. */
export interface LabelDetails {
  /** Where the labels are from: the API now, the event, the policy that asks for none, or nowhere. */
  readonly source: Decision['source'];
  /** The number of the pull request; 0 where there is none. */
  readonly pullRequest: number;
  /** All that were read, of very many the first. */
  readonly labels: readonly string[];
  readonly switches: readonly { readonly name: string; readonly on: boolean }[];
  readonly warnings: readonly string[];
}

export interface LabelReport {
  readonly labels: Labels;
  readonly decision: Decision;
  readonly switches: Readonly<Record<string, boolean>>;
  readonly doubts: readonly string[];
}

/** The outcome, with its page. */
export function labelOutcome({ labels, decision, switches, doubts }: LabelReport): LabelOutcome {
  const { verdict, reason, source, told } = decision;
  const names = labels.type === 'read' ? labels.names : [];
  const summary = `${verdict === 'skip' ? 'No environment' : 'An environment'}: ${told}.`;
  const rows = Object.entries(switches).map(([name, isOn]) => [code(name), isOn ? '**on**' : 'off']);
  const shown = names.slice(0, MOST_SHOWN).map((name) => code(oneLine(name, 80)));
  const rest = names.length - shown.length;
  const page = [
    `**${marked(summary)}**`,
    rows.length === 0 ? '' : table([['switch', 'by the labels'], ...rows]),
    shown.length === 0 ? '' : `Labels: ${shown.join(', ')}${rest > 0 ? ` and ${rest} more` : ''}`,
    ...doubts.map(marked),
  ];
  const output = boundedNames(names);
  const kept = names.slice(0, MOST_KEPT);
  return {
    verdict,
    // What stands on the labels of the event was not seen now.
    ok: source === 'none' || (source === 'event' && reason !== 'merge-queue') ? 'unknown' : 'true',
    reason,
    summary,
    result: {
      schema: labelSchema,
      source,
      pullRequest: 'number' in labels ? labels.number : 0,
      labels: kept,
      switches: Object.entries(switches).map(([name, on]) => ({ name, on })),
      warnings: doubts,
    } satisfies LabelDetails & { schema: string },
    outputs: { skip: String(verdict === 'skip'), source, labels: output, switches: JSON.stringify(switches) },
    page: `${page.filter((part) => part !== '').join('\n\n')}\n`,
  };
}

const MOST_SHOWN = 30;
const MOST_KEPT = 1000;
