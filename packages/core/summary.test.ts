import { expect, test } from 'vitest';
import {
  code,
  codeBlock,
  escapeMarkdown,
  prose,
  SUMMARY_LIMIT,
  table,
  truncate,
  withCautions,
} from './summary.ts';

test.each([
  ['<img src=x>', '&lt;img src=x&gt;'],
  ['[a](b)', '\\[a\\](b)'],
  ['a|b', 'a\\|b'],
  ['one\n# two', 'one \\# two'],
  ['@acme/team', '@&#8203;acme/team'],
  ['\u001b[31mred', '\\\\u001b\\[31mred'],
  ['a\u202egnp.exe', 'a\\\\u202egnp.exe'],
  ['</details><script>', '&lt;/details&gt;&lt;script&gt;'],
])('text from elsewhere stays text: %j', (value, wanted) => {
  expect(escapeMarkdown(value).replaceAll('\\(', '(').replaceAll('\\)', ')')).toBe(wanted);
});

test.each([
  ['nginx:1.27', '`nginx:1.27`'],
  ['a`b', '``a`b``'],
  ['`', '`` ` ``'],
  ['a|b', '`a\\|b`'],
  ['a\\|b <img>', '<code>a\\\\\\|b &lt;img&gt;</code>'],
  ['a\u202eb', '`a\\u202eb`'],
  ['', ''],
])('inline code cannot be closed by its text: %j', (value, wanted) => {
  expect(code(value)).toBe(wanted);
});

test.each([
  ['Give `actions: write`.', 'Give `actions: write`.'],
  ['A job with `always()` <b>', 'A job with `always()` &lt;b&gt;'],
  ['*one* ` alone', '\\*one\\* \\` alone'],
  ['`a|b` @acme/team', '`a\\|b` @&#8203;acme/team'],
])('of a sentence only what stands in back quotes is code: %j', (value, wanted) => {
  expect(prose(value)).toBe(wanted);
});

test('a block is fenced by more back quotes than its text has', () => {
  expect(codeBlock('+a\u2066b\r\n\tc')).toBe('```\n+a\\u2066b\r\n\tc\n```');
  expect(codeBlock('```\nx\n', 'diff')).toBe('````diff\n```\nx\n````');
});

test('the first row of a table is its head', () => {
  expect(
    table([
      ['a', 'b'],
      ['1', 'x\ny'],
    ]),
  ).toBe('| a | b |\n| --- | --- |\n| 1 | x<br>y |');
  expect(table([])).toBe('');
});

test('a page above 1 MiB is cut at the end of a line, says so, and leaves no block open', () => {
  const page = `**live**\n\n\`\`\`diff\n${'+ größer ☃\n'.repeat(100_000)}\`\`\`\n`;
  const cut = truncate(page);
  expect(Buffer.byteLength(cut)).toBeLessThanOrEqual(SUMMARY_LIMIT);
  expect(Buffer.byteLength(cut)).toBeGreaterThan(SUMMARY_LIMIT - 200);
  expect(cut).toContain('☃\n```\n\n_Shortened');
  expect(cut).not.toContain('\uFFFD');
  expect(truncate('short')).toBe('short');
});

test('what weakens a verdict stands right below it, as plain text, and the page is else as it was', () => {
  expect(withCautions('**live**\n\n| a |\n| --- |\n', ['Not checked: <x>.'])).toBe(
    '**live**\n\n> [!CAUTION]\n> Not checked: &lt;x&gt;.\n\n| a |\n| --- |\n',
  );
  expect(withCautions('**live**\n', ['One.', 'Two.'])).toBe(
    '**live**\n\n> [!CAUTION]\n> One.\n\n> [!CAUTION]\n> Two.\n',
  );
  expect(withCautions('**live**', [])).toBe('**live**');
});
