import { readFileSync } from 'node:fs';
import { load } from 'js-yaml';

export interface ActionContract {
  /** `runs.main`, relative to the folder of `action.yml`. */
  readonly main: string;
  /** Every input with its default, empty where it has none. */
  readonly inputs: ReadonlyMap<string, string>;
  readonly outputs: readonly string[];
}

const entries = (value: unknown): [string, unknown][] =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? Object.entries(value) : [];

const field = (value: unknown, name: string): unknown =>
  typeof value === 'object' && value !== null ? Reflect.get(value, name) : undefined;

/** Reads what the runner needs of an `action.yml`. Throws when it is not a JavaScript action for Node 24. */
export function readAction(file: string): ActionContract {
  const document: unknown = load(readFileSync(file, 'utf8'));
  const runs = field(document, 'runs');
  const main = field(runs, 'main');
  if (field(runs, 'using') !== 'node24' || typeof main !== 'string') {
    throw new Error(`${file} is not a JavaScript action: runs.using must be node24, runs.main a file`);
  }
  const inputs = entries(field(document, 'inputs')).map(([name, input]): [string, string] => {
    const fallback = field(input, 'default');
    if (fallback === undefined || fallback === null) return [name, ''];
    return [name, String(fallback)];
  });
  return {
    main,
    inputs: new Map(inputs),
    outputs: entries(field(document, 'outputs')).map(([name]) => name),
  };
}
