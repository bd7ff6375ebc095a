import { expect, test } from 'vitest';
import { isTriggered } from './triggers.ts';
import { readWorkflow } from './workflow-file.ts';

const jobs = 'jobs: { a: { runs-on: x, steps: [{ run: a }] } }';

test.each([
  ['on: push', 'push', undefined, true],
  ['on: push', 'pull_request', 'opened', false],
  ['on: [push, pull_request]', 'pull_request', 'reopened', true],
  ['on: pull_request', 'pull_request', 'labeled', false],
  ['on: pull_request', 'pull_request', 'closed', false],
  ['on: { pull_request: { types: [labeled] } }', 'pull_request', 'labeled', true],
  ['on: { pull_request: { types: [labeled] } }', 'pull_request', 'opened', false],
  ['on: { pull_request: , merge_group: }', 'merge_group', 'checks_requested', true],
  ['on: pull_request', 'merge_group', 'checks_requested', false],
  ["on: { schedule: [{ cron: '0 4 * * *' }] }", 'schedule', undefined, true],
])('%s: %s %s starts it: %s', async (on, event, action, starts) => {
  expect(isTriggered(await readWorkflow(`${on}\n${jobs}`), event, action)).toBe(starts);
});

test('a filter of branches is not known, and refused', async () => {
  const file = await readWorkflow(`on: { push: { branches: [main] } }\n${jobs}`);
  expect(() => isTriggered(file, 'push')).toThrow('branches');
});
