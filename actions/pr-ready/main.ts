import { runAction } from '@sluice/core/run';
import { gateInputs, gateProblems } from '@sluice/delivery/gate/inputs';
import { emptyGateOutputs, gateSchema } from '@sluice/delivery/gate/outcome';
import { runGate } from '@sluice/delivery/gate/run';

await runAction({
  name: 'pr-ready',
  spec: gateInputs,
  check: gateProblems,
  goodVerdicts: ['ready'],
  unknownVerdict: 'blocked',
  schema: gateSchema,
  emptyOutputs: emptyGateOutputs,
  run: runGate,
});
