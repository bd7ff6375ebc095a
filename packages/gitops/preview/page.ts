import { code, codeBlock, escapeMarkdown, truncate } from '@sluice/core/summary';
import { visible } from '@sluice/core/visible';
import type { RenderedDiff } from './objects.ts';

/** What came of one build: what differs, or why it was not rendered. */
export interface Rendered {
  readonly tool: 'kustomize' | 'helm';
  readonly what: string;
  readonly result: RenderedDiff | string;
}

/** Of all builds together, in bytes; the rest of the page is as large. */
const LIMIT = 300_000;

/** What renderers make of a change, each build folded. */
export function pageOf(rendered: readonly Rendered[], left: number, missing: readonly string[]): string {
  const share = Math.floor(LIMIT / Math.max(1, rendered.length));
  const more = left === 0 ? [] : [`_${left} more builds were left out of the preview._`];
  const absent = missing.map((tool) => `_Not rendered: ${code(tool)} is not on the PATH of the runner._`);
  return [...rendered.map((one) => section(one, share)), ...more, ...absent].join('\n\n');
}

function section({ tool, what, result }: Rendered, limit: number): string {
  const name = `Rendered by ${tool}: <code>${html(what)}</code>`;
  if (typeof result === 'string')
    return `Not rendered by ${tool}: ${code(what)}: ${escapeMarkdown(bounded(result))}`;
  if (result.count === 0) return `Rendered by ${tool}: ${code(what)} **does not change**`;
  const count = result.count === 1 ? '1 object changes' : `${result.count} objects change`;
  const shown = truncate(codeBlock(result.text, 'diff'), limit, 'the preview');
  return `<details><summary>${name} · ${count}</summary>\n\n${shown}\n\n</details>`;
}

/** For a line that begins with a tag: in it Markdown is text, and a backslash would be seen. */
function html(value: string): string {
  return visible(value)
    .replace(/\s*[\r\n]+\s*/g, ' ')
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replace(/@(?=\w)/g, '@&#8203;');
}

/** Why nothing was rendered at all. */
export function notRendered(why: string): string {
  return `_Not rendered: ${escapeMarkdown(bounded(why))}._`;
}

/** A renderer may say megabytes. */
function bounded(sentence: string): string {
  return sentence.length <= 500 ? sentence : `${sentence.slice(0, 500)}…`;
}
