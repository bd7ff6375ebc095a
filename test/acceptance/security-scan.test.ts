import { expect, it } from 'vitest';
import { json, recordOf, sbomOf, verdictOf } from './sbom-scan-setup.ts';
import { withStage } from './security-scan-setup.ts';

it(
  'security-scan looks up what is active, and opens one issue for what is found',
  { timeout: 60_000 },
  withStage(async ({ know, publish, deploy, scan, issues }) => {
    deploy('payments', { sbom: publish('v1', sbomOf('qs@6.7.0', 'ws@8.0.0')) });
    await know(recordOf('GHSA-hrpp-h998-j3pp', 'qs', '6.7.3', { aliases: ['CVE-2022-24999'] }));
    const found = await scan();
    expect(verdictOf(found)).toEqual({
      ...{ exitCode: 1, verdict: 'vulnerable', ok: 'false' },
      reason: 'at-threshold',
    });
    expect(found.outputs).toMatchObject({ findings: '1', unmatched: '0', issues: '1' });
    expect(json(found)).toMatchObject({
      deployments: [{ project: 'payments', verdict: 'vulnerable', findings: 1 }],
      findings: [{ id: 'GHSA-hrpp-h998-j3pp', where: ['payments in production'], issue: 1 }],
      issues: { opened: [1], updated: [], closed: [] },
    });
    expect(issues()).toMatchObject([{ title: 'GHSA-hrpp-h998-j3pp: qs does harm', state: 'open' }]);
  }),
);
