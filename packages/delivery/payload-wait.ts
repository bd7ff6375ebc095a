import type { WatchInputs } from '@sluice/argocd/inputs';
import { at, items, type Json, text } from '@sluice/argocd/json';
import type { DeployInputs } from './inputs.ts';

/** What of the deploying run's inputs says when its change counts as live: another run that looks must ask for no less. */
export interface PayloadWait {
  readonly applications: readonly string[];
  readonly selector: string;
  readonly expect: number;
  readonly scope: 'changed' | 'application';
  readonly until: Until;
  /** Milliseconds. */
  readonly settle: number;
  /** Milliseconds. */
  readonly degradedGrace: number;
  readonly registryAliases: WatchInputs['registry-aliases'];
  /** For how many milliseconds the deploying run itself looks, once the change is committed; 0 where others do. */
  readonly itself: number;
}

type Until = WatchInputs['until'];

/** What syncs is no part of it: that is for whoever holds the login to say. */
export const payloadWait = (inputs: DeployInputs): PayloadWait => ({
  applications: inputs.applications,
  selector: inputs.selector,
  expect: inputs.expect,
  scope: inputs.scope,
  until: inputs.until,
  settle: inputs.settle,
  degradedGrace: inputs['degraded-grace'],
  registryAliases: inputs['registry-aliases'],
  itself: inputs.mode === 'wait' ? inputs.timeout : 0,
});

const NAME = /^([a-z0-9*][a-z0-9.*-]*\/)?[a-z0-9*][a-z0-9.*-]*$/;
/** What is said of times; nobody waits for longer. */
const LONGEST_MS = 7 * 86_400_000;
const MOST_ALIASES = 100;
/** From the one that claims least. */
const stages: readonly Until[] = ['started', 'paused', 'complete'];

/** Reads it back; whoever may write Deployments may have written it. Undefined where it is none. */
export function readPayloadWait(value: Json): PayloadWait | undefined {
  const applications = items(at(value, 'applications')).filter((one) => typeof one === 'string');
  const [selector, expect, scope] = ['selector', 'expect', 'scope'].map((name) => at(value, name));
  const [settle, degradedGrace, itself] = ['settle', 'degradedGrace', 'itself'].map((name) =>
    at(value, name),
  );
  const until = stages.find((one) => one === at(value, 'until'));
  const registryAliases = aliasesIn(at(value, 'registryAliases'));
  if (!applications.every((one) => NAME.test(one))) return undefined;
  if (typeof selector !== 'string' || /[\r\n]/.test(selector)) return undefined;
  if (scope !== 'changed' && scope !== 'application') return undefined;
  if (until === undefined || registryAliases === undefined || !isWithin(expect, 1, 1000)) return undefined;
  if (!isTime(settle) || !isTime(degradedGrace) || !isTime(itself)) return undefined;
  return {
    ...{ applications, selector, expect, scope, until, settle, degradedGrace, registryAliases, itself },
  };
}

/** As the input takes them; undefined where one is none. */
function aliasesIn(value: Json): PayloadWait['registryAliases'] | undefined {
  const aliases = items(value).map((one) => ({
    from: text(at(one, 'from')) ?? '',
    to: text(at(one, 'to')) ?? '',
  }));
  const areReadable = aliases.every(({ from, to }) => [from, to].every((one) => /^[^\s=]+$/.test(one)));
  return areReadable && aliases.length <= MOST_ALIASES ? aliases : undefined;
}

const isTime = (value: Json): value is number => isWithin(value, 0, LONGEST_MS);

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
    until: stages[Math.max(stages.indexOf(inputs.until), stages.indexOf(wait.until))] ?? 'complete',
    settle: Math.max(inputs.settle, wait.settle),
    // As patient, too: what the deploying run would not call a failure yet is none.
    'degraded-grace': Math.max(inputs['degraded-grace'], wait.degradedGrace),
    'registry-aliases': [...inputs['registry-aliases'], ...wait.registryAliases],
  };
}
