import { runAction } from '@sluice/core/run';
import { supersedeInputs, supersedeProblems } from '@sluice/delivery/supersede/inputs';
import { emptySupersedeOutputs } from '@sluice/delivery/supersede/outcome';
import { supersedeSchema } from '@sluice/delivery/supersede/result';
import { cancelSuperseded } from '@sluice/delivery/supersede/run';

await runAction({
  name: 'cancel-superseded',
  spec: supersedeInputs,
  check: supersedeProblems,
  goodVerdicts: ['cancelled', 'nothing'],
  unknownVerdict: 'incomplete',
  schema: supersedeSchema,
  emptyOutputs: emptySupersedeOutputs,
  run: cancelSuperseded,
});
