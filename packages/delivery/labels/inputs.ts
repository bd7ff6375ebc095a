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

const DEFAULT_LABEL = 'skip-ephemeral';

export const labelInputs = {
  label: list({ default: DEFAULT_LABEL }),
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

export const labelProblems = (inputs: Partial<LabelInputs>): readonly string[] => [
  ...loginProblems(inputs),
  ...askingProblems(inputs),
];

/** What is wrong with the labels and the mode: the label that goes without an environment cannot be the one that asks for it. */
export function askingProblems({
  label = [],
  mode,
  allowed,
}: Partial<Pick<LabelInputs, 'label' | 'mode' | 'allowed'>>): readonly string[] {
  const isDefault = label.length === 1 && label[0] === DEFAULT_LABEL;
  return mode === 'opt-in' && allowed !== false && isDefault
    ? [
        `give \`label\` with \`mode: opt-in\`: its default, \`${DEFAULT_LABEL}\`, would ask for an environment`,
      ]
    : [];
}
