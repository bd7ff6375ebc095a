import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { cancelReasons, keepReasons } from './reasons.ts';

const file = new URL('../../../actions/cancel-superseded/README.md', import.meta.url);
const readme = readFileSync(file, 'utf8');

test('the README lists every reason for which a run is cancelled or kept, with its meaning', () => {
  const listed = readme.split('\n').filter((line) => line.startsWith('| `'));
  for (const [code, meaning] of [...Object.entries(cancelReasons), ...Object.entries(keepReasons)])
    expect(listed).toContain(`| \`${code}\` | ${meaning} |`);
});
