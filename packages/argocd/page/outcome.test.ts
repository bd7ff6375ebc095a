import type { Change } from '@sluice/gitops/change';
import { expect, describe as group, it } from 'vitest';
import type { ApplicationVerdict } from '../watch/wait.ts';
import { noApplication, partlyRead, waitOutcome } from './outcome.ts';
import { change, sha, verdictOf } from './test-report.ts';
import { ofEachApplication } from './worst.ts';

const live = verdictOf('payments-eu', {
  proof: [
    {
      place: 'Deployment payments/payments-api container app',
      image: 'registry.example/acme/payments-api:1.4.2',
      object: { group: 'apps', kind: 'Deployment', namespace: 'payments', name: 'payments-api' },
      container: 'app',
      seen: 'sync-result',
    },
  ],
});

const overwrittenBy = {
  ...{ sha: '1123f0e'.padEnd(40, '0'), author: 'alice <a@example.com>', path: 'apps/x.yaml' },
  ...{ place: 'Deployment/payments-api container app', from: 'a:1.4.2', to: 'a:1.3.9', newer: false },
};
const drifted = verdictOf('payments-us', {
  verdict: 'drifted',
  reason: 'overwritten',
  sentence: 'The change was overwritten: 1123f0e by alice',
  missing: ['contained'],
  overwrittenBy,
});

const report = (...applications: ApplicationVerdict[]) =>
  waitOutcome({ expected: { change }, applications, took: 41_200 });

group('the outcome of a wait', () => {
  it('live: the page of ten seconds', () => {
    const outcome = report(live);
    expect(outcome).toMatchObject({
      verdict: 'live',
      ok: 'true',
      reason: 'proven',
      outputs: { revision: sha },
    });
    expect(outcome.hint).toBeUndefined();
    expect(outcome.summary).toBe('payments-api 1.4.2 is live in production.');
    expect(outcome.page).toBe(`**payments-api 1.4.2 is live in production** · 1 application · 41 s

| application | verdict | revision | image | time |
| --- | --- | --- | --- | --- |
| [payments-eu](https://argocd.example/applications/argocd/payments-eu) | live | [\`97a2c41\`](https://github.com/acme/gitops/commit/${sha}) contains the change | \`…/payments-api:1.4.2\` proven by the sync result | syncing 6 s, rollout 25 s |
`);
  });

  it('live in several, with several images: the sentence counts, and the page says nothing twice', () => {
    const [file] = change.files;
    const worker = {
      ...file,
      path: 'w.yaml',
      edits: [{ ...file?.edits[0], image: 'registry.example/worker:8' }],
    };
    const both: Change = JSON.parse(JSON.stringify({ ...change, files: [file, worker] }));
    const of = (...applications: ApplicationVerdict[]) =>
      waitOutcome({ expected: { change: both }, applications, took: 1000 });
    const { summary, page } = of(live, verdictOf('payments-us', {}));
    expect(summary).toBe('payments-api 1.4.2, worker 8 are live in production: 2 applications.');
    expect(page).toMatch(/^\*\*payments-api 1\.4\.2, worker 8 are live in production\*\* · 2 applications/);
    expect(page).not.toContain('runs the change');
  });

  it('a revision is live: that no image was checked is said, and of no change that it contains it', () => {
    const sentence =
      'payments-eu is Synced and Healthy at 97a2c41. No image was checked: a `revision` names none.';
    const revised = { ...live, verdict: { ...live.verdict, sentence } };
    const { summary, page } = waitOutcome({
      ...{ expected: { revision: sha }, took: 1000 },
      applications: [revised],
    });
    expect(summary).toBe(sentence);
    expect(page).toContain('No image was checked: a \\`revision\\` names none.\n\n|');
    expect(page).not.toContain('contains the change');
  });

  it('each thing is said once: no sentence of what is live, no name twice, no message that stands elsewhere', () => {
    const late = verdictOf('payments-us', {
      ...{ verdict: 'failed', reason: 'degraded' },
      sentence: 'payments-us is Degraded: crash loop',
      messages: ['crash loop.', 'Its pod was evicted.'],
    });
    const { page, hint = '' } = report(live, late);
    expect(page.split('crash loop')).toHaveLength(2);
    expect(page).not.toContain('payments-eu runs the change');
    expect(page).toContain(`\n\n- **payments-us** is Degraded: crash loop\n  - Its pod was evicted.\n\n`);
    const unasked = verdictOf('payments-us', {
      ...{ verdict: 'unknown', reason: 'could-not-ask', sentence: 'No answer.', messages: ['Look at it.'] },
    });
    expect(report(unasked).page.split('Look at it.')).toHaveLength(2);
    expect(hint).not.toBe('');
  });

  it('not in time: after how long, what was not seen, in words, and what to do', () => {
    const late = verdictOf('payments-eu', {
      ...{ verdict: 'timed-out', reason: 'timed-out', missing: ['synced', 'operation', 'running'] },
    });
    const { page, hint } = report(late);
    expect(page).toMatch(/^\*\*payments-api 1\.4\.2 is not live in production: not reached in 41 s\*\*/);
    expect(hint).toMatch(
      /^Not seen: Synced, a sync that succeeded, the new image running\. Run the job again, or raise `timeout`; .*`sync: when-manual`/,
    );
  });

  it('drifted: who did it and what to do, and the worst of several speaks', () => {
    const outcome = report(live, drifted);
    expect(outcome).toMatchObject({ verdict: 'drifted', ok: 'false', reason: 'overwritten' });
    expect(outcome.summary).toBe(
      '1 of 2 applications drifted, payments-us: The change was overwritten: 1123f0e by alice',
    );
    expect(outcome.hint).toContain('to keep the change of alice');
    expect(outcome.result.overwrittenBy).toEqual({
      commit: overwrittenBy.sha,
      author: overwrittenBy.author,
      path: 'apps/x.yaml',
      place: overwrittenBy.place,
      from: 'a:1.4.2',
      to: 'a:1.3.9',
    });
    expect(outcome.page.split('\n')[0]).toBe(
      '**payments-api 1.4.2 is not live in production: the change was overwritten** · 2 applications · 41 s',
    );
  });

  it.each([
    ['failed', 'drifted'],
    ['drifted', 'not-effective'],
    ['not-effective', 'timed-out'],
    ['timed-out', 'unknown'],
    ['unknown', 'superseded'],
    ['superseded', 'live'],
  ] as const)('%s is worse than %s', (worse, better) => {
    const [one, other] = [verdictOf('a', { verdict: better }), verdictOf('b', { verdict: worse })];
    expect(report(one, other).verdict).toBe(worse);
    expect(report(other, one).verdict).toBe(worse);
  });

  it('live where a part of the change is read by nobody: unknown, and which part', () => {
    const seen = { expected: { change }, took: 41_200 };
    const of = (...applications: ApplicationVerdict[]) =>
      waitOutcome({ ...seen, applications, unread: ['apps/nested/worker.yaml'] });
    expect(of(live)).toMatchObject({
      verdict: 'unknown',
      ok: 'unknown',
      reason: 'unread-files',
      summary: expect.stringContaining('apps/nested/worker.yaml'),
      hint: expect.stringContaining('`applications`'),
      result: { applications: [{ name: 'payments-eu', verdict: 'live' }] },
    });
    expect(of(live).page).toContain('No application that Argo CD shows');
    expect(of(drifted)).toMatchObject({ verdict: 'drifted', reason: 'overwritten' });
  });

  it('such a part is told before anything is written', () => {
    const telling = { schema: 'sluice.root.v1', not: 'deployed' } as const;
    expect(partlyRead([], telling)).toBeUndefined();
    expect(partlyRead(['a.yaml', 'b.yaml'], telling)).toMatchObject({
      verdict: 'unknown',
      reason: 'unread-files',
      summary: expect.stringContaining('2 files of the change: a.yaml, b.yaml'),
      result: { schema: 'sluice.root.v1', applications: [] },
      page: expect.stringMatching(/^\*\*Not deployed: No application that Argo CD shows/),
    });
  });

  it('two sources of one application are one application, and the worse one speaks', () => {
    const merged = ofEachApplication([live, { ...drifted, selected: live.selected }, verdictOf('other', {})]);
    expect(merged.map(({ selected, verdict }) => [selected.application.name, verdict.verdict])).toEqual([
      ['payments-eu', 'drifted'],
      ['other', 'live'],
    ]);
    expect(merged[0]?.verdict.proof).toHaveLength(1);
  });

  it('text of others cannot become Markdown', () => {
    const evil = verdictOf('a', {
      verdict: 'failed',
      reason: 'degraded',
      sentence: '<img src=x> | [x](http://e)',
    });
    expect(report(evil).page).toContain('&lt;img src=x&gt; \\| \\[x\\]\\(http://e\\)');
  });

  it('no application is no success', () => {
    expect(noApplication({ sentence: 'None was found.', hint: 'Look for it.' })).toMatchObject({
      ...{ verdict: 'unknown', ok: 'unknown', reason: 'no-application' },
      ...{ summary: 'None was found.', hint: 'Look for it.' },
      page: '**Not verified: None was found.**\n\nLook for it.\n',
    });
  });
});
