import { formatPath, type Step } from '@sluice/gitops/path';
import { at, isRecord, type Json } from '../json.ts';

const EXPRESSION = /\{\{-?\s*(.*?)\s*-?\}\}/gs;
/** `{{ image.tag }}`, and as Go templates have it `{{ .image.tag }}`, also in lower case. */
const PARAMETER = /^\.?([A-Za-z_][\w-]*(?:\.[\w-]+)*)(\s*\|\s*(?:lower|trim|toString))*$/;
const CONTROL = /\{\{-?\s*(?:if|else|end|range|with|define|template|block)\b/;
const ANYTHING = '[\\s\\S]*';

/** A text of a template with what is known of its parameters put in. */
export interface Rendered {
  /** A regular expression for the whole of it. */
  readonly like: string;
  /** The text, where all of it is known. */
  readonly exact?: string;
}

/** Undefined for one with conditions or loops. */
export function renderText(template: string, parameters: Json): Rendered | undefined {
  if (CONTROL.test(template)) return undefined;
  let like = '^';
  let exact: string | undefined = '';
  let end = 0;
  for (const match of template.matchAll(EXPRESSION)) {
    const literal = template.slice(end, match.index);
    const value = valueIn(match[1] ?? '', parameters);
    like += RegExp.escape(literal) + (value === undefined ? ANYTHING : RegExp.escape(value));
    exact = value === undefined || exact === undefined ? undefined : exact + literal + value;
    end = match.index + match[0].length;
  }
  const rest = template.slice(end);
  return { like: `${like}${RegExp.escape(rest)}$`, ...(exact !== undefined && { exact: exact + rest }) };
}

/** The parameter of an expression that is nothing else; undefined for functions of it. */
function parameterOf(expression: string): string | undefined {
  return PARAMETER.exec(expression)?.[1];
}

function valueIn(expression: string, parameters: Json): string | undefined {
  const name = parameterOf(expression);
  if (name === undefined) return undefined;
  const value = at(parameters, ...name.split('.')) ?? at(parameters, name);
  if (value === undefined || value === null || typeof value === 'object') return undefined;
  const lower = /\|\s*lower/.test(expression) ? String(value).toLowerCase() : String(value);
  return /\|\s*trim/.test(expression) ? lower.trim() : lower;
}

/** A text below an object that uses a parameter, and where it stands. */
export interface Use {
  readonly path: string;
  readonly text: string;
}

/** Every text below `root` that has the parameter as an expression. */
export function usesOf(root: Json, parameter: string, steps: readonly Step[] = []): readonly Use[] {
  if (typeof root === 'string') {
    const names = [...root.matchAll(EXPRESSION)].map(([, inner = '']) => parameterOf(inner));
    return names.includes(parameter) && steps.length > 0 ? [{ path: formatPath(steps), text: root }] : [];
  }
  if (Array.isArray(root)) {
    const last = steps.at(-1);
    return root.flatMap((item: Json, index) =>
      last === undefined || last.select !== undefined
        ? usesOf(item, parameter, [...steps, { key: String(index) }])
        : usesOf(item, parameter, [...steps.slice(0, -1), { ...last, select: { index } }]),
    );
  }
  if (!isRecord(root)) return [];
  return Object.entries(root).flatMap(([key, value]) => usesOf(value, parameter, [...steps, { key }]));
}
