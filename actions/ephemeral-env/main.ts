import { runAction } from '@sluice/core/run';
import { goodPreviewVerdicts, previewInputs, previewProblems } from '@sluice/delivery/preview/inputs';
import { runPreview } from '@sluice/delivery/preview/preview';
import { emptyPreviewOutputs, previewSchema } from '@sluice/delivery/preview/result';

await runAction({
  name: 'ephemeral-env',
  spec: previewInputs,
  check: previewProblems,
  goodVerdicts: goodPreviewVerdicts,
  unknownVerdict: 'unknown',
  schema: previewSchema,
  emptyOutputs: emptyPreviewOutputs,
  run: runPreview,
});
