import { dump } from 'js-yaml';
import { at, type Json, type JsonObject } from '../json.ts';
import { RenderError } from './yaml.ts';

type Value = Json | undefined;

function show(value: Value): string {
  if (value === undefined || value === null) return '';
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
}

function toYaml(value: Value): string {
  return dump(value ?? null).trimEnd();
}

function indent(text: string, by: number): string {
  return text.replaceAll(/^(?=.)/gm, ' '.repeat(by));
}

/** A literal, or a path such as `.Values.image.tag`. */
function operand(text: string, scope: JsonObject): Value {
  const quoted = /^"([^"]*)"$/.exec(text);
  if (quoted) return quoted[1];
  if (/^-?\d+$/.test(text)) return Number(text);
  if (text === 'true' || text === 'false') return text === 'true';
  if (/^(\.[A-Za-z_]\w*)+$/.test(text)) return at(scope, ...text.slice(1).split('.'));
  throw new RenderError(`this stand-in does not evaluate ${JSON.stringify(text)} in a Helm template`);
}

const isFalse = (value: Value) =>
  value === undefined || value === null || value === '' || value === false || value === 0;

/** Sprig's functions that our charts use; the piped value comes last, as in Go templates. */
const functions: Readonly<Record<string, (args: readonly Value[]) => Value>> = {
  eq: ([one, other]) => show(one) === show(other),
  quote: ([value]) => JSON.stringify(show(value)),
  squote: ([value]) => `'${show(value)}'`,
  default: ([fallback, value]) => (isFalse(value) ? fallback : value),
  toYaml: ([value]) => toYaml(value),
  indent: ([by, value]) => indent(show(value), Number(by)),
  nindent: ([by, value]) => `\n${indent(show(value), Number(by))}`,
  trunc: ([length, value]) => show(value).slice(0, Number(length)),
  printf: ([format, ...values]) => {
    let next = 0;
    return show(format).replaceAll(/%[sdv]/g, () => show(values[next++]));
  },
};

function evaluate(expression: string, scope: JsonObject): Value {
  const stages = expression.split('|').map((stage) => stage.trim());
  return stages.reduce((piped: Value, stage, index) => {
    const words = stage.match(/"[^"]*"|\S+/g) ?? [];
    const call = functions[words[0] ?? ''];
    if (call === undefined) {
      if (index > 0 || words.length !== 1) {
        throw new RenderError(`template: function ${JSON.stringify(words[0])} not defined`);
      }
      return operand(words[0] ?? '', scope);
    }
    const args = words.slice(1).map((word) => operand(word, scope));
    return call(index === 0 ? args : [...args, piped]);
  }, undefined);
}

const action = /\{\{(-?)\s*((?:\/\*[\s\S]*?\*\/|"[^"]*"|[^}"])*?)\s*(-?)\}\}/g;

type Token = { readonly text: string } | { readonly action: string };

function tokenize(template: string): readonly Token[] {
  const tokens: Token[] = [];
  let offset = 0;
  let trimNext = false;
  const literal = (text: string, trimEnd: boolean) => {
    const started = trimNext ? text.trimStart() : text;
    tokens.push({ text: trimEnd ? started.trimEnd() : started });
  };
  for (const match of template.matchAll(action)) {
    literal(template.slice(offset, match.index), match[1] === '-');
    tokens.push({ action: match[2] ?? '' });
    trimNext = match[3] === '-';
    offset = match.index + match[0].length;
  }
  literal(template.slice(offset), false);
  return tokens;
}

/**
 * A Helm template over `.Values`, `.Release` and `.Chart`: values, pipes, comments, `if`/`else`/`end`.
 * Anything else throws: a chart that this cannot render must not look rendered.
 */
export function renderTemplate(template: string, scope: JsonObject): string {
  const shown: boolean[] = [];
  const visible = () => shown.every((on) => on);
  let out = '';
  for (const token of tokenize(template)) {
    if ('text' in token) out += visible() ? token.text : '';
    else if (token.action.startsWith('/*')) continue;
    else if (token.action.startsWith('if '))
      shown.push(visible() && !isFalse(evaluate(token.action.slice(3), scope)));
    else if (token.action === 'else') shown.push(!shown.pop());
    else if (token.action === 'end') shown.pop();
    else if (visible()) out += show(evaluate(token.action, scope));
  }
  return out;
}
