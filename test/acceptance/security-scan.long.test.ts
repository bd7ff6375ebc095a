import { describe, expect, it } from 'vitest';
import { json, recordOf, sbomOf, verdictOf } from './sbom-scan-setup.ts';
import { withStage } from './security-scan-setup.ts';

const qs = () => recordOf('GHSA-hrpp-h998-j3pp', 'qs', '6.7.3', { aliases: ['CVE-2022-24999'] });
const clean = { exitCode: 0, verdict: 'clean', ok: 'true' };
const vulnerable = { exitCode: 1, verdict: 'vulnerable', ok: 'false' };
const couldNot = { exitCode: 1, verdict: 'could-not-scan', ok: 'unknown' };

describe('security-scan', { timeout: 60_000 }, () => {
  it(
    'opens one issue for what is found in what is active, leaves it alone while nothing changes, closes it when it is gone, and opens it again when it is back',
    withStage(async ({ know, publish, deploy, scan, issues, comments, github }) => {
      deploy('payments', { sbom: publish('v1', sbomOf('qs@6.7.0', 'ws@8.0.0')) });
      expect(verdictOf(await scan())).toEqual({ ...clean, reason: 'nothing-found' });
      expect(issues()).toEqual([]);

      await know(qs());
      const found = await scan();
      expect(verdictOf(found)).toEqual({ ...vulnerable, reason: 'at-threshold' });
      expect(found.outputs).toMatchObject({ findings: '1', unmatched: '0', issues: '1' });
      expect(found.outputs.summary).toBe(
        '1 active Deployment in production has 1 vulnerability that counts: GHSA-hrpp-h998-j3pp in payments in production.',
      );
      expect(json(found)).toMatchObject({
        deployments: [
          { project: 'payments', verdict: 'vulnerable', findings: 1, sbom: { url: /^http/ } },
        ].map((one) => ({ ...one, sbom: { url: expect.stringMatching(one.sbom.url) } })),
        findings: [{ id: 'GHSA-hrpp-h998-j3pp', where: ['payments in production'], issue: 1 }],
        issues: { opened: [1], updated: [], closed: [] },
      });
      const [issue] = issues();
      expect(issue).toMatchObject({
        title: 'GHSA-hrpp-h998-j3pp: qs does harm',
        labels: ['sluice-security'],
      });
      expect(issue?.body).toContain('qs 6.7.0');
      expect(found.summary).toContain('#1');

      const writes = () => github.requests.filter(({ method }) => ['POST', 'PATCH'].includes(method)).length;
      const before = writes();
      expect(verdictOf(await scan())).toEqual({ ...vulnerable, reason: 'at-threshold' });
      // GraphQL's two: the Deployments, and as whom the token writes.
      expect(writes()).toBe(before + 2);

      deploy('payments', { sbom: publish('v2', sbomOf('qs@6.7.3')) });
      const mended = await scan();
      expect(verdictOf(mended)).toEqual({ ...clean, reason: 'nothing-found' });
      expect(json(mended).issues).toMatchObject({ closed: [1] });
      expect(issues()).toMatchObject([{ state: 'closed', stateReason: 'completed' }]);
      expect(comments()).toEqual([expect.stringContaining('Nothing that is active has it any more')]);

      deploy('payments', { sbom: publish('v3', sbomOf('qs@6.7.1')) });
      expect(json(await scan()).issues).toMatchObject({ reopened: [1], opened: [] });
      expect(issues()).toMatchObject([{ state: 'open', body: expect.stringContaining('qs 6.7.1') }]);
    }),
  );

  it(
    'takes no Deployment without an SBOM for a clean one, and no lack of Deployments for a clean environment',
    withStage(async ({ publish, deploy, scan }) => {
      expect(verdictOf(await scan())).toEqual({ ...couldNot, reason: 'no-deployment' });
      deploy('payments', { sbom: publish('v1', sbomOf('ws@8.0.0')) });
      deploy('ledger');
      const run = await scan();
      expect(verdictOf(run)).toEqual({ ...couldNot, reason: 'no-sbom' });
      expect(run.outputs.summary).toContain('ledger in production: Its Deployment names no SBOM.');
      expect(json(run).deployments).toMatchObject([
        { project: 'ledger', verdict: 'could-not-scan', reason: 'no-sbom' },
        { project: 'payments', verdict: 'clean' },
      ]);
    }),
  );
});
