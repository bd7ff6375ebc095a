import type { ScanStage } from './stages.ts';

/** What sbom-scan says, as far as a gate looks at it. */
export const scanned = (verdict: 'clean' | 'vulnerable' | 'could-not-scan'): ScanStage => ({
  type: 'scanned',
  outcome: {
    verdict,
    ok: 'unknown',
    reason:
      verdict === 'clean' ? 'nothing-found' : verdict === 'vulnerable' ? 'at-threshold' : 'nothing-to-scan',
    summary: `image is ${verdict}.`,
    result: { schema: 'sluice.sbom-scan.v1' },
    outputs: { findings: '1', unmatched: '0', sarif: '' },
    page: `**image is ${verdict}**\n`,
  },
});
