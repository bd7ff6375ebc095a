import { data, Evaluator, Lexer, Parser } from '@actions/expressions';
import { truthy } from '@actions/expressions/result';

/** What an expression may hold: `github`, `inputs`, `needs` … */
export type Contexts = Readonly<Record<string, unknown>>;

/** What the functions of `if` answer. */
export interface Status {
  readonly success: boolean;
  readonly failure: boolean;
  readonly cancelled: boolean;
  /** The results of the needed jobs, for `success('build')`, which GitHub's own schema takes. */
  readonly needs?: Readonly<Record<string, string>>;
}

/** A text holds `${{ … }}`; a string literal in it may hold braces. */
const inText = /\$\{\{((?:'[^']*'|[^'}]|\}(?!\}))*)\}\}/g;
const wholeText = new RegExp(`^\\s*${inText.source}\\s*$`);

/** Whether a condition holds, by GitHub's own expression language. */
export function isTrue(expression: string, contexts: Contexts, status: Status): boolean {
  return truthy(evaluate(expression, contexts, status));
}

/** The text with its expressions replaced. Throws for a context that is not given. */
export function interpolate(text: string, contexts: Contexts): string {
  return text.replace(inText, (_, expression: string) => evaluate(expression, contexts).coerceString());
}

/** A YAML value with its expressions replaced; one that is nothing but an expression keeps the type of its result. */
export function interpolateValue(value: unknown, contexts: Contexts): unknown {
  if (Array.isArray(value)) return value.map((one) => interpolateValue(one, contexts));
  if (typeof value === 'object' && value !== null) {
    return Object.fromEntries(
      Object.entries(value).map(([key, one]) => [key, interpolateValue(one, contexts)]),
    );
  }
  if (typeof value !== 'string') return value;
  const [, whole] = wholeText.exec(value) ?? [];
  return whole === undefined ? interpolate(value, contexts) : plain(evaluate(whole, contexts));
}

/** Several texts, by name. */
export function interpolateAll(
  values: Readonly<Record<string, string>>,
  contexts: Contexts,
): Record<string, string> {
  return Object.fromEntries(
    Object.entries(values).map(([name, text]) => [name, interpolate(text, contexts)]),
  );
}

/** The expressions in a text. */
export function expressionsIn(text: string): readonly string[] {
  return [...text.matchAll(inText)].map(([, expression = '']) => expression.trim());
}

function evaluate(expression: string, contexts: Contexts, status?: Status): data.ExpressionData {
  const functions = status === undefined ? [] : statusFunctions(status);
  const { tokens } = new Lexer(expression).lex();
  const tree = new Parser(tokens, Object.keys(contexts), functions).parse();
  const named = new Map(functions.map((one) => [one.name, one]));
  return new Evaluator(tree, dictionary(contexts), named).evaluate();
}

function statusFunctions({ success, failure, cancelled, needs = {} }: Status) {
  const one = (
    name: string,
    plainly: boolean,
    ofIds: (results: readonly (string | undefined)[]) => boolean,
  ) => ({
    name,
    minArgs: 0,
    maxArgs: ofIds === never ? 0 : 255,
    call: (...ids: data.ExpressionData[]) =>
      new data.BooleanData(ids.length === 0 ? plainly : ofIds(ids.map((id) => needs[id.coerceString()]))),
  });
  return [
    one('success', success, (results) => results.every((result) => result === 'success')),
    one('failure', failure, (results) => results.includes('failure')),
    one('cancelled', cancelled, never),
    one('always', true, never),
  ];
}

const never = (): boolean => false;

function dictionary(value: object): data.Dictionary {
  return new data.Dictionary(...Object.entries(value).map(([key, one]) => ({ key, value: dataOf(one) })));
}

function dataOf(value: unknown): data.ExpressionData {
  if (Array.isArray(value)) {
    const list = new data.Array();
    for (const one of value) list.add(dataOf(one));
    return list;
  }
  switch (typeof value) {
    case 'string':
      return new data.StringData(value);
    case 'number':
      return new data.NumberData(value);
    case 'boolean':
      return new data.BooleanData(value);
    case 'undefined':
      return new data.Null();
    case 'object':
      return value === null ? new data.Null() : dictionary(value);
    default:
      throw new Error(`An expression cannot hold ${typeof value}`);
  }
}

function plain(value: data.ExpressionData): unknown {
  return JSON.parse(JSON.stringify(value, data.replacer));
}
