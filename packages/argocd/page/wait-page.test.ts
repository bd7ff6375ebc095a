import { describe, expect, test } from 'vitest';
import type { ApplicationVerdict } from '../watch/wait.ts';
import { waitOutcome } from './outcome.ts';
import { change, sha, verdictOf } from './test-report.ts';

const page = (...applications: readonly ApplicationVerdict[]): string =>
  waitOutcome({ expected: { change }, applications, took: 41_200, gitHub: 'https://github.com' }).page ?? '';

const crash = 'Pod payments/api-5d8-a: CrashLoopBackOff: back-off restarting failed container=app';
const broken = (name: string): ApplicationVerdict =>
  verdictOf(name, {
    ...{ verdict: 'failed', reason: 'degraded', missing: ['healthy'] },
    sentence: `Deployment payments/api is Degraded. ${crash}.`,
    messages: ['Pod payments/api-5d8-a: FailedMount: secret "db" not found.'],
  });

describe('a page that is read in ten seconds', () => {
  test('what failed, where it is to be seen, why, and what to do', () => {
    expect(page(broken('payments'))).toBe(`**payments-api 1.4.2 failed in production** · 1 application · 41 s

Deployment payments/api is Degraded. ${crash}.

| application | verdict | revision | time |
| --- | --- | --- | --- |
| [payments](https://argocd.example/applications/argocd/payments?resource=health%3ADegraded) | failed | [\`97a2c41\`](https://github.com/acme/gitops/commit/${sha}) | syncing 6 s, rollout 25 s |

- Pod payments/api-5d8-a: FailedMount: secret "db" not found.

Look at the logs of its container: it starts and ends again; a new deployment of the version before brings it back.
`);
  });

  test('rolling out: how far it is', () => {
    const sentence =
      'payments is rolling out the change: Rollout payments/api is paused at step 2 of 4 (pause), 20 % of the traffic.';
    const text = page(verdictOf('payments', { verdict: 'rolling-out', reason: 'rolling-out', sentence }));
    expect(text).toMatch(/^\*\*payments-api 1\.4\.2 is rolling out in production\*\*/);
    expect(text).toContain('paused at step 2 of 4 \\(pause\\), 20 % of the traffic');
    expect(text).toContain('contains the change');
  });

  test('what an artifact contains is not told', () => {
    const one = verdictOf('payments', { verdict: 'live', reason: 'proven' });
    const source = { ...one.selected.source, repoURL: 'oci://registry.example/acme/gitops' };
    expect(page(one)).toContain('contains the change');
    expect(page({ ...one, selected: { ...one.selected, source } })).not.toContain('contains the change');
  });

  test('drift: the commit that did it leads to its page', () => {
    const by = '1123f0e'.padEnd(40, '0');
    const overwrittenBy = {
      sha: by,
      author: 'alice',
      path: 'a.yaml',
      place: 'image.tag',
      from: '1',
      to: '0',
      newer: false,
    };
    const text = page(
      verdictOf('payments', {
        ...{ verdict: 'drifted', reason: 'overwritten', overwrittenBy, revision: by },
        sentence: 'The change was overwritten: 1123f0e by alice set image.tag in a.yaml from 1 to 0.',
      }),
    );
    expect(text).toContain(
      `[\`1123f0e\`](https://github.com/acme/gitops/commit/${by}) by alice set image.tag in a.yaml`,
    );
  });

  test('of many the worst stand first, and those that are live are there to be opened', () => {
    const many = Array.from({ length: 40 }, (_, index) => verdictOf(`shop-${index}`));
    const text = page(...many, broken('payments'));
    const rows = text.split('\n').filter((line) => line.startsWith('| ['));
    expect(rows).toHaveLength(41);
    expect(rows[0]).toContain('[payments]');
    expect(text.indexOf('<details><summary>31 live more</summary>')).toBeGreaterThan(
      text.indexOf('[shop-8]'),
    );
    expect(text.indexOf('- **payments**: Deployment')).toBeGreaterThan(0);
  });

  test('of many that say much the log has the rest', () => {
    const text = page(...Array.from({ length: 50 }, (_, index) => broken(`shop-${index}`)));
    expect(text.split('\n').filter((line) => /^ *- /.test(line))).toHaveLength(61);
    expect(text).toContain('- … and 40 more in the log');
  });

  test('of several servers, which one', () => {
    const text = page(
      verdictOf('payments'),
      verdictOf('payments', {}, { server: 'https://us.example/argo' }),
    );
    expect(text).toContain('| application | server | verdict |');
    expect(text).toContain('| us.example/argo |');
  });

  test('what an application deploys says of which, and that one is none that runs the change', () => {
    const applications = [
      verdictOf('apis'),
      { ...verdictOf('api-eu'), of: 'apis' },
      { ...verdictOf('api-us'), of: 'apis' },
    ];
    const { page: text, summary } = waitOutcome({ expected: { change }, applications, took: 1000 });
    expect(summary).toBe('payments-api 1.4.2 is live in production: 2 applications.');
    expect(text).toContain('api-eu), of apis | live |');
  });

  test('of several servers that have names, those', () => {
    const on = (server: string, verdict: Parameters<typeof verdictOf>[1]) =>
      verdictOf('payments', verdict, { server: `https://${server}.example`, serverName: server });
    const failed = { verdict: 'failed', reason: 'degraded', sentence: 'It is Degraded.' } as const;
    const report = { expected: { change }, applications: [on('eu', {}), on('us', failed)], took: 1000 };
    const { page: text, summary } = waitOutcome(report);
    expect(summary).toBe('1 of 2 applications failed, us/payments: It is Degraded.');
    expect(text).toContain(') | us | failed |');
    expect(text).toContain('- **us/payments**: It is Degraded.');
  });
});
