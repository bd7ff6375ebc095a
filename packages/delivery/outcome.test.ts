import { noApplication } from '@sluice/argocd/page/outcome';
import { parseInputs } from '@sluice/core/contract';
import type { Decision } from '@sluice/gitops/bump/bump-plan';
import type { Applied } from '@sluice/gitops/bump/carry-out';
import { describe, expect, it } from 'vitest';
import { deployInputs } from './inputs.ts';
import { bumpedOutcome, emptyDeployOutputs, joined, plannedOutcome, staleOutcome } from './outcome.ts';
import { plan } from './test-stage.ts';

const inputs = parseInputs(deployInputs, { INPUT_IMAGES: 'shop:2', 'INPUT_DEPLOYMENT-ID': '7' });
const target = { repository: 'acme/gitops', url: 'https://github.example/acme/gitops', branch: 'main' };
const commit = 'f'.repeat(40);
const decided = (decision: Decision): Applied => ({ type: 'settled', plan: { ...plan, decision } });
const refusal = { reason: 'outdated', why: 'It is older', hint: 'Allow it.' } as const;

describe('the verdict of a bump alone', () => {
  it.each([
    ['committed', 'committed', 'true', { type: 'committed', plan, commit }],
    ['nothing to change', 'committed', 'true', decided({ type: 'nothing' })],
    ['refused', 'refused', 'false', decided({ type: 'refused', ...refusal })],
    [
      'not found',
      'not-found',
      'false',
      decided({ type: 'not-found', ...refusal, reason: 'image-not-found' }),
    ],
    [
      'another plan than the approved one',
      'plan-stale',
      'false',
      decided({ type: 'refused', ...refusal, reason: 'plan-stale' }),
    ],
    [
      'proposed',
      'pending',
      'unknown',
      {
        type: 'proposed',
        did: 'created',
        ...{ plan, commit, branch: 'sluice/shop' },
        pullRequest: { number: 1, url: 'https://github.example/acme/gitops/pull/1' },
      },
    ],
  ] as const)('%s is %s', (_, verdict, ok, applied) => {
    const outcome = bumpedOutcome(inputs, [{ applied, target }]);
    expect(outcome).toMatchObject({ verdict, ok, result: { schema: 'sluice.root.v1' } });
    expect(Object.keys(outcome.outputs).toSorted()).toEqual(Object.keys(emptyDeployOutputs).toSorted());
    expect(outcome.outputs['deployment-id']).toBe('7');
  });

  it('a plan that nobody carried out claims nothing', () => {
    expect(plannedOutcome(inputs, [{ plan, target }])).toMatchObject({
      ...{ verdict: 'pending', ok: 'unknown', reason: 'dry-run' },
      outputs: { changed: 'false', 'commit-sha': '', 'plan-digest': plan.digest },
    });
  });

  it('a stale plan names both digests, and ends with what to do', () => {
    const outcome = staleOutcome(inputs, [{ plan, target }], 'sha256:approved');
    expect(outcome).toMatchObject({ verdict: 'plan-stale', ok: 'false', outputs: { changed: 'false' } });
    expect(outcome.summary).toContain(plan.digest);
    expect(outcome.summary).toContain('sha256:approved');
    expect(outcome.page).toMatch(/Plan again, and have the new plan approved\.\n$/);
  });
});

describe('a bump and its wait', () => {
  it.each([
    ['What was changed', { type: 'committed', plan, commit }],
    ['Nothing was changed', decided({ type: 'nothing' })],
    ['What would be changed: nothing was written', { type: 'settled', plan }],
  ] as const)('have the verdict of the wait, and one page: %s', (title, applied) => {
    const waited = noApplication(
      { sentence: 'Nobody reads it.', hint: 'Name them in `applications`.' },
      { schema: 'sluice.root.v1', not: 'deployed' },
    );
    const outcome = joined(inputs, [{ applied, target }], waited);
    expect(outcome).toMatchObject({
      ...{ verdict: 'unknown', reason: 'no-application', summary: 'Nobody reads it.' },
      result: { schema: 'sluice.root.v1', images: [], applications: [] },
    });
    expect(outcome.page).toContain(`<summary>${title}</summary>`);
    expect(outcome.page.trimEnd().split('\n').at(-1)).toContain('Name them in');
    expect(outcome.outputs.changed).toBe(String(title === 'What was changed'));
  });
});
