import { realpathSync } from 'node:fs';
import type { World } from '@sluice/core/run';
import type { BuildInputs } from './inputs.ts';
import type { BuildOutcome } from './outcome.ts';
import { findPaths } from './paths.ts';

/** build-gate: builds the image, or takes the one that is given, starts it, lists and scans what is in it, and pushes what has passed. */
export async function runBuildGate(inputs: BuildInputs, world: World): Promise<BuildOutcome> {
  const root = realpathSync(world.context.workspace ?? '.');
  const paths = inputs.image === undefined ? findPaths(inputs, root) : undefined;
  const { tryGate } = await import('./try-gate.ts');
  return tryGate(inputs, world, root, paths);
}
