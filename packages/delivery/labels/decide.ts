import { oneLine } from '@sluice/core/one-line';
import { matchesWildcard } from '../wildcard.ts';
import type { LabelVerdict, Switch } from './inputs.ts';
import type { LabelReason } from './reasons.ts';

/** The labels of the pull request, and how they were learnt. */
export type Labels =
  | {
      readonly type: 'read';
      readonly source: 'api' | 'event';
      readonly names: readonly string[];
      readonly number: number;
    }
  | { readonly type: 'merge-queue' }
  | { readonly type: 'no-pull-request' }
  | { readonly type: 'not-read'; readonly number: number };

export interface Policy {
  readonly label: readonly string[];
  readonly mode: 'opt-out' | 'opt-in';
  readonly allowed: boolean;
}

export interface Decision {
  readonly verdict: LabelVerdict;
  readonly reason: LabelReason;
  readonly source: 'api' | 'event' | 'policy' | 'none';
  /** After the verdict: `the label x is on pull request 7`. */
  readonly told: string;
}

/** GitHub takes two labels for the same that differ in case only. */
export const matchesLabel = (pattern: string, label: string): boolean =>
  matchesWildcard(pattern.toLowerCase(), label.toLowerCase());

/** Whether there shall be an environment. What was not read never takes one away: it is deployed. */
export function decide(labels: Labels, { label, mode, allowed }: Policy): Decision {
  if (labels.type === 'merge-queue') {
    const told = 'a merge queue wants no short-lived environment';
    return { verdict: 'skip', reason: 'merge-queue', source: 'event', told };
  }
  if (!allowed) {
    const told = 'labels do not decide here (`allowed: false`)';
    return { verdict: 'deploy', reason: 'not-allowed', source: 'policy', told };
  }
  if (labels.type !== 'read') {
    const told =
      labels.type === 'not-read'
        ? `the labels of pull request ${labels.number} could not be read`
        : 'the event is about no pull request';
    const reason = labels.type === 'not-read' ? 'labels-not-read' : 'no-pull-request';
    return { verdict: 'deploy', reason, source: 'none', told };
  }
  const { source, names, number } = labels;
  const found = names.find((name) => label.some((pattern) => matchesLabel(pattern, name)));
  const on = `pull request ${number}`;
  if (mode === 'opt-out') {
    return found === undefined
      ? { verdict: 'deploy', reason: 'no-label', source, told: `${on} has no label ${either(label)}` }
      : { verdict: 'skip', reason: 'label-skips', source, told: `${on} has the label ${shown(found)}` };
  }
  return found === undefined
    ? {
        verdict: 'skip',
        reason: 'not-asked',
        source,
        told: `${on} has no label ${either(label)}, which would ask for it`,
      }
    : {
        verdict: 'deploy',
        reason: 'label-asks',
        source,
        told: `${on} has the label ${shown(found)}, which asks for it`,
      };
}

/** Each switch by its name: on where a label is as one of its patterns says. Labels that were not read turn nothing on. */
export function switchesOf(labels: Labels, switches: readonly Switch[]): Readonly<Record<string, boolean>> {
  const names = labels.type === 'read' ? labels.names : [];
  const on = new Map<string, boolean>();
  for (const { name, pattern } of switches)
    on.set(name, on.get(name) === true || names.some((label) => matchesLabel(pattern, label)));
  return Object.fromEntries(on);
}

const shown = (label: string): string => oneLine(label, 60);

function either(patterns: readonly string[]): string {
  const rest = patterns.length - MOST_TOLD;
  return `${patterns.slice(0, MOST_TOLD).map(shown).join(' or ')}${rest > 0 ? ` (or ${rest} others)` : ''}`;
}
const MOST_TOLD = 3;
