import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { Ajv, type ValidateFunction } from 'ajv';

const folder = new URL('../../docs/schema/', import.meta.url);
const ajv = new Ajv({ allowUnionTypes: true, allErrors: true });
const validators = new Map<string, ValidateFunction>();

/** The outputs that `result` repeats. */
const common = ['verdict', 'ok', 'reason', 'summary'] as const;

/**
 * What is wrong with the output `result`, by the schema in docs/schema that it names, and by the outputs beside it; none where
 * it is as documented.
 */
export function resultProblems(outputs: Readonly<Record<string, string>>): readonly string[] {
  const result = parse(outputs.result ?? '');
  const name = field(result, 'schema');
  const validate = typeof name === 'string' ? validatorOf(name) : undefined;
  if (validate === undefined) return [`docs/schema has no schema ${JSON.stringify(name)}`];
  const differing = common
    .filter((output) => field(result, output) !== outputs[output])
    .map((output) => `/${output} is not the output ${output}, ${JSON.stringify(outputs[output])}`);
  return validate(result) ? differing : [...differing, ...explain(validate)];
}

function validatorOf(name: string): ValidateFunction | undefined {
  const known = validators.get(name);
  if (known !== undefined) return known;
  const file = fileURLToPath(new URL(`${name}.json`, folder));
  if (!/^[\w.-]+$/.test(name) || !existsSync(file)) return undefined;
  const validate = ajv.compile(JSON.parse(readFileSync(file, 'utf8')));
  validators.set(name, validate);
  return validate;
}

/** A result is one of several forms, and an error tells what each of them misses. */
const explain = ({ errors }: ValidateFunction): readonly string[] =>
  (errors ?? []).map(
    ({ instancePath, message, params, schemaPath }) =>
      `${instancePath || '/'} ${message} ${JSON.stringify(params)} (${schemaPath})`,
  );

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

const field = (value: unknown, name: string): unknown =>
  typeof value === 'object' && value !== null ? Reflect.get(value, name) : undefined;
