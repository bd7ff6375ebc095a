import { commonInputs, type Inputs, names, text } from '@sluice/core/contract';
import { parseAllowedSkips } from './allowed-skips.ts';
import { parseNeeds } from './needs.ts';

export const gateVerdicts = ['ready', 'blocked'] as const;
export type GateVerdict = (typeof gateVerdicts)[number];

export const gateInputs = {
  needs: text().of(parseNeeds),
  jobs: text().of(parseNeeds),
  'allowed-failures': names(),
  'allowed-skips': text().of(parseAllowedSkips),
  ...commonInputs(gateVerdicts),
} as const;

export type GateInputs = Inputs<typeof gateInputs>;

/** What is wrong with the inputs together. */
export function gateProblems(inputs: Partial<GateInputs>): readonly string[] {
  if (inputs.needs !== undefined && inputs.jobs !== undefined)
    return ['`jobs` is another name of `needs`: give one of the two'];
  return [];
}
