import { load } from 'js-yaml';
import { type Place, textOf } from './repository.ts';
import { each, listOf, mapping, scalar, type Texts } from './shape.ts';
import { readStep, type Step } from './step-file.ts';

/** An `action.yml`. */
export interface ActionFile {
  /** By name, with their defaults, which may hold expressions. */
  readonly inputs: Texts;
  readonly runs: NodeAction | CompositeAction;
}

export interface NodeAction {
  readonly type: 'node';
  readonly main: string;
  readonly post: string | undefined;
  readonly postIf: string;
}

export interface CompositeAction {
  readonly type: 'composite';
  readonly steps: readonly Step[];
  readonly outputs: Texts;
}

const nodeKeys = ['using', 'main', 'post', 'post-if'];
const inputKeys = ['description', 'required', 'default', 'deprecationMessage'];

/** Reads the `action.yml` of a folder. Throws for an action in a container, and for one with `pre`. */
export function readActionFile({ repository, path }: Place): ActionFile {
  const file = path === '' ? 'action.yml' : `${path}/action.yml`;
  const action = mapping(load(textOf({ repository, path: file })), file);
  const { using } = mapping(action.runs, `${file}: runs`);
  const outputs = each(action.outputs, 'outputs', ['description', 'value'], ({ value }) =>
    scalar(value, 'value'),
  );
  return {
    inputs: each(action.inputs, 'inputs', inputKeys, (input) => scalar(input.default, 'default')),
    runs: using === 'composite' ? composite(action.runs, file, outputs) : node(action.runs, file),
  };
}

function composite(runs: unknown, file: string, outputs: Texts): CompositeAction {
  const { steps } = mapping(runs, file, ['using', 'steps']);
  return { type: 'composite', outputs, steps: listOf(steps).map((step) => readStep(step, file, undefined)) };
}

function node(value: unknown, file: string): NodeAction {
  const runs = mapping(value, file, nodeKeys);
  if (runs.using !== 'node20' && runs.using !== 'node24')
    throw new Error(`${file}: runs.using: ${runs.using}`);
  return {
    type: 'node',
    main: scalar(runs.main, 'main'),
    post: runs.post === undefined ? undefined : scalar(runs.post, 'post'),
    postIf: scalar(runs['post-if'] ?? 'always()', 'post-if'),
  };
}
