import { SluiceError } from '@sluice/core/errors';
import { parsePath, type Step } from './path.ts';

/** A template of `image-replace-paths`: text with Helm values in it, which together are an image reference. */
export interface ImageTemplate {
  readonly text: string;
  readonly parts: readonly TemplatePart[];
}

export type TemplatePart =
  | { readonly type: 'text'; readonly text: string }
  /** `{{ .Values.image.tag }}`: the path from the root of the values. */
  | { readonly type: 'value'; readonly steps: readonly Step[] };

const VALUE = /\{\{\s*\.Values\.([^}\s]+?)\s*\}\}/g;

/**
 * Reads a template as the annotation `argo.octopus.com/image-replace-paths` has it: `{{ .Values.<path> }}` and other text, no functions.
 * Throws a SluiceError of kind input for one without a value.
 */
export function parseImageTemplate(line: string): ImageTemplate {
  const parts: TemplatePart[] = [];
  let at = 0;
  for (const match of line.matchAll(VALUE)) {
    if (match.index > at) parts.push({ type: 'text', text: line.slice(at, match.index) });
    parts.push({ type: 'value', steps: parsePath(match[1] ?? '') });
    at = match.index + match[0].length;
  }
  const rest = line.slice(at);
  if (rest !== '') parts.push({ type: 'text', text: rest });
  const isPlain = parts.every((part) => part.type === 'value' || !/[{}]/.test(part.text));
  if (at > 0 && isPlain) return { text: line, parts };
  throw new SluiceError(
    'input',
    'invalid-input',
    `${JSON.stringify(line)} is not a template of Helm values`,
    {
      hint: 'Write for example {{ .Values.image.repository }}:{{ .Values.image.tag }}; functions and pipelines are not known.',
    },
  );
}

/** Whether a template says a part of the image's name itself: then a file may hold its version and not its name. */
export function namesElsewhere(templates: readonly ImageTemplate[]): boolean {
  return templates.some(({ parts }) => parts.some((part) => part.type === 'text' && /\w/.test(part.text)));
}
