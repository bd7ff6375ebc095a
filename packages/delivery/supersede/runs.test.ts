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
  const run = parseRun({ id: 1, status: 'queued', event: 'push', name: 'CI', ...given });
  expect(run?.names.some((name) => name.includes(mark))).toBe(isNamed);
});

const [home, fork] = [{ id: 5 }, { id: 6 }];
test.each([
  ['push', home, true],
  ['workflow_dispatch', home, true],
  ['repository_dispatch', home, true],
  ['schedule', home, true],
  ['release', home, true],
  ['pull_request', home, true],
  ['pull_request_target', home, true],
  ['pull_request', fork, false],
  ['pull_request', null, false],
  ['pull_request_target', fork, false],
  ['pull_request_review', fork, false],
  ['issues', home, false],
  ['issue_comment', home, false],
  ['discussion', home, false],
  ['discussion_comment', home, false],
  ['workflow_run', home, false],
  ['merge_group', home, false],
])('of an event %s what a run is called counts only where nobody from outside has a say in it', (event, head, isNamed) => {
  const title = { name: `Deploy ${mark}`, display_title: `Deploy ${mark}` };
  const run = parseRun({ id: 1, status: 'queued', event, repository: home, head_repository: head, ...title });
  expect(run?.names.length).toBe(isNamed ? 2 : 0);
});
