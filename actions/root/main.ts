import { runAction } from '@sluice/core/run';
import { deployProblems } from '@sluice/delivery/check-inputs';
import { deploy } from '@sluice/delivery/deploy';
import { deployInputs, goodDeployVerdicts } from '@sluice/delivery/inputs';
import { deploySchema, emptyDeployOutputs } from '@sluice/delivery/outcome';

await runAction({
  name: 'sluice',
  spec: deployInputs,
  check: deployProblems,
  goodVerdicts: goodDeployVerdicts,
  unknownVerdict: 'unknown',
  schema: deploySchema,
  emptyOutputs: emptyDeployOutputs,
  run: deploy,
});
