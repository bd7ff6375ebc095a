import { expect, test } from 'vitest';
import { parseRun } from './runs.ts';

const mark = '[sluice shop/qa]';
test.each([
  ['of `run-name`', { display_title: `Deploy 1.4 ${mark}`, head_commit: { message: 'Mend it' } }, true],
  ['of `run-name`, without a commit', { display_title: `Deploy ${mark}`, head_commit: null }, true],
  ['of the workflow', { name: `Deploy ${mark}`, display_title: 'Mend it' }, true],
  [
    'of the commit, which a pull request may have named',
    { display_title: `Mend it ${mark} (#5)`, head_commit: { message: `Mend it ${mark} (#5)\n\nAll of it` } },
    false,
  ],
  [
    'of a commit whose line is cut',
    { display_title: `Mend it ${mark}…`, head_commit: { message: `Mend it ${mark} and more` } },
    false,
  ],
])('a run says its key by a name %s', (_, given, isNamed) => {
  const run = parseRun({ id: 1, status: 'queued', name: 'CI', ...given });
  expect(run?.names.some((name) => name.includes(mark))).toBe(isNamed);
});
