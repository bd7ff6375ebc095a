import { parseInputs } from '@sluice/core/contract';
import { expect, it } from 'vitest';
import { deployInputs } from '../inputs.ts';
import { plan } from '../test-stage.ts';
import { mergeOutcome } from './merge-outcome.ts';

const url = 'https://github.example/acme/gitops/pull/1';

function outcome(given: Readonly<Record<string, string>>, armed = false) {
  const env = Object.entries({ images: 'shop:2', ...given }).map(
    ([name, value]) => [`INPUT_${name.toUpperCase()}`, value] as const,
  );
  const target = { repository: 'acme/gitops', url: 'https://github.example/acme/gitops', branch: 'main' };
  const applied = {
    type: 'proposed',
    did: 'created',
    ...{ plan, commit: 'f'.repeat(40), branch: 'sluice/shop' },
    pullRequest: { number: 1, url },
  } as const;
  const end = { type: 'open', armed, why: 'the branch rules ask for a review or a check' } as const;
  return mergeOutcome(parseInputs(deployInputs, Object.fromEntries(env)), [
    { bumped: { applied, target }, end },
  ]);
}

it('pending after a wait says how long it waited, for what, and what to do', () => {
  const found = outcome({ 'merge-timeout': '60s' });
  expect(found).toMatchObject({
    ...{ verdict: 'pending', ok: 'unknown' },
    summary:
      'Pull request #1 of acme/gitops was not merged within 60 s: the branch rules ask for a review or a check.',
    hint: 'Merge it and run the job again: it then waits until it is live.',
  });
  expect(found?.page).toContain(url);
  expect(found?.page).toMatch(/it then waits until it is live\.\n$/);
});

it.each([
  ['nothing was waited for', {}, false],
  ['a single look', { mode: 'once', 'merge-timeout': '60s' }, true],
] as const)('pending where there was %s claims no wait', (_, given, armed) => {
  const found = outcome(given, armed);
  expect(found?.verdict).toBe('pending');
  expect(found?.summary).not.toContain('within');
});

it('`verify: merged` is timed out after the same time', () => {
  expect(outcome({ verify: 'merged' })).toMatchObject({
    ...{ verdict: 'timed-out', reason: 'not-merged' },
    summary: expect.stringContaining('was not merged within 15 min: the branch rules'),
  });
});
