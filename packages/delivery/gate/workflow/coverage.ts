import { ancestorsOf, runsAlways, type WorkflowJob, type WorkflowJobs, waitsForSuccess } from './jobs.ts';

/** A job of the workflow whose failure the gate would not see. */
export interface Uncovered {
  readonly name: string;
  /** The job on the way to the gate behind which it is not seen; absent where there is no way. */
  readonly behind?: string;
  /**
   * `excused`: that one may fail or be skipped itself. `careless`: it runs whatever became of what it needs. `not-given`: `needs` does not carry it.
   * `continues`: its failure counts as a success. `skippable` and `continuing` are of the gate itself: GitHub may skip it, or takes its failure for a success.
   */
  readonly why: 'no-way' | 'excused' | 'careless' | 'not-given' | 'continues' | 'skippable' | 'continuing';
}

export type Coverage =
  | { readonly type: 'seen'; readonly uncovered: readonly Uncovered[] }
  /** The file is not that of the gate. */
  | { readonly type: 'other-file'; readonly sentence: string };

export interface Gate {
  /** Its id, GITHUB_JOB. */
  readonly id: string;
  /** The jobs whose results it was given. */
  readonly given: ReadonlySet<string>;
  /** The jobs that may fail: nobody has to see them. */
  readonly mayFail: ReadonlySet<string>;
  /** The jobs that may be skipped, for whatever cause. */
  readonly maySkip: ReadonlySet<string>;
}

/**
 * Which jobs of a workflow the gate does not see. It sees a job whose result it was given; and one that such a job needs, where that
 * job runs only when all that it needs succeeded, and has to succeed itself: its success is then theirs. Jobs after the gate are none of its.
 */
export function coverageOf(jobs: WorkflowJobs, gate: Gate): Coverage {
  const own = jobs.get(gate.id);
  if (own === undefined || own.calls)
    return { type: 'other-file', sentence: `it has no job ${gate.id} with steps` };
  const strange = [...gate.given].find((name) => !own.needs.includes(name));
  if (strange !== undefined)
    return { type: 'other-file', sentence: `its job ${gate.id} does not need ${strange}, which was given` };
  const seen = seenBy(jobs, own.needs, gate);
  const uncovered = [...jobs.keys()].flatMap((name): readonly Uncovered[] => {
    if (name === gate.id || gate.mayFail.has(name)) return [];
    if (ancestorsOf(jobs, name).includes(gate.id)) return [];
    if (jobs.get(name)?.continues === true) return [{ name, why: 'continues' }];
    if (seen.has(name)) return [];
    return [obstacleBefore(name, jobs, own.needs, gate)];
  });
  return { type: 'seen', uncovered: [...faultsOf(gate.id, own), ...uncovered] };
}

/** What makes the check of the gate itself green, though a job failed or it found that it is not ready. */
function faultsOf(name: string, own: WorkflowJob): readonly Uncovered[] {
  return [
    ...(runsAlways(own) ? [] : [{ name, why: 'skippable' } as const]),
    ...(own.continues ? [{ name, why: 'continuing' } as const] : []),
  ];
}

function seenBy(jobs: WorkflowJobs, needs: readonly string[], gate: Gate): ReadonlySet<string> {
  const given = needs.filter((name) => gate.given.has(name));
  // What succeeded whenever the gate is ready. A set hands out what is added to it meanwhile.
  const succeeded = new Set(given.filter((name) => !gate.mayFail.has(name) && !gate.maySkip.has(name)));
  for (const name of succeeded) {
    const job = jobs.get(name);
    if (job === undefined || !waitsForSuccess(job)) continue;
    for (const one of job.needs) succeeded.add(one);
  }
  return new Set([...given, ...succeeded]);
}

function obstacleBefore(name: string, jobs: WorkflowJobs, needs: readonly string[], gate: Gate): Uncovered {
  if (needs.includes(name)) return { name, why: 'not-given' };
  const leads = (one: string): boolean => ancestorsOf(jobs, one).includes(name);
  const way = needs.find(leads);
  if (way === undefined) return { name, why: 'no-way' };
  if (!gate.given.has(way)) return { name, why: 'not-given', behind: way };
  if (gate.mayFail.has(way) || gate.maySkip.has(way)) return { name, why: 'excused', behind: way };
  const careless = [way, ...ancestorsOf(jobs, way)].find((one) => {
    const job = jobs.get(one);
    return job !== undefined && leads(one) && !waitsForSuccess(job);
  });
  return { name, why: 'careless', behind: careless ?? way };
}
