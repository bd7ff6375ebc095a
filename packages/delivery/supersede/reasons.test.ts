import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';

const read = (file: string): string => readFileSync(new URL(file, import.meta.url), 'utf8');
const readme = read('../../../actions/cancel-superseded/README.md');

test('the README lists every reason for which a run is cancelled or kept, with its meaning', () => {
  const [, cancel = '', keep = ''] =
    /CancelReasons \{([\s\S]*?)\n\}[\s\S]*KeepReasons \{([\s\S]*?)\n\}/.exec(read('reasons.ts')) ?? [];
  const rows = [...`${cancel}${keep}`.matchAll(/readonly '?([\w-]+)'?: '(.*)';/g)];
  expect(rows.length).toBeGreaterThan(30);
  for (const [, code, meaning] of rows) expect(readme).toContain(`| \`${code}\` | ${meaning} |`);
});
