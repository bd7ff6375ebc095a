import { describe, expect, it } from 'vitest';
import type { LoginWords } from '../api/authorization.ts';
import type { Listed } from '../api/port.ts';
import { argocdWith } from '../api/test-argocd.ts';
import { shortage } from '../run.ts';
import type { Choice } from './candidates.ts';
import { type Asked, selectApplications } from './select.ts';
import { application, argocdOf, changeOf, repositoryOf, source } from './test-select.ts';

describe('several servers', () => {
  const manifest = 'apps/pay/deployment.yaml';
  const reading = application('pay', { source: source('apps/pay') });
  const other = application('other', { source: source('apps/other') });
  const select = (...shown: (readonly Listed[])[]) =>
    selectApplications({
      servers: shown.map((one, at) => ({ ...argocdOf(one), server: `https://${at}.example` })),
      choice: { type: 'touched' },
      change: changeOf(manifest),
      repository: repositoryOf({ [manifest]: '' }),
      commit: 'c'.repeat(40),
    });

  it('one that shows its token nothing at all is no success of the others', async () => {
    const selection = await select([reading], []);
    expect(selection.silent).toEqual(['https://1.example']);
    expect(shortage([selection], 1)).toMatchObject({
      verdict: 'unknown',
      summary: expect.stringMatching(/^https:\/\/1\.example shows no Application at all/),
    });
  });

  it('that show nothing are named as the inputs call them', async () => {
    const servers = ['eu', 'us'].map((name) => ({
      ...argocdOf([]),
      server: `https://${name}.example`,
      name,
    }));
    const { sentence } = await selectApplications({
      ...{ servers, choice: { type: 'names', names: ['pay'] }, revision: 'c'.repeat(40) },
    });
    expect(sentence).toBe('Neither eu nor us shows an Application `pay` to this token.');
  });

  it('a selector that fits nothing: the labels are what to check', async () => {
    const { hint } = await selectApplications({
      ...{ servers: [argocdOf([])], choice: { type: 'selector', selector: 'team=pay' } },
      revision: 'c'.repeat(40),
    });
    expect(hint).toBe('Check the labels in `selector`, and that the token may `get` such applications.');
  });

  const labelled = (shown: readonly Listed[], fitting: readonly Listed[], login?: LoginWords): Asked => ({
    ...argocdWith({
      projects: async () => ({ names: ['shop'], isComplete: true }),
      list: async ({ type }) => (type === 'selector' ? fitting : shown),
    }),
    ...(login && { login }),
  });
  const chosen = (choice: Choice, ...servers: readonly Asked[]) =>
    selectApplications({
      servers: servers.map((one, at) => ({ ...one, server: `https://${at}.example` })),
      ...{ choice, change: changeOf(manifest), repository: repositoryOf({ [manifest]: '' }) },
      commit: 'c'.repeat(40),
    });
  const annotations = { 'sluice.dev/project': 'pay', 'sluice.dev/environment': 'qa' };
  const annotated = application('pay', { source: source('apps/pay') }, { annotations });
  const beside = application('web', { source: source('apps/web') }, { annotations });
  const ways: readonly (readonly [string, Choice, string])[] = [
    ['a selector', { type: 'selector', selector: 'team=pay' }, 'have the labels team=pay'],
    ['a pattern', { type: 'names', names: ['*'] }, 'fit `*`'],
    [
      'annotations',
      { type: 'annotated', key: { project: 'pay', environment: 'qa', tenant: '' } },
      'are annotated with pay, qa',
    ],
  ];

  it.each(ways)('one that shows nothing at all is no success of the others, by %s either', async (_, by) => {
    const selection = await chosen(by, labelled([annotated], [annotated]), labelled([], []));
    expect(selection.silent).toEqual(['https://1.example']);
    expect(shortage([selection], 1)).toMatchObject({
      verdict: 'unknown',
      summary: expect.stringMatching(/^https:\/\/1\.example shows no Application at all/),
    });
  });

  it.each(ways)('may have chosen applications on one of them alone, by %s', async (_, by) => {
    const lonely = application('other', { source: source('apps/other') });
    const other = labelled([lonely], []);
    const selection = await chosen(by, labelled([annotated], [annotated]), other);
    expect(shortage([selection], 1)).toBeUndefined();
  });

  it.each(ways)('what %s chooses and does not read the change is named in the log', async (_, by, how) => {
    const { notes, selected } = await chosen(by, labelled([annotated, beside], [annotated, beside]));
    expect(selected.map(({ application: { name } }) => name)).toEqual(['pay']);
    expect(notes).toEqual([`2 applications ${how}, 1 reads the change: web is left out.`]);
    expect((await chosen(by, labelled([annotated], [annotated]))).notes).toEqual([]);
  });

  it('one that shows nothing needs a policy for the subject that this run logs in as', async () => {
    const login = { name: 'x', hint: '', policyOf: (project: string) => `Add it: p, repo:acme:${project}` };
    const { hint } = await chosen({ type: 'touched' }, labelled([], [], login));
    expect(hint).toMatch(/ Add it: p, repo:acme:<project>, applications, get, <project>\/\*, allow; and /);
  });

  it('one whose applications read none of the change is told', async () => {
    const selection = await select([reading], [other]);
    expect(shortage([selection], 1)).toBeUndefined();
    expect(selection.warnings).toEqual([
      'No Application that https://1.example shows to its token reads the change.',
    ]);
  });
});
