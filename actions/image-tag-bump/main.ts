import { applicationsProblems, argocdLogin, certificateProblems } from '@sluice/argocd/inputs';
import { commonInputs } from '@sluice/core/contract';
import { runAction } from '@sluice/core/run';
import { runBump } from '@sluice/gitops/bump/bump';
import { bumpOutcome, bumpVerdicts, emptyBumpOutputs } from '@sluice/gitops/bump/bump-outcome';
import { bumpSchema } from '@sluice/gitops/bump/bump-result';
import { resolveImages } from '@sluice/gitops/images/resolve-images';
import { bumpInputs, bumpProblems } from '@sluice/gitops/inputs';
import { withComment } from '@sluice/gitops/preview/preview';

await runAction({
  name: 'image-tag-bump',
  spec: { ...bumpInputs, ...argocdLogin({ required: false }), ...commonInputs(bumpVerdicts) },
  check: (inputs) => [
    ...bumpProblems(inputs),
    ...applicationsProblems(inputs),
    ...certificateProblems(inputs),
  ],
  goodVerdicts: ['updated', 'unchanged', 'pending'],
  unknownVerdict: 'unknown',
  schema: bumpSchema,
  emptyOutputs: emptyBumpOutputs,
  run: async (given, world) => {
    const inputs = await resolveImages(given, world);
    // Few runs need it: the others start sooner without it.
    const applications = async () =>
      (await import('@sluice/argocd/api/application-list')).connectLister(inputs, world);
    const outcome = bumpOutcome(inputs, await runBump(inputs, world, { applications }));
    world.log.info(outcome.summary);
    return withComment(inputs, outcome, world);
  },
});
