import type { Log } from '@sluice/core/log';
import type { Fact, World } from '@sluice/core/run';
import { isReady, type Plan, type Target } from './bump-plan.ts';
import { openSource, type Source } from './bump-source.ts';
import { type Applied, type ApplyOptions, applyBump } from './carry-out.ts';
import type { BumpInputs, LoginInputs } from './inputs.ts';
import { digestOfSeveral, factOfSeveral } from './outcome-of-several.ts';
import { planBump } from './plan-source.ts';

/** A bump in one repository and branch; a run has several where Applications are made from several. */
export interface Part extends Planned {
  readonly inputs: BumpInputs;
  readonly source: Source;
}

export interface Planned {
  readonly target: Target;
  readonly plan: Plan;
}

/** What became of a part. */
export interface Bumped {
  readonly target: Target;
  readonly applied: Applied;
}

/** A digest of all that the parts would change; of one it is that of its plan. */
export const digestOf = (parts: readonly Pick<Planned, 'plan'>[]): string =>
  digestOfSeveral(parts.map(({ plan }) => plan.digest));

/** Opens what the inputs name. */
export async function openSources(
  inputs: BumpInputs & LoginInputs,
  world: World,
): Promise<AsyncDisposable & { readonly sources: readonly Source[] }> {
  const source = await openSource(inputs, world);
  return { sources: [source], [Symbol.asyncDispose]: () => source[Symbol.asyncDispose]() };
}

/** Plans every part before anything is written. */
export async function planParts(
  inputs: BumpInputs,
  sources: readonly Source[],
  log: Log,
): Promise<readonly Part[]> {
  const parts: Part[] = [];
  for (const source of sources) {
    parts.push({ inputs, source, target: source.target, plan: await planBump(inputs, source, log) });
  }
  return parts;
}

/** Whether these are the plans of which somebody has approved the digest; where nothing is left to write, nobody has to. */
export const areApproved = (parts: readonly Part[], expected: string): boolean =>
  digestOf(parts) === expected || parts.every(({ plan }) => plan.decision.type === 'nothing');

/** Whether nothing keeps the parts from being carried out. */
export const allReady = (parts: readonly Part[]): boolean => parts.every(({ plan }) => isReady(plan));

/** What is said of parts of which one may not be carried out: the others are left alone. */
export const notBegun = (parts: readonly Planned[]): readonly Bumped[] =>
  parts.map(({ plan, target }) => ({
    target,
    applied: { type: plan.decision.type === 'write' ? 'left' : 'settled', plan },
  }));

/** What is said of parts that were only planned. */
export const planned = (parts: readonly Planned[]): readonly Bumped[] =>
  parts.map(({ plan, target }) => ({ target, applied: { type: 'planned', plan } }));

/**
 * Carries the parts out, one after the other. Where one may not be written any more, those after it are left alone: the fewer
 * changes are half there, the better.
 */
export async function applyParts(
  parts: readonly Part[],
  world: Pick<World, 'clock' | 'context' | 'log' | 'signal' | 'learn'>,
  options: ApplyOptions = {},
): Promise<readonly Bumped[]> {
  const facts: Fact[] = [];
  const bumped: Bumped[] = [];
  for (const [index, { inputs, plan, source }] of parts.entries()) {
    const learn = (fact: Fact): void => {
      facts[index] = { ...facts[index], ...fact, outputs: { ...facts[index]?.outputs, ...fact.outputs } };
      world.learn(factOfSeveral(facts));
    };
    const mine = { ...options, ...(options.expectPlan !== undefined && { expectPlan: plan.digest }) };
    const applied = await applyBump(inputs, plan, source, { ...world, learn }, mine);
    bumped.push({ target: source.target, applied });
    if (hasFailed(applied)) return [...bumped, ...notBegun(parts.slice(index + 1))];
  }
  return bumped;
}

const hasFailed = (applied: Applied): boolean =>
  applied.type === 'refused' || (applied.type === 'settled' && !isReady(applied.plan));
