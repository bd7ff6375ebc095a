import { appendFileSync } from 'node:fs';
import { type Clock, systemClock } from './clock.ts';
import { command, whenWritten, writeOutputs } from './commands.ts';
import { type Env, type RunnerContext, readContext } from './context.ts';
import { type Check, type Input, type Inputs, parseInputs, type Spec, secretsOf } from './contract.ts';
import { SluiceError } from './errors.ts';
import { type Exec, systemExec } from './exec.ts';
import { createFetch, type Fetch, proxySettings } from './http.ts';
import { type Log, runnerLog } from './log.ts';
import { createMasker, type Masker, maskedLog } from './mask.ts';
import { failedOutcome, type Report, reportOf } from './report.ts';
import { truncate, withCautions } from './summary.ts';
import type { Outcome } from './verdict.ts';

/** Everything outside the process that an action touches. */
export interface World {
  readonly context: RunnerContext;
  readonly env: Env;
  readonly log: Log;
  readonly clock: Clock;
  readonly exec: Exec;
  /** Goes through the proxy of the environment where there is one. */
  readonly fetch: Fetch;
  /** Aborted when the runner cancels the step: about two seconds are left to return what is known. */
  readonly signal: AbortSignal;
  /** Says what is true already, whatever comes: where an error ends the run, it stands in its outputs and on its page. */
  readonly learn: (fact: Fact) => void;
  /** Takes the secrets of the run out of text that goes elsewhere than to the log, the outputs and the page. */
  readonly hide: (text: string) => string;
}

/** What a run has done so far. */
export interface Fact {
  /** Put over what was said of the same outputs before. */
  readonly outputs: Readonly<Record<string, string>>;
  /** A sentence for people, in place of the one before; empty: takes it back. */
  readonly sentence?: string;
  /** A sentence that stands on the page below the verdict, whatever that is: what makes it weaker than it looks. */
  readonly caution?: string;
}

export type ActionSpec = Spec & { readonly 'fail-on-verdict': Input<readonly string[]> };

export interface Action<S extends ActionSpec, Verdict extends string> {
  /** As its folder is called. */
  readonly name: string;
  readonly spec: S;
  /** What is wrong with the inputs together: part of the one error that lists all that is wrong with them. */
  readonly check?: Check<S>;
  /** The verdicts that exit 0. */
  readonly goodVerdicts: readonly Verdict[];
  /** What it says when it could not tell. */
  readonly unknownVerdict: Verdict;
  /** `sluice.<action>.v1`. */
  readonly schema: string;
  /** The action's own outputs on an error, where the run has said nothing of them. */
  readonly emptyOutputs?: Readonly<Record<string, string>>;
  /** A sentence that stands on the page of every error, wrong inputs among them: what it must not be taken for. */
  readonly errorCaution?: string;
  run(inputs: Inputs<S>, world: World): Promise<Outcome<Verdict>>;
}

/** The runner sends SIGTERM 7.5 s after SIGINT and kills 2.5 s later: outputs are out long before. */
const GRACE_MS = 2000;

/**
 * Runs an action in this process: reads and checks the inputs, masks the secrets, runs it, writes outputs, summary
 * and, when it fails, one annotation; then ends the process. The only place that catches every error.
 */
export async function runAction<S extends ActionSpec, Verdict extends string>(
  action: Action<S, Verdict>,
): Promise<void> {
  const masker = createMasker();
  const { signal, broken } = watchProcess();
  const failOn = new Set<string>();
  let known: Fact = { outputs: action.emptyOutputs ?? {} };
  const cautions = new Set<string>();
  const learn: World['learn'] = ({ outputs, sentence = known.sentence, caution }) => {
    if (caution !== undefined) cautions.add(caution);
    known = { outputs: { ...known.outputs, ...outputs }, ...(sentence && { sentence }) };
  };
  let outcome: Outcome;
  try {
    outcome = await Promise.race([perform(action, { masker, signal, failOn, learn }), broken]);
  } catch (thrown) {
    // What breaks off because of the cancellation may call it a connection that was cut.
    const error: unknown = signal.aborted && !isCancellation(thrown) ? signal.reason : thrown;
    if (!(error instanceof SluiceError)) runnerLog().debug(masker.hide(stackOf(error)));
    outcome = failedOutcome(error, action.unknownVerdict, action.schema, known, action.name);
    if (action.errorCaution !== undefined) cautions.add(action.errorCaution);
  }
  const page = withCautions(outcome.page, [...cautions]);
  const report = reportOf({ ...outcome, page }, action.goodVerdicts, [...failOn], masker.hide);
  const written = write(report);
  // A connection that is kept open, or a request that waits to be repeated, must not hold the runner up.
  whenWritten(() => process.exit(written ? report.exitCode : 1));
}

/** An action may say more of a cancellation than this file knows. */
function isCancellation(error: unknown): boolean {
  return error instanceof SluiceError && error.code === 'cancelled';
}

/** The end of the run as the process hears of it: `broken` rejects, at the latest two seconds after `signal`. */
function watchProcess(): { signal: AbortSignal; broken: Promise<never> } {
  const controller = new AbortController();
  const broken = Promise.withResolvers<never>();
  const cancel = (name: string) => {
    controller.abort(
      new SluiceError(
        'platform',
        'cancelled',
        `The run was cancelled (${name}) before there was a verdict.`,
        {
          hint: 'Run the job again: it looks again at what is there, and goes on from it.',
        },
      ),
    );
    setTimeout(() => broken.reject(controller.signal.reason), GRACE_MS);
  };
  process.on('SIGINT', cancel);
  process.on('SIGTERM', cancel);
  process.on('uncaughtException', broken.reject);
  process.on('unhandledRejection', broken.reject);
  return { signal: controller.signal, broken: broken.promise };
}

interface Performing extends Pick<World, 'signal' | 'learn'> {
  readonly masker: Masker;
  /** Filled as soon as the input is read. */
  readonly failOn: Set<string>;
}

async function perform<S extends ActionSpec, Verdict extends string>(
  action: Action<S, Verdict>,
  { masker, signal, failOn, learn }: Performing,
): Promise<Outcome<Verdict>> {
  const { env } = process;
  const log = maskedLog(runnerLog(), masker);
  for (const secret of secretsOf(action.spec, env)) log.mask?.(secret);
  const inputs = parseInputs(action.spec, env, action.check);
  const narrowed = parseInputs({ 'fail-on-verdict': action.spec['fail-on-verdict'] }, env);
  for (const verdict of narrowed['fail-on-verdict']) failOn.add(verdict);
  const world: World = {
    context: readContext(env),
    env,
    log,
    clock: systemClock,
    exec: systemExec,
    fetch: await createFetch(proxySettings(env)),
    signal,
    learn,
    hide: masker.hide,
  };
  return action.run(inputs, world);
}

/** False when the outputs could not be written: then no later step may take this one for a success. */
function write(report: Report): boolean {
  const failures: string[] = [];
  const attempt = (what: string, act: () => void) => {
    try {
      act();
    } catch (error) {
      failures.push(
        `${what} could not be written: ${error instanceof Error ? error.message : String(error)}`,
      );
    }
  };
  attempt('The outputs', () => writeOutputs(report.outputs));
  const outputsWritten = failures.length === 0;
  const page = process.env.GITHUB_STEP_SUMMARY;
  if (page) attempt('The summary', () => appendFileSync(page, truncate(`${report.page}\n`)));
  const sentence = [report.annotation, ...failures].filter((part) => part !== undefined).join('\n');
  if (sentence !== '') command('error', sentence);
  return outputsWritten;
}

function stackOf(error: unknown): string {
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}
