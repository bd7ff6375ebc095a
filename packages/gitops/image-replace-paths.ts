import { SluiceError } from '@sluice/core/errors';

/** A template of `image-replace-paths`: text with Helm values in it, which together are an image reference. */
export interface ImageTemplate {
  readonly text: string;
  readonly parts: readonly TemplatePart[];
}

export type TemplatePart =
  | { readonly type: 'text'; readonly text: string }
  /** `{{ .Values.image.tag }}`: the dotted path. */
  | { readonly type: 'value'; readonly path: string };

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
    parts.push({ type: 'value', path: match[1] ?? '' });
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
