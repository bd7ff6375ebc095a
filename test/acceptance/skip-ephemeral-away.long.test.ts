import path from 'node:path';
import { runBundle } from '@sluice/testbed/runner';
import { expect, test } from 'vitest';

const action = path.resolve(import.meta.dirname, '../../actions/skip-ephemeral');
/** Nothing listens there. */
const env = { GITHUB_API_URL: 'http://127.0.0.1:9/api/v3' };

test('an API that is away leaves the labels of the event, with a warning', async () => {
  const event = { pull_request: { number: 7, labels: [{ name: 'Skip-Ephemeral' }] } };
  const { exitCode, outputs, annotations } = await runBundle({ action, token: 'x', event, env });
  expect({ exitCode, ...outputs }).toMatchObject({
    ...{ exitCode: 0, verdict: 'skip', ok: 'unknown', reason: 'label-skips', skip: 'true', source: 'event' },
  });
  expect(annotations).toMatchObject([{ level: 'warning' }]);
});

test('where the event says nothing either, the pull request is deployed', async () => {
  const inputs = { 'pull-request': '7', switches: 'full: test/full' };
  const { exitCode, outputs } = await runBundle({ action, token: 'x', inputs, env });
  expect({ exitCode, ...outputs }).toMatchObject({
    ...{
      exitCode: 0,
      verdict: 'deploy',
      ok: 'unknown',
      reason: 'labels-not-read',
      skip: 'false',
      source: 'none',
    },
    switches: '{"full":false}',
  });
});
