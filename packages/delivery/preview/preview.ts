import type { World } from '@sluice/core/run';
import type { PreviewInputs } from './inputs.ts';
import type { PreviewOutcome } from './outcome.ts';

/** ephemeral-env: what each operation needs is loaded for it alone. */
export async function runPreview(inputs: PreviewInputs, world: World): Promise<PreviewOutcome> {
  switch (inputs.operation) {
    case 'deploy':
      return (await import('./deploy.ts')).deployPreview(inputs, world);
    case 'remove':
      return (await import('./remove.ts')).removePreview(inputs, world);
    case 'sweep':
      return (await import('./sweep.ts')).sweepPreviews(inputs, world);
  }
}
