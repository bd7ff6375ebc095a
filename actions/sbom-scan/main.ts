import { commonInputsWithoutLogin } from '@sluice/core/contract';
import { runAction } from '@sluice/core/run';
import { scanInputs, scanProblems } from '@sluice/sbom/inputs';
import {
  emptyScanOutputs,
  goodScanVerdicts,
  scanErrorCaution,
  scanSchema,
  scanVerdicts,
} from '@sluice/sbom/page/outcome';
import { runSbomScan } from '@sluice/sbom/run';

await runAction({
  name: 'sbom-scan',
  spec: { ...scanInputs, ...commonInputsWithoutLogin(scanVerdicts) },
  check: scanProblems,
  goodVerdicts: goodScanVerdicts,
  unknownVerdict: 'could-not-scan',
  schema: scanSchema,
  emptyOutputs: emptyScanOutputs,
  errorCaution: scanErrorCaution,
  run: runSbomScan,
});
