import {
  boolean,
  commonInputs,
  duration,
  type Inputs,
  integer,
  list,
  names,
  text,
} from '@sluice/core/contract';
import { loginProblems } from '../login-problems.ts';
import { parseAllowedSkips } from './allowed-skips.ts';
import { parseCheckPattern } from './checks/pattern.ts';
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
  checks: list().of(parseCheckPattern),
  minimum: integer({ min: 1, max: 10_000 }),
  timeout: duration({ default: '30m' }),
  ...commonInputs(gateVerdicts),
} as const;

export type GateInputs = Inputs<typeof gateInputs>;

/** What is wrong with the inputs together. */
export function gateProblems(inputs: Partial<GateInputs>): readonly string[] {
  const { needs, jobs, checks, minimum, 'require-all-jobs': all } = inputs;
  const asks = all === true || (checks !== undefined && checks.length > 0);
  return [
    ...(needs !== undefined && jobs !== undefined
      ? ['`jobs` is another name of `needs`: give one of the two']
      : []),
    ...(minimum !== undefined && checks?.length === 0
      ? ['`minimum` is of `checks`: say which checks are meant']
      : []),
    ...(asks ? loginProblems(inputs) : []),
  ];
}
