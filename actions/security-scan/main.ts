import { runAction } from '@sluice/core/run';
import { securityInputs, securityProblems } from '@sluice/delivery/security/inputs';
import { emptySecurityOutputs } from '@sluice/delivery/security/outcome';
import { securitySchema } from '@sluice/delivery/security/result';
import { scanDeployments } from '@sluice/delivery/security/scan-deployments';
import { goodScanVerdicts, scanErrorCaution } from '@sluice/sbom/page/outcome';

await runAction({
  name: 'security-scan',
  spec: securityInputs,
  check: securityProblems,
  goodVerdicts: goodScanVerdicts,
  unknownVerdict: 'could-not-scan',
  schema: securitySchema,
  emptyOutputs: emptySecurityOutputs,
  errorCaution: scanErrorCaution,
  run: scanDeployments,
});
