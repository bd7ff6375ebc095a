import { systemClock } from '@sluice/core/clock';
import { readContext } from '@sluice/core/context';
import { parseInputs } from '@sluice/core/contract';
import { systemExec } from '@sluice/core/exec';
import type { World } from '@sluice/core/run';
import { gateInputs, gateProblems } from '@sluice/delivery/gate/inputs';
import { runGate } from '@sluice/delivery/gate/run';
import type { Texts } from '@sluice/testbed/workflows/shape';
import type { StepEnd } from '@sluice/testbed/workflows/world';

const quiet = { debug() {}, info() {}, warning() {}, error() {} };

/** pr-ready itself, on the inputs that the runner hands over as texts. It may ask no API: that would be no gate of its own run. */
export async function gate(inputs: Texts): Promise<StepEnd> {
  const env = Object.fromEntries(
    Object.entries(inputs).map(([name, value]) => [`INPUT_${name.toUpperCase()}`, value]),
  );
  const world: World = {
    env: {},
    context: readContext({}),
    log: quiet,
    clock: systemClock,
    exec: systemExec,
    fetch: () => Promise.reject(new Error('the gate asks nobody')),
    signal: new AbortController().signal,
    learn() {},
    hide: (text) => text,
  };
  const outcome = await runGate(parseInputs(gateInputs, env, gateProblems), world);
  const { verdict, summary } = outcome;
  return { passed: verdict === 'ready', outputs: { ...outcome.outputs, verdict, summary } };
}
