import { visible } from './visible.ts';

/** Upper limit of a step's summary: above it the upload fails. */
export const SUMMARY_LIMIT = 1024 * 1024;

/** Text that Markdown and HTML leave as it is, on one line. A mention (`@name`) notifies nobody. */
export function escapeMarkdown(value: string): string {
  return visible(value)
    .replace(/\s*(\r\n|\r|\n)\s*/g, ' ')
    .replace(/[\\`*_{}[\]()#+!|~$]/g, '\\$&')
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replace(/@(?=\w)/g, '@&#8203;');
}

/** Inline code on one line, whatever back quotes the text holds; safe in a table. Empty text stays empty. */
export function code(value: string): string {
  const text = visible(value).replace(/\s*(\r\n|\r|\n)\s*/g, ' ');
  if (text === '') return '';
  // In a table a backslash escapes the next one, and then the pipe that we escape ends the cell.
  if (text.includes('\\|')) return `<code>${escapeMarkdown(text)}</code>`;
  const line = text.replaceAll('|', '\\|');
  const fence = '`'.repeat(longestRun(line) + 1);
  const pad = line.startsWith('`') || line.endsWith('`') ? ' ' : '';
  return `${fence}${pad}${line}${pad}${fence}`;
}

/** A sentence whose `back quotes` mark code: that becomes inline code, and all else is text of strangers. */
export const prose = (value: string): string =>
  value
    .split(/`([^`\r\n]+)`/)
    .map((part, index) => (index % 2 === 0 ? escapeMarkdown(part) : code(part)))
    .join('');

/** A fenced block, for example of a diff. */
export function codeBlock(value: string, language = ''): string {
  const fence = '`'.repeat(Math.max(3, longestRun(value) + 1));
  return `${fence}${language}\n${visible(value).replace(/\n$/, '')}\n${fence}`;
}

/** A page with these sentences in GitHub's own boxes, below its first paragraph: that is the verdict. */
export function withCautions(page: string, cautions: readonly string[]): string {
  if (cautions.length === 0) return page;
  const [verdict = '', ...rest] = page.split('\n\n');
  const boxes = cautions.map((caution) => `> [!CAUTION]\n> ${escapeMarkdown(caution)}`);
  return `${[verdict.trimEnd(), ...boxes, ...rest].join('\n\n').trimEnd()}\n`;
}

/** A table from rows of Markdown; the first row is its head. No rows, no table. */
export function table(rows: readonly (readonly string[])[]): string {
  const [head, ...body] = rows;
  if (head === undefined) return '';
  const line = (cells: readonly string[]) =>
    `| ${cells.map((cell) => cell.replace(/\r\n|\r|\n/g, '<br>')).join(' | ')} |`;
  return [line(head), line(head.map(() => '---')), ...body.map(line)].join('\n');
}

/** A page that fits: cut at the end of a line, with a note that says so. `bytes` counts UTF-8; `into`: what it shall fit into. */
export function truncate(page: string, bytes = SUMMARY_LIMIT, into = 'a job summary'): string {
  const whole = Buffer.from(page, 'utf8');
  if (whole.length <= bytes) return page;
  const note = `\n\n_Shortened: the whole did not fit into ${into}._\n`;
  const kept = whole.subarray(0, Math.max(0, bytes - Buffer.byteLength(note) - '\n````````'.length));
  const text = kept.toString('utf8').replace(/\uFFFD+$/, '');
  const lines = text.slice(0, text.lastIndexOf('\n') + 1);
  const cut = lines === '' ? text : lines.trimEnd();
  return `${cut}${openFence(cut)}${note}`;
}

/** What closes a fenced block that the cut left open. */
function openFence(cut: string): string {
  let open: string | undefined;
  for (const [, fence = ''] of cut.matchAll(/^(`{3,})/gm)) {
    if (open === undefined) open = fence;
    else if (fence.length >= open.length) open = undefined;
  }
  return open === undefined ? '' : `\n${open}`;
}

function longestRun(value: string): number {
  return Math.max(0, ...[...value.matchAll(/`+/g)].map(([run]) => run.length));
}
