import type { World } from '@sluice/core/run';
import type { BumpInputs, LoginInputs } from '../inputs.ts';
import { withRendered } from '../preview/preview.ts';
import { allReady, applyParts, type Bumped, notBegun, planned, planParts } from './bump-parts.ts';
import { isTooLarge } from './change-output.ts';
import { type BumpPorts, openSources } from './sources.ts';

/** Plans and, without `dry-run`, applies: in every repository of the run. */
export async function runBump(
  inputs: BumpInputs & LoginInputs & { readonly 'dry-run': boolean },
  world: World,
  ports: BumpPorts = {},
): Promise<readonly Bumped[]> {
  await using opened = await openSources(inputs, world, ports);
  if (opened.type === 'none') return notBegun([opened.planned]);
  const parts = await planParts(inputs, opened.sources, world.log);
  if (!allReady(parts)) return notBegun(parts);
  const shown = await withRendered(inputs, parts, world, inputs['dry-run']);
  const bumped = inputs['dry-run'] ? planned(shown) : await applyParts(shown, world);
  if (bumped.some(({ applied }) => isTooLarge(applied.plan.change, bumped.length))) {
    world.log.warning(
      'The output `change` is shortened: the whole has more than 60,000 bytes. argo-sync-wait cannot verify a shortened one: narrow `path`, or use the one-step action, which needs no output.',
    );
  }
  return bumped;
}
