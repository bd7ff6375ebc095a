import { boolean, commonInputs, type Inputs, integer, list, oneOf } from '@sluice/core/contract';
import { loginProblems } from '../login-problems.ts';

export const labelVerdicts = ['skip', 'deploy'] as const;
export type LabelVerdict = (typeof labelVerdicts)[number];

/** A behaviour that a label turns on. */
export interface Switch {
  readonly name: string;
  /** Of the label. */
  readonly pattern: string;
}

export const labelInputs = {
  label: list({ default: 'skip-ephemeral' }),
  mode: oneOf(['opt-out', 'opt-in'], { default: 'opt-out' }),
  allowed: boolean({ default: 'true' }),
  switches: list().of(parseSwitch),
  'pull-request': integer({ min: 1 }),
  ...commonInputs(labelVerdicts),
} as const;

export type LabelInputs = Inputs<typeof labelInputs>;

function parseSwitch(entry: string): Switch {
  const [, name = '', pattern = ''] = /^([A-Za-z_][\w-]*)\s*:\s*(.+)$/.exec(entry) ?? [];
  if (name === '')
    throw new Error('allowed: <name>: <pattern of a label>, the name of letters, digits, - and _');
  return { name, pattern };
}

export const labelProblems = (inputs: Partial<LabelInputs>): readonly string[] => loginProblems(inputs);
