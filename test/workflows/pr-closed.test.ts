import { expect, test } from 'vitest';
import { callers, events, runPull } from './pr-stage.ts';

/** What ephemeral-env is given by a run of the documented caller of pr-closed.yml. */
async function given(event: Parameters<typeof runPull>[0], more = '') {
  const seen: unknown[] = [];
  await runPull(event, {
    workflow: callers.closing.replace('project: payments-api', `project: payments-api${more}`),
    world: {
      job: () => undefined,
      action: ({ inputs }) => {
        const { operation, 'skip-label': label, 'skip-mode': mode, 'skip-allowed': allowed } = inputs;
        seen.push({ operation, label, mode, allowed });
        return { passed: true };
      },
    },
  });
  return seen;
}

const closed = [events.closed, 'remove'] as const;
const swept = [{ name: 'schedule' }, 'sweep'] as const;

test.each([
  closed,
  swept,
])('which labels decide is told to ephemeral-env: %j, %s', async (event, operation) => {
  const rules = '\n      skip-label: preview\n      skip-mode: opt-in\n      skip-allowed: false';
  expect(await given(event, rules)).toEqual([
    { operation, label: 'preview', mode: 'opt-in', allowed: 'false' },
  ]);
});

test.each([closed, swept])('by default they are those of pr.yml: %j, %s', async (event, operation) => {
  expect(await given(event)).toEqual([
    { operation, label: 'skip-ephemeral', mode: 'opt-out', allowed: 'true' },
  ]);
});
