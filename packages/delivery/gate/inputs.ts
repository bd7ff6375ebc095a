import { boolean, commonInputs, type Inputs, names, text } from '@sluice/core/contract';
import { loginProblems } from '../login-problems.ts';
import { parseAllowedSkips } from './allowed-skips.ts';
import { parseNeeds } from './needs.ts';
import { parseFileReference } from './workflow/file-reference.ts';

export const gateVerdicts = ['ready', 'blocked'] as const;
export type GateVerdict = (typeof gateVerdicts)[number];

export const gateInputs = {
  needs: text().of(parseNeeds),
  jobs: text().of(parseNeeds),
  'allowed-failures': names(),
  'allowed-skips': text().of(parseAllowedSkips),
  'require-all-jobs': boolean({ default: 'false' }),
  'workflow-file': text().of(parseFileReference),
  ...commonInputs(gateVerdicts),
} as const;

export type GateInputs = Inputs<typeof gateInputs>;

/** What is wrong with the inputs together. */
export function gateProblems(inputs: Partial<GateInputs>): readonly string[] {
  const { needs, jobs, 'require-all-jobs': all } = inputs;
  return [
    ...(needs !== undefined && jobs !== undefined
      ? ['`jobs` is another name of `needs`: give one of the two']
      : []),
    ...(all === true ? loginProblems(inputs) : []),
  ];
}
