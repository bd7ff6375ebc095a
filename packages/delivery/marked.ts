import { code, escapeMarkdown } from '@sluice/core/summary';

/** A sentence of ours as Markdown: what stands between back quotes is code. Whatever names it holds, they stay text. */
export function marked(sentence: string): string {
  return sentence
    .split('`')
    .map((part, at) => (at % 2 === 1 ? code(part) : escapeMarkdown(part)))
    .join('');
}
