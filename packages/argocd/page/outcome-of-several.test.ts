import { expect, it } from 'vitest';
import type { WaitOutcome } from './outcome.ts';
import { outcomeOfSeveral } from './outcome-of-several.ts';

const outcome = (verdict: WaitOutcome['verdict'], name: string): WaitOutcome => ({
  verdict,
  ok: verdict === 'live' ? 'true' : 'false',
  reason: verdict === 'live' ? 'proven' : 'timed-out',
  summary: `${name} is ${verdict}.`,
  result: {
    schema: 'sluice.argo-sync-wait.v1',
    applications: [
      {
        ...{ name, namespace: 'argocd', server: 'https://argocd.example', verdict, reason: 'proven' },
        ...{ revision: '', missing: [], messages: [], images: [] },
      },
    ],
  },
  outputs: { revision: name },
  page: `**${name}**\n`,
});

it('one is itself', () => {
  const one = outcome('live', 'shop');
  expect(outcomeOfSeveral([one])).toBe(one);
});

it('the worst speaks for all, and all applications are named', () => {
  const together = outcomeOfSeveral([outcome('live', 'shop'), outcome('timed-out', 'cart')]);
  expect(together).toMatchObject({
    verdict: 'timed-out',
    ok: 'false',
    summary: '1 of 2 repositories timed-out: cart is timed-out.',
    outputs: { revision: 'shop\ncart' },
    page: '**cart**\n\n**shop**\n',
  });
  expect(together.result.applications.map(({ name }) => name)).toEqual(['shop', 'cart']);
});

it('live is only what is live in every repository', () => {
  const together = outcomeOfSeveral([outcome('live', 'shop'), outcome('live', 'cart')]);
  expect(together).toMatchObject({ verdict: 'live', summary: 'shop is live. cart is live.' });
});
