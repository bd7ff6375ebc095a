import { runAction } from '@sluice/core/run';
import { labelInputs, labelProblems, labelVerdicts } from '@sluice/delivery/labels/inputs';
import { emptyLabelOutputs, labelSchema } from '@sluice/delivery/labels/outcome';
import { runLabels } from '@sluice/delivery/labels/run';

await runAction<typeof labelInputs, 'skip' | 'deploy' | 'unknown'>({
  name: 'skip-ephemeral',
  spec: labelInputs,
  check: labelProblems,
  goodVerdicts: labelVerdicts,
  unknownVerdict: 'unknown',
  schema: labelSchema,
  emptyOutputs: emptyLabelOutputs,
  run: runLabels,
});
