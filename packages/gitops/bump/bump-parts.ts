import type { Log } from '@sluice/core/log';
import type { Fact, World } from '@sluice/core/run';
import type { BumpInputs } from '../inputs.ts';
import { type Decision, isReady, type Plan, type Target } from './bump-plan.ts';
import type { Source } from './bump-source.ts';
import { type Applied, type ApplyOptions, applyBump } from './carry-out.ts';
import { digestOfSeveral, factOfSeveral } from './outcome-of-several.ts';
import { missingEverywhere, nowhere, planBump, warnOfLeftOut } from './plan-source.ts';

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

/**
 * Plans every part before anything is written. In several repositories an image need have its place in one of them only, and one
 * where nothing is to be set is passed over.
 */
export async function planParts(
  inputs: BumpInputs,
  sources: readonly Source[],
  log: Log,
): Promise<readonly Part[]> {
  const isOne = sources.length === 1;
  const each: BumpInputs = isOne ? inputs : { ...inputs, 'on-no-match': 'warn' };
  const all: Part[] = [];
  for (const source of sources) {
    all.push({ inputs: each, source, target: source.target, plan: await planBump(each, source, log) });
  }
  const parts = isOne ? all : together(inputs, all);
  if (allReady(parts)) {
    warnOfLeftOut(
      parts.map(({ plan }) => plan),
      log,
    );
  }
  return parts;
}

function together(inputs: BumpInputs, all: readonly Part[]): readonly Part[] {
  const isEmpty = ({ plan }: Part) => plan.decision.type === 'not-found' && plan.files.length === 0;
  const [first, ...others] = all.filter((part) => !isEmpty(part));
  if (first === undefined) return all;
  const plans = all.map(({ plan }) => plan);
  // An image whose only places were refused counts as not found.
  if (plans.some(({ decision }) => decision.type === 'refused')) return [first, ...others];
  const lost = [...nowhere(plans), ...missingEverywhere(plans).map(({ message }) => message)];
  if (inputs['on-no-match'] === 'warn' || lost.length === 0) return [first, ...others];
  const decision = notFound(`No place in any of the repositories names ${lost.join(', ')}`);
  return [{ ...first, plan: { ...first.plan, decision } }, ...others];
}

const notFound = (why: string): Decision => ({
  type: 'not-found',
  reason: 'image-not-found',
  why,
  hint: 'Check the name of the image, and what the Applications are made from.',
});

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
