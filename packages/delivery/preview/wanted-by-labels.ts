import { decide } from '../labels/decide.ts';
import type { PreviewInputs } from './inputs.ts';
import type { Pull } from './pull.ts';

type Policy = Pick<PreviewInputs, 'skip-label' | 'skip-mode' | 'skip-allowed'>;

/**
 * Why a pull request is to have no environment, by its labels: `pull request 12 has the label skip-ephemeral`. Undefined where it may have
 * one: labels that were not read take none away.
 */
export function withoutBy(
  { number, labels }: Pick<Pull, 'number' | 'labels'>,
  { 'skip-label': label, 'skip-mode': mode, 'skip-allowed': allowed }: Policy,
): string | undefined {
  const read =
    labels === undefined
      ? ({ type: 'not-read', number } as const)
      : ({ type: 'read', source: 'api', names: labels, number } as const);
  const { verdict, told } = decide(read, { label, mode, allowed });
  return verdict === 'skip' ? told : undefined;
}

/** How to have it all the same; nothing where no label decides. */
export function againBy({ 'skip-label': labels, 'skip-mode': mode }: Policy): string {
  const named = labels.join(' or ');
  return mode === 'opt-in' ? `Set the label ${named} to have one.` : `Take the label off to have one.`;
}
