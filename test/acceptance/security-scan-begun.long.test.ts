import { describe, expect, it } from 'vitest';
import { json, recordOf, sbomOf, verdictOf } from './sbom-scan-setup.ts';
import { app, withStage } from './security-scan-setup.ts';

const couldNot = { exitCode: 1, verdict: 'could-not-scan', ok: 'unknown' };
const bad = recordOf('GHSA-a', 'qs', '6.7.3');

describe('security-scan of what has begun, and is not active', { timeout: 60_000 }, () => {
  it.each([['failure'], ['pending'], ['error']] as const)('looks it up beside what is active: %s', (state) =>
    withStage(async ({ know, publish, deploy, scan, issues }) => {
      await know(bad);
      deploy('payments', { sbom: publish('v1', sbomOf('ws@8.0.0')) });
      deploy('payments', {
        sbom: publish('v2', sbomOf('qs@6.7.0')),
        states: ['queued', 'in_progress', state],
      });
      const run = await scan();
      expect(verdictOf(run)).toMatchObject({ verdict: 'vulnerable', reason: 'at-threshold' });
      expect(run.outputs.summary).toBe(
        `1 active Deployment and 1 that has begun since in production have 1 vulnerability that counts: GHSA-a in payments in production (${state}).`,
      );
      expect(json(run).issues).toMatchObject({ opened: [1] });
      // What is mended, and becomes active, replaces it.
      deploy('payments', { sbom: publish('v3', sbomOf('qs@6.7.3')), states: ['in_progress', 'success'] });
      expect(json(await scan()).issues).toMatchObject({ closed: [1] });
      expect(issues()).toMatchObject([{ state: 'closed' }]);
    })());

  it(
    'leaves out what never began, was retired, or is older than what is active',
    withStage(async ({ know, publish, deploy, scan }) => {
      await know(bad);
      const sbom = publish('v1', sbomOf('qs@6.7.0'));
      deploy('payments', { sbom, states: ['in_progress', 'failure'] });
      deploy('payments', { sbom: publish('v2', sbomOf('ws@8.0.0')) });
      deploy('payments', { sbom, states: ['queued', 'failure'] });
      deploy('payments', { sbom, states: ['in_progress', 'inactive'] });
      expect(verdictOf(await scan())).toMatchObject({ verdict: 'clean' });
    }),
  );

  it(
    'is not clean where nothing is active, and closes no issue of what was',
    withStage(async ({ github, know, publish, deploy, scan, issues }) => {
      await know(bad);
      deploy('payments', { sbom: publish('v1', sbomOf('qs@6.7.0')) });
      expect(json(await scan()).issues).toMatchObject({ opened: [1] });
      github.repository(app).deployments.clear();
      deploy('payments', { sbom: publish('v2', sbomOf('ws@8.0.0')), states: ['in_progress'] });
      const run = await scan();
      expect(verdictOf(run)).toEqual({ ...couldNot, reason: 'no-deployment' });
      expect(run.outputs.summary).toContain('what has begun there was scanned, and what runs is not known');
      expect(json(run).issues).toMatchObject({ closed: [], kept: [1] });
      expect(issues()).toMatchObject([{ state: 'open' }]);
    }),
  );
});

describe('security-scan of a payload that it does not read', { timeout: 60_000 }, () => {
  const sbomless = { verdict: 'could-not-scan', reason: 'no-sbom' };

  it.each([
    ['of a later schema', { schema: 'sluice.deployment.v2', project: 'ledger', environment: 'production' }],
    ['that is no JSON object', 'garbage {'],
  ])('says that it is not known what it holds: one %s', (_, payload) =>
    withStage(async ({ publish, deploy, scan }) => {
      deploy('payments', { sbom: publish('v1', sbomOf('ws@8.0.0')) });
      deploy('ledger', { payload });
      const run = await scan();
      expect(verdictOf(run)).toEqual({ ...couldNot, reason: 'no-sbom' });
      expect(json(run).deployments).toMatchObject([
        { project: 'ledger', ...sbomless },
        { project: 'payments', verdict: 'clean' },
      ]);
      // The next one can be read.
      deploy('ledger', { sbom: publish('v2', sbomOf('ws@8.0.1')) });
      expect(verdictOf(await scan())).toMatchObject({ verdict: 'clean' });
    })());

  it.each([
    ['without payload', {}],
    ['with one of its own', { schema: 'acme.v1', build: 7 }],
  ])("leaves another tool's alone, %s", (_, payload) =>
    withStage(async ({ publish, deploy, scan }) => {
      deploy('payments', { sbom: publish('v1', sbomOf('ws@8.0.0')) });
      deploy('migrations', { payload });
      expect(verdictOf(await scan())).toMatchObject({ verdict: 'clean' });
    })());
});
