import { describe, expect, it } from 'vitest';
import { json, low, recordOf, sbomOf, verdictOf } from './sbom-scan-setup.ts';
import { type Stage, withStage } from './security-scan-setup.ts';

const file = '.github/sluice-allow.yml';
const allow = ({ put }: Stage, expires: string, id = 'GHSA-a'): void =>
  put(file, `- id: ${id}\n  package: qs\n  reason: only in tests\n  expires: ${expires}\n`);
const couldNot = { exitCode: 1, verdict: 'could-not-scan', ok: 'unknown' };
const unknown = [{ name: 'zlib', version: '1.3' }, { name: 'libc' }];

describe('security-scan with an allowance that has expired', { timeout: 60_000 }, () => {
  it(
    'says that nothing needs it, at its line, and what was found all the same',
    withStage(async (stage) => {
      const { publish, deploy, scan } = stage;
      for (const project of ['ledger', 'payments'])
        deploy(project, { sbom: publish(project, sbomOf('ws@8.0.0', `${project}@1.0.0`)) });
      allow(stage, '2026-01-01');
      const run = await scan();
      expect(verdictOf(run)).toEqual({ ...couldNot, reason: 'expired-allowance' });
      expect(run.outputs.summary).toBe(
        `2 active Deployments in production have no known vulnerability, and 1 allowance has expired: ${file}:1: GHSA-a in qs was allowed to 2026-01-01: "only in tests".`,
      );
      expect(json(run)).toMatchObject({
        deployments: [{ verdict: 'clean' }, { verdict: 'clean' }],
        problems: [expect.stringContaining('GHSA-a in qs')],
      });
      const errors = run.annotations.filter(({ level }) => level === 'error');
      expect(errors).toMatchObject([
        { properties: { file, line: '1' }, message: expect.stringContaining('was allowed to 2026-01-01') },
        { message: expect.stringContaining(`Nothing needs line 1 of ${file}: remove the entry.`) },
      ]);
    }),
  );

  it(
    'opens the issue again that the allowance had closed',
    withStage(async (stage) => {
      const { know, publish, deploy, scan, issues } = stage;
      await know(recordOf('GHSA-a', 'qs', '6.7.3'));
      deploy('payments', { sbom: publish('v1', sbomOf('qs@6.7.0')) });
      await scan();
      allow(stage, '2999-12-31');
      expect(json(await scan()).issues).toMatchObject({ closed: [1] });
      allow(stage, '2026-01-01');
      const run = await scan();
      expect(verdictOf(run)).toMatchObject({ verdict: 'vulnerable', reason: 'at-threshold' });
      expect(json(run).issues).toMatchObject({ reopened: [1] });
      expect(issues()).toMatchObject([{ state: 'open' }]);
    }),
  );

  it(
    'leaves the issue open of what it had allowed, is still there, and is below the threshold now',
    withStage(async (stage) => {
      const { know, publish, deploy, scan, issues } = stage;
      await know(recordOf('GHSA-a', 'qs', '6.7.3'));
      deploy('payments', { sbom: publish('v1', sbomOf('qs@6.7.0')) });
      await scan();
      await know(recordOf('GHSA-a', 'qs', '6.7.3', { severity: low }));
      allow(stage, '2026-01-01');
      const run = await scan();
      expect(verdictOf(run)).toMatchObject({ verdict: 'vulnerable', reason: 'expired-allowance' });
      expect(json(run).issues).toMatchObject({ closed: [], kept: [1] });
      expect(issues()).toMatchObject([{ state: 'open' }]);
    }),
  );
});

it(
  'security-scan scans nothing by an allow-list that is broken, says each line, and touches no issue',
  withStage(async ({ know, publish, deploy, scan, put, issues }) => {
    await know(recordOf('GHSA-a', 'qs', '6.7.3'));
    deploy('payments', { sbom: publish('v1', sbomOf('qs@6.7.0')) });
    await scan();
    deploy('payments', { sbom: publish('v2', sbomOf('qs@6.7.3')) });
    put(file, '- id: GHSA-a\n  expires: 2999-12-31\n- id: GHSA-b\n  reason: r\n  expires: soon\n');
    const run = await scan();
    expect(verdictOf(run)).toEqual({ ...couldNot, reason: 'allow-list-broken' });
    const places = run.annotations.flatMap(({ properties }) => properties.line ?? []);
    expect(places).toEqual(['1', '5']);
    expect(issues()).toMatchObject([{ state: 'open' }]);
  }),
  60_000,
);

describe('security-scan with components that cannot be looked up', { timeout: 60_000 }, () => {
  it(
    'counts them where all else is clean, lists them in page, log and result, and is red where they are too many',
    withStage(async ({ publish, deploy, scan }) => {
      deploy('payments', { sbom: publish('v1', sbomOf('ws@8.0.0', ...unknown)) });
      const run = await scan();
      expect(verdictOf(run)).toMatchObject({ exitCode: 0, verdict: 'clean' });
      expect(run.outputs).toMatchObject({
        unmatched: '2',
        summary:
          '1 active Deployment in production has no known vulnerability; 2 components could not be looked up.',
      });
      expect(json(run).unmatched).toEqual([
        { component: 'zlib 1.3', why: 'no-purl', where: ['payments in production'] },
        { component: 'libc', why: 'no-purl', where: ['payments in production'] },
      ]);
      expect(run.summary).toContain('`zlib 1.3` in `payments in production`');
      expect(run.stdout).toContain('zlib 1.3: no purl (payments in production)');
      expect(run.stdout).toContain('1 Deployment is active in production.');

      const over = await scan({ 'max-unmatched': '1' });
      expect(verdictOf(over)).toEqual({ ...couldNot, reason: 'too-many-unmatched' });
      expect(over.outputs.summary).toContain(
        'payments in production: 2 components could not be looked up, and `max-unmatched` is 1.',
      );
      expect(over.annotations.at(-1)?.message).toContain('or raise `max-unmatched`');
    }),
  );
});

describe('security-scan of what nobody has looked at', { timeout: 60_000 }, () => {
  it(
    'is not clean where a repository that is named has no active Deployment, and closes no issue of it',
    withStage(async ({ know, publish, deploy, scan, issues, github }) => {
      const reads = { deployments: 'read', contents: 'read' } as const;
      const token = github.createToken({ permissions: reads, repositories: ['acme/other'] });
      const inputs = { 'deployment-repositories': 'acme/app\nacme/other', 'deployment-token': token };
      await know(recordOf('GHSA-a', 'qs', '6.7.3'));
      deploy('payments', { sbom: publish('v1', sbomOf('ws@8.0.0')) });
      const sbom = publish('v1', sbomOf('qs@6.7.0'), 'acme/other');
      deploy('ledger', { sbom, repository: 'acme/other' });
      expect(json(await scan(inputs)).issues).toMatchObject({ opened: [1] });
      expect(issues()).toHaveLength(1);
      github.repository('acme/other').deployments.clear();
      const run = await scan(inputs);
      expect(verdictOf(run)).toEqual({ ...couldNot, reason: 'no-deployment' });
      expect(run.outputs.summary).toContain('acme/other has no active Deployment of ours in production');
      expect(json(run).issues).toMatchObject({ closed: [], kept: [1] });
      // Nor where it is no longer named.
      const home = await scan();
      expect(verdictOf(home)).toMatchObject({ verdict: 'clean' });
      expect(json(home).issues).toMatchObject({ closed: [], kept: [1] });
      expect(issues()).toMatchObject([{ state: 'open' }]);
    }),
  );

  it(
    'names the input that reaches another repository',
    withStage(async ({ scan }) => {
      const run = await scan({ 'deployment-repositories': 'acme/other' });
      expect(verdictOf(run)).toEqual({ ...couldNot, reason: 'not-scanned' });
      expect(run.outputs.summary).toMatch(
        /^What is active in production is not known, and nothing was scanned\. The Deployments of acme\/other could not be read: /,
      );
      expect(run.annotations.at(-1)?.message).toMatch(/`app-id` and `app-private-key`.*`deployment-token`/);
    }),
  );

  it(
    'names it too where the SBOM lies in a release that the job does not reach',
    withStage(async ({ publish, deploy, scan }) => {
      deploy('payments', { sbom: publish('v1', sbomOf('ws@8.0.0'), 'acme/other') });
      const run = await scan();
      expect(verdictOf(run)).toEqual({ ...couldNot, reason: 'not-scanned' });
      expect(run.annotations.at(-1)?.message).toMatch(/`deployment-token`.*`contents: read` in acme\/other/);
    }),
  );

  it.each([
    ['an App without its key', { 'app-id': '7' }, 'only one of `app-id` and `app-private-key` is given'],
    ['the word of deploy.yml for no SBOM', { sbom: 'missing' }, '`scan` needs `sbom`'],
  ])('asks GitHub nothing with %s', (_, inputs, problem) =>
    withStage(async ({ scan, github }) => {
      const run = await scan(inputs);
      expect(verdictOf(run)).toEqual({ ...couldNot, reason: 'invalid-input' });
      expect(run.outputs.summary).toContain(problem);
      expect(github.requests).toEqual([]);
    })());
});
