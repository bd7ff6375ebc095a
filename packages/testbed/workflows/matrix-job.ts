import { type Contexts, interpolate, interpolateValue } from './expression.ts';
import { expandMatrix } from './matrix.ts';
import { combined } from './result.ts';
import { ifContexts, type JobScope } from './run.ts';
import { type Mapping, mapping, type Texts } from './shape.ts';
import type { JobRun } from './world.ts';

/** One leg of a job; a job without a matrix has one. */
export interface Leg extends JobScope {
  /** As a check: `pr / test (24)`. */
  readonly checkName: string;
  readonly contexts: Contexts;
  /** Aborted when the run is cancelled, or when another leg fails and `fail-fast` holds. */
  readonly stop: AbortSignal;
}

/** Runs every leg of a job, and says what they come to. */
export async function runMatrix(scope: JobScope, run: (leg: Leg) => Promise<JobRun>): Promise<JobRun> {
  const { job } = scope;
  const strategy = mapping(interpolateValue(job.strategy, ifContexts(scope)), `${job.id}.strategy`);
  const legs = strategy.matrix === undefined ? [{}] : expandMatrix(mapping(strategy.matrix, 'matrix'));
  if (legs.length === 0) return failed(scope, 'The matrix is empty');
  const stop = new AbortController();
  const { signal } = scope.world;
  const stopped = signal === undefined ? stop.signal : AbortSignal.any([stop.signal, signal]);
  const failFast = legs.length > 1 && strategy['fail-fast'] !== false;
  const ends: JobRun[] = [];
  const waiting = legs.entries();
  const worker = async (): Promise<void> => {
    for (const [index, matrix] of waiting) {
      const leg = legOf(scope, strategy, matrix, { index, total: legs.length }, stopped);
      const end = stop.signal.aborted ? cancelled(leg) : await run(leg);
      ends.push(end);
      if (failFast && end.result === 'failure') stop.abort();
    }
  };
  const atOnce = Math.min(Number(strategy['max-parallel'] ?? legs.length), legs.length);
  await Promise.all(Array.from({ length: atOnce }, worker));
  return {
    result: combined(ends.map(({ result }) => result)),
    outputs: merged(ends),
    log: ends.map(({ log }) => log).join(''),
  };
}

/** Who ends last, wins; what is empty does not win over what is there. */
function merged(ends: readonly JobRun[]): Texts {
  const outputs: Record<string, string> = {};
  for (const [name, value] of ends.flatMap((end) => Object.entries(end.outputs))) {
    if (value !== '' || outputs[name] === undefined) outputs[name] = value;
  }
  return outputs;
}

function legOf(
  scope: JobScope,
  strategy: Mapping,
  matrix: Mapping,
  { index, total }: { readonly index: number; readonly total: number },
  stop: AbortSignal,
): Leg {
  const contexts = {
    ...ifContexts(scope),
    matrix,
    strategy: {
      'fail-fast': strategy['fail-fast'] ?? true,
      'job-index': index,
      'job-total': total,
      'max-parallel': strategy['max-parallel'] ?? total,
    },
  };
  const name = interpolate(scope.job.name, contexts);
  // Where the name says nothing of the leg, GitHub adds its values.
  const values = scope.job.name.includes('matrix.') ? [] : Object.values(matrix).map(String);
  const legName = values.length === 0 ? name : `${name} (${values.join(', ')})`;
  return { ...scope, checkName: `${scope.names}${legName}`, contexts, stop };
}

function cancelled(leg: Leg): JobRun {
  const path = `${leg.path}${leg.job.id}`;
  leg.report({ name: leg.checkName, path, conclusion: 'cancelled' });
  return { result: 'cancelled', outputs: {}, log: '' };
}

function failed(scope: JobScope, why: string): JobRun {
  const path = `${scope.path}${scope.job.id}`;
  scope.report({ name: `${scope.names}${scope.job.id}`, path, conclusion: 'failure' });
  return { result: 'failure', outputs: {}, log: why };
}
