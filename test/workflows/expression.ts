import { data, Evaluator, Lexer, Parser } from '@actions/expressions';
import { truthy } from '@actions/expressions/result';

/** What an expression may hold: `github`, `inputs`, `needs` … */
export type Contexts = Readonly<Record<string, unknown>>;

/** How the jobs before this one have ended, for the functions of `if`. */
export interface Status {
  readonly success: boolean;
  readonly failure: boolean;
  readonly cancelled: boolean;
}

/** Whether a job runs, by GitHub's own expression language. */
export function isTrue(expression: string, contexts: Contexts, status: Status): boolean {
  return truthy(evaluate(expression, contexts, status));
}

/** The text with its expressions replaced. Throws for a context that is not given. */
export function interpolate(text: string, contexts: Contexts): string {
  return text.replace(/\$\{\{((?:'[^']*'|[^'}])*)\}\}/g, (_, expression: string) =>
    evaluate(expression, contexts).coerceString(),
  );
}

/** The expressions in a text. */
export function expressionsIn(text: string): readonly string[] {
  return [...text.matchAll(/\$\{\{(.*?)\}\}/g)].map(([, expression = '']) => expression.trim());
}

function evaluate(expression: string, contexts: Contexts, status?: Status): data.ExpressionData {
  const functions = status === undefined ? [] : statusFunctions(status);
  const { tokens } = new Lexer(expression).lex();
  const tree = new Parser(tokens, Object.keys(contexts), functions).parse();
  const named = new Map(functions.map((one) => [one.name, one]));
  return new Evaluator(tree, dictionary(contexts), named).evaluate();
}

function statusFunctions(status: Status) {
  return Object.entries({ ...status, always: true }).map(([name, value]) => ({
    name,
    minArgs: 0,
    maxArgs: 0,
    call: () => new data.BooleanData(value),
  }));
}

function dictionary(value: object): data.Dictionary {
  return new data.Dictionary(...Object.entries(value).map(([key, one]) => ({ key, value: dataOf(one) })));
}

function dataOf(value: unknown): data.ExpressionData {
  switch (typeof value) {
    case 'string':
      return new data.StringData(value);
    case 'number':
      return new data.NumberData(value);
    case 'boolean':
      return new data.BooleanData(value);
    case 'object':
      return value === null ? new data.Null() : dictionary(value);
    default:
      throw new Error(`An expression cannot hold ${typeof value}`);
  }
}
