import type { Env } from './context.ts';
import { SluiceError } from './errors.ts';
import { bytes, entriesOf, milliseconds, namesOf, withoutUserinfo } from './input-syntax.ts';

/** One input of an action: what it is when it is not given, and how its text becomes a value. */
export interface Input<T> {
  /** As action.yml has it; empty for an input without a default. */
  readonly default: string;
  readonly required: boolean;
  /** A secret's text is never repeated in an error. */
  readonly secret: boolean;
  /** What of its text is to be masked. */
  readonly secretsIn: (raw: string) => readonly string[];
  /** Throws an Error, or an AggregateError of several, whose message says what is allowed. */
  parse(raw: string): T;
  /** The same input, with one more rule: `rule` throws an Error that says what is allowed. */
  check(rule: (value: T) => void): Input<T>;
}

/** A list whose entries `of` turns into something else, one by one. */
export interface ListInput extends Input<readonly string[]> {
  /** `identity`: of entries that have the same, the first stands for all. */
  of<T>(parse: (entry: string) => T, identity?: (value: T) => string): Input<readonly T[]>;
}

/** A text that `of` turns into something else; it is not asked about an empty one. */
export interface TextInput extends Input<string> {
  of<T>(parse: (value: string) => T): Input<T | undefined>;
}

export type Spec = Readonly<Record<string, Input<unknown>>>;

/** The values, under the names of the inputs. */
export type Inputs<S extends Spec> = {
  readonly [Name in keyof S]: S[Name] extends Input<infer T> ? T : never;
};

/**
 * What is wrong with the inputs together, one clause each, with what to do. An input whose own text is wrong is reported
 * already, and is not among them: `'change' in inputs` tells that from one that was not given.
 */
export type Check<S extends Spec> = (inputs: Partial<Inputs<S>>) => readonly string[];

interface Given {
  readonly default?: string;
  readonly required?: boolean;
  /** Secrets that somebody may put into a text that is none, such as the password in a URL. */
  readonly secretsIn?: Input<unknown>['secretsIn'];
}

/** Any text, without the white space around it. */
export function text(given: Given = {}): TextInput {
  const input = create(given, (raw) => raw);
  return {
    ...input,
    of: (parse) => create(given, (raw) => (raw === '' ? undefined : parse(raw))),
  };
}

/** A text that is masked, and never repeated in an error. */
export function secret(given: Given = {}): Input<string> {
  return { ...create(given, (raw) => raw, true) };
}

/** A list of which nothing is repeated in an error: a wrong entry is told by its number. `secretsIn`: what of an entry is to be masked. */
export function secrets<T>(
  parse: (entry: string) => T,
  secretsIn: (entry: string) => readonly string[],
): Input<readonly T[]> {
  const masked = (raw: string) => {
    try {
      return [raw, ...entriesOf(raw).flatMap(secretsIn)];
    } catch {
      return [raw];
    }
  };
  return create(
    { secretsIn: masked },
    (raw) => each(entriesOf(raw), parse, (_, at) => `entry ${at + 1}`),
    true,
  );
}

/** One entry per line, blank lines and lines that begin with `#` ignored; or a JSON array of strings. */
export function list(given: Given = {}): ListInput {
  return {
    ...create(given, entriesOf),
    of: (parse, identity) =>
      create(given, (raw) => {
        const values = each(entriesOf(raw), parse);
        return identity === undefined ? values : distinct(values, identity);
      }),
  };
}

/** Names that hold no comma: separated by commas or line ends; or a JSON array of strings. */
export function names(given: Given = {}): Input<readonly string[]> {
  return create(given, namesOf);
}

/** `true` or `false`, also `True`, `TRUE` and so on, as YAML 1.2 has them. */
export function boolean(given: { readonly default: 'true' | 'false' }): Input<boolean> {
  return create(given, (raw) => {
    if (/^(true|True|TRUE)$/.test(raw)) return true;
    if (/^(false|False|FALSE)$/.test(raw)) return false;
    throw new Error('allowed: true, false');
  });
}

/** `90s`, `10m`, `1h30m`, in milliseconds. */
export function duration(given: { readonly default: string }): Input<number> {
  return create(given, milliseconds);
}

/** `512MB`, `1GiB`, in bytes. */
export function size(given: { readonly default: string }): Input<number> {
  return create(given, bytes);
}

/** One word of a closed list. */
export function oneOf<const W extends string>(
  words: readonly W[],
  given: { readonly default: NoInfer<W> },
): Input<W> {
  return create(given, (raw) => {
    const word = words.find((candidate) => candidate === raw);
    if (word === undefined) throw new Error(`allowed: ${words.join(', ')}`);
    return word;
  });
}

/** A whole number within limits; undefined when there is neither a value nor a default. */
export function integer(given: {
  readonly default: string;
  readonly min?: number;
  readonly max?: number;
}): Input<number>;
export function integer(given?: { readonly min?: number; readonly max?: number }): Input<number | undefined>;
export function integer(
  given: { readonly default?: string; readonly min?: number; readonly max?: number } = {},
): Input<number | undefined> {
  const { min = 0, max = Number.MAX_SAFE_INTEGER } = given;
  return create(given, (raw) => {
    if (raw === '') return undefined;
    const value = /^-?\d{1,15}$/.test(raw) ? Number(raw) : Number.NaN;
    if (value >= min && value <= max) return value;
    throw new Error(
      max === Number.MAX_SAFE_INTEGER
        ? `allowed: a whole number, ${min} or more`
        : `allowed: a whole number from ${min} to ${max}`,
    );
  });
}

/** The inputs of every action that asks GitHub. `verdicts` are those of the action: `fail-on-verdict` knows no others. */
export function commonInputs(verdicts: readonly string[]) {
  return {
    token: secret(),
    'app-id': text(),
    'app-private-key': secret(),
    ...commonInputsWithoutLogin(verdicts),
  } as const;
}

/** Those of an action that asks GitHub nothing: it is given no token. */
export function commonInputsWithoutLogin(verdicts: readonly string[]) {
  return {
    'dry-run': boolean({ default: 'false' }),
    'fail-on-verdict': names().check((given) => {
      const strange = given.filter((name) => !verdicts.includes(name));
      if (strange.length === 0) return;
      const errors = strange.map((name) => new Error(`${shown(name)}: allowed: ${verdicts.join(', ')}`));
      throw new AggregateError(errors);
    }),
  } as const;
}

/**
 * Reads every input of `spec` from the environment in which the runner starts an action; `check` looks at them together.
 * Throws one SluiceError `invalid-input` that lists every problem: the name, what was given, what is allowed.
 */
export function parseInputs<const S extends Spec>(spec: S, env: Env, check: Check<S> = () => []): Inputs<S> {
  const problems: string[] = [];
  const values = Object.entries(spec).flatMap(([name, input]) => {
    const given = (env[variableOf(name)] ?? '').trim();
    const raw = given === '' ? input.default : given;
    if (raw === '' && input.required) {
      problems.push(`${name}: is required and was not given`);
      return [];
    }
    try {
      return [[name, input.parse(raw)] as const];
    } catch (error) {
      // Several at once are those of a list, and each names its entry.
      const value = input.secret || error instanceof AggregateError ? '' : `${shown(raw)}: `;
      problems.push(...reasonsOf(error).map((why) => `${name}: ${value}${why}`));
      return [];
    }
  });
  // Each name has the value that its own parser returned; without a problem all names of the spec are there.
  const inputs = Object.fromEntries(values) as Inputs<S>;
  problems.push(...check(inputs));
  if (problems.length > 0) throw invalidInputs(problems);
  return inputs;
}

/** The variable in which the runner hands over an input: upper case, `_` for a space; a dash stays. */
export function variableOf(name: string): string {
  return `INPUT_${name.replaceAll(' ', '_').toUpperCase()}`;
}

/** The values of all secret inputs, and the secrets in others, to be masked before anything is logged. */
export function secretsOf(spec: Spec, env: Env): readonly string[] {
  return Object.entries(spec)
    .flatMap(([name, input]) => input.secretsIn((env[variableOf(name)] ?? '').trim()))
    .filter((value) => value !== '');
}

function create<T>(given: Given, parse: (raw: string) => T, isSecret = false): Input<T> {
  return {
    default: given.default ?? '',
    required: given.required ?? false,
    secret: isSecret,
    secretsIn: given.secretsIn ?? ((raw) => (isSecret ? [raw] : [])),
    parse,
    check: (rule) =>
      create(
        given,
        (raw) => {
          const value = parse(raw);
          rule(value);
          return value;
        },
        isSecret,
      ),
  };
}

/** Parses every entry, so that all the wrong ones are reported. */
function each<T>(
  entries: readonly string[],
  parse: (entry: string) => T,
  name: (entry: string, at: number) => string = shown,
): readonly T[] {
  const errors: Error[] = [];
  const values = entries.flatMap((entry, at) => {
    try {
      return [parse(entry)];
    } catch (error) {
      errors.push(...reasonsOf(error).map((why) => new Error(`${name(entry, at)}: ${why}`)));
      return [];
    }
  });
  if (errors.length > 0) throw new AggregateError(errors);
  return values;
}

function distinct<T>(values: readonly T[], identity: (value: T) => string): readonly T[] {
  const first = new Map<string, T>();
  for (const value of values) {
    const key = identity(value);
    if (!first.has(key)) first.set(key, value);
  }
  return [...first.values()];
}

function reasonsOf(error: unknown): readonly string[] {
  if (error instanceof AggregateError) return error.errors.flatMap(reasonsOf);
  return [error instanceof Error ? error.message : String(error)];
}

function shown(value: string): string {
  const open = withoutUserinfo(value);
  return JSON.stringify(open.length > 80 ? `${open.slice(0, 77)}…` : open);
}

function invalidInputs(problems: readonly string[]): SluiceError {
  const count = problems.length === 1 ? 'An input is wrong' : `${problems.length} problems in the inputs`;
  return new SluiceError('input', 'invalid-input', `${count}: ${problems.join('; ')}`, {
    hint: 'Correct the `with:` block of this step.',
    problems,
  });
}

export { contractProblems } from './contract-check.ts';
