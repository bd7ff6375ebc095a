import { runAction } from '@sluice/core/run';
import { buildInputs, buildProblems } from '@sluice/delivery/build/inputs';
import { buildSchema, emptyBuildOutputs } from '@sluice/delivery/build/names';
import { runBuildGate } from '@sluice/delivery/build/run';

await runAction({
  name: 'build-gate',
  spec: buildInputs,
  check: buildProblems,
  goodVerdicts: ['passed'],
  unknownVerdict: 'could-not-tell',
  schema: buildSchema,
  emptyOutputs: emptyBuildOutputs,
  run: runBuildGate,
});
