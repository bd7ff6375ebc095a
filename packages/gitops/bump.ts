import type { World } from '@sluice/core/run';
import { isReady, type Target } from './bump-plan.ts';
import { openSource } from './bump-source.ts';
import { type Applied, applyBump } from './carry-out.ts';
import { isTooLarge } from './change-output.ts';
import type { BumpInputs, LoginInputs } from './inputs.ts';
import { planBump } from './plan-source.ts';

/** Plans and, without `dry-run`, applies. */
export async function runBump(
  inputs: BumpInputs & LoginInputs & { readonly 'dry-run': boolean },
  world: World,
): Promise<{ readonly applied: Applied; readonly target: Target }> {
  await using source = await openSource(inputs, world);
  const plan = await planBump(inputs, source, world.log);
  const applied: Applied =
    inputs['dry-run'] && isReady(plan)
      ? { type: 'planned', plan }
      : await applyBump(inputs, plan, source, world);
  if (isTooLarge(applied.plan.change)) {
    world.log.warning(
      'The output `change` is shortened: the whole has more than 60,000 bytes. argo-sync-wait cannot verify a shortened one: narrow `path`, or use the one-step action, which needs no output.',
    );
  }
  return { applied, target: source.target };
}
