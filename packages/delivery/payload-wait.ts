import type { WatchInputs } from '@sluice/argocd/inputs';
import { at, items, type Json } from '@sluice/argocd/json';

/** What of the deploying run's inputs says when its change counts as live: another run that looks must ask for no less. */
export interface PayloadWait {
  readonly applications: readonly string[];
  readonly selector: string;
  readonly expect: number;
  readonly scope: 'changed' | 'application';
  /** Milliseconds. */
  readonly settle: number;
}

export const payloadWait = ({ applications, selector, expect, scope, settle }: WatchInputs): PayloadWait => ({
  applications,
  selector,
  expect,
  scope,
  settle,
});

const NAME = /^([a-z0-9*][a-z0-9.*-]*\/)?[a-z0-9*][a-z0-9.*-]*$/;
const LONGEST_SETTLE_MS = 86_400_000;

/** Reads it back; whoever may write Deployments may have written it. Undefined where it is none. */
export function readPayloadWait(value: Json): PayloadWait | undefined {
  const applications = items(at(value, 'applications')).filter((one) => typeof one === 'string');
  const [selector, expect, scope, settle] = ['selector', 'expect', 'scope', 'settle'].map((name) =>
    at(value, name),
  );
  if (!applications.every((one) => NAME.test(one))) return undefined;
  if (typeof selector !== 'string' || /[\r\n]/.test(selector)) return undefined;
  if (scope !== 'changed' && scope !== 'application') return undefined;
  if (!isWithin(expect, 1, 1000) || !isWithin(settle, 0, LONGEST_SETTLE_MS)) return undefined;
  return { applications, selector, expect, scope, settle };
}

const isWithin = (value: Json, min: number, max: number): value is number =>
  typeof value === 'number' && Number.isInteger(value) && value >= min && value <= max;

/** The inputs of a run that looks, made as strict as those of the run that deployed. Its own choice of applications goes first. */
export function asStrict<I extends WatchInputs>(inputs: I, wait: PayloadWait | undefined): I {
  if (wait === undefined) return inputs;
  const chooses = inputs.applications.length > 0 || inputs.selector !== '';
  const { applications, selector } = chooses ? inputs : wait;
  return {
    ...inputs,
    ...{ applications, selector },
    expect: Math.max(inputs.expect, wait.expect),
    scope: wait.scope === 'application' ? wait.scope : inputs.scope,
    settle: Math.max(inputs.settle, wait.settle),
  };
}
