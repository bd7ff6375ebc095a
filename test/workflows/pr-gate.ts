import { systemClock } from '@sluice/core/clock';
import { readContext } from '@sluice/core/context';
import { parseInputs } from '@sluice/core/contract';
import { systemExec } from '@sluice/core/exec';
import type { World } from '@sluice/core/run';
import { judgeChecks } from '@sluice/delivery/gate/checks/judge-checks';
import { lastWords } from '@sluice/delivery/gate/checks/last-words';
import { parseCheckPattern } from '@sluice/delivery/gate/checks/pattern';
import type { Check } from '@sluice/delivery/gate/checks/types';
import { gateInputs, gateProblems } from '@sluice/delivery/gate/inputs';
import { runGate } from '@sluice/delivery/gate/run';
import type { Texts } from '@sluice/testbed/workflows/shape';
import type { StepEnd } from '@sluice/testbed/workflows/world';

/** Where pr.yml has its jobs: called by the job `pr` of a workflow of this name. */
const own = { path: '.github/workflows/pr.yml', event: 'pull_request', prefix: 'pr / ' };
const quiet = { debug() {}, info() {}, warning() {}, error() {} };

/**
 * pr-ready itself, on the inputs that the runner hands over as texts. It asks nobody: what GitHub would say of the commit, its own run left
 * out, is `said`. What is pending is not waited for.
 */
export async function gate({ checks = '', ...inputs }: Texts, said: readonly Check[]): Promise<StepEnd> {
  const env = Object.fromEntries(
    Object.entries(inputs).map(([name, value]) => [`INPUT_${name.toUpperCase()}`, value]),
  );
  const patterns = checks.split('\n').filter(Boolean).map(parseCheckPattern);
  const seen = { checks: lastWords(said), running: [], parked: [], isWhole: true };
  const judged = patterns.length === 0 ? 'ready' : judgeChecks({ patterns, minimum: 1, own }, seen).type;
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
  return {
    passed: verdict === 'ready' && judged === 'ready',
    outputs: { ...outcome.outputs, verdict, summary },
  };
}
