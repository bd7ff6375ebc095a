import { argocdLogin, expectationInputs, waitProblems, watchInputs } from '@sluice/argocd/inputs';
import { goodWaitVerdicts, waitSchema, waitVerdicts } from '@sluice/argocd/page/outcome';
import { runArgoSyncWait } from '@sluice/argocd/run';
import { commonInputs } from '@sluice/core/contract';
import { runAction } from '@sluice/core/run';

await runAction({
  name: 'argo-sync-wait',
  spec: {
    ...commonInputs(waitVerdicts),
    ...argocdLogin({ required: true }),
    ...expectationInputs,
    ...watchInputs,
  },
  check: waitProblems,
  goodVerdicts: goodWaitVerdicts,
  unknownVerdict: 'unknown',
  schema: waitSchema,
  emptyOutputs: { revision: '' },
  run: runArgoSyncWait,
});
