import { expect, test } from 'vitest';
import { readPage } from './page.ts';

const table = '| application | verdict |\n| --- | --- |\n| web | drifted |';

test('the first line is the verdict in words, without marks', () => {
  expect(readPage(`**web 1.0 is live \\(proven\\)** · 1 application · 5 s\n\n${table}\n`)).toEqual({
    headline: 'web 1.0 is live (proven)',
    advice: undefined,
  });
});

test('the last paragraph is the advice, where it is neither a table nor a list', () => {
  const page = `**web is not live**\n\n${table}\n\nTo keep the change of &lt;alice@&#8203;x.example&gt;, do nothing.\n`;
  expect(readPage(page).advice).toBe('To keep the change of <alice@x.example>, do nothing.');
  expect(readPage(`**web**\n\n${table}\n\n- web: a message`).advice).toBeUndefined();
});
