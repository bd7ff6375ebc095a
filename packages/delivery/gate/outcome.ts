import type { Ok, Outcome } from '@sluice/core/verdict';
import { boundedNames } from '../bounded-names.ts';
import {
  type Blocker,
  blockersOfJobs,
  blockersOfWorkflow,
  hintOf,
  inOrder,
  isUntold,
  unseenTold,
} from './blockers.ts';
import type { GateVerdict } from './inputs.ts';
import { type JudgedJob, shownName } from './judge-jobs.ts';
import { gatePage } from './page.ts';
import type { GateReason } from './reasons.ts';
import { type GateDetails, jobResult } from './result.ts';
import type { Reading } from './workflow/read-workflow.ts';

export const gateSchema = 'sluice.pr-ready.v1';

/** On an error nothing is ready, and no job is known to be the cause. */
export const emptyGateOutputs = { success: 'false', failure: 'true', 'blocking-jobs': '[]' } as const;

export type GateOutcome = Outcome<GateVerdict, GateReason>;

/** All that was seen. */
export interface GateReport {
  readonly jobs: readonly JudgedJob[];
  /** Absent without `require-all-jobs`. */
  readonly workflow?: Reading;
  /** What a reader should know whatever the verdict is, one sentence each. */
  readonly warnings: readonly string[];
}

/** The verdict: ready when there is something that was seen, and nothing of it blocks. */
export function gateOutcome(report: GateReport): GateOutcome {
  const { jobs, workflow, warnings } = report;
  const none: Blocker = { reason: 'no-jobs', sentence: '`needs` names no job' };
  const blockers = inOrder([
    ...(jobs.length === 0 ? [none] : []),
    ...blockersOfJobs(jobs),
    ...blockersOfWorkflow(workflow),
  ]);
  const [first] = blockers;
  const said = first === undefined ? readyWords(jobs) : blockedWords(blockers, first);
  const names = blockers.flatMap(({ name }) => name ?? []);
  const uncovered = workflow?.type === 'read' ? workflow.uncovered : [];
  return {
    verdict: first === undefined ? 'ready' : 'blocked',
    ...said,
    result: {
      schema: gateSchema,
      jobs: jobs.map(jobResult),
      unseen: uncovered.map((one) => ({ name: one.name, told: unseenTold(one) })),
      warnings,
    } satisfies GateDetails & { schema: string },
    outputs: {
      success: String(first === undefined),
      failure: String(first !== undefined),
      'blocking-jobs': boundedNames(names),
    },
    page: gatePage({ ...report, blockers, ...said }),
  };
}

type Words = {
  readonly ok: Ok;
  readonly reason: GateReason;
  readonly summary: string;
  readonly hint?: string;
};

function readyWords(jobs: readonly JudgedJob[]): Words {
  const others = jobs.filter(({ standing }) => standing.type !== 'succeeded');
  if (others.length === 0) {
    const [only] = jobs;
    const all = jobs.length === 1 && only !== undefined ? shownName(only.name) : `all ${jobs.length} jobs`;
    return { ok: 'true', reason: 'all-succeeded', summary: `Ready: ${all} succeeded.` };
  }
  const told = listed(
    others.map(
      ({ name, told, standing }) =>
        `${shownName(name)} ${told}${standing.type === 'may-fail' ? ', which it may' : ''}`,
    ),
  );
  const succeeded = jobs.length - others.length;
  const summary = `Ready: ${succeeded === 0 ? 'no' : succeeded} of ${jobs.length} jobs succeeded; ${told}.`;
  return { ok: 'true', reason: 'none-blocks', summary };
}

function blockedWords(blockers: readonly Blocker[], first: Blocker): Words {
  const count = blockers.length > MOST_TOLD ? `${blockers.length} jobs block: ` : '';
  return {
    ok: blockers.every(isUntold) ? 'unknown' : 'false',
    reason: first.reason,
    summary: `Not ready: ${count}${listed(blockers.map(({ sentence }) => sentence))}.`,
    hint: hintOf(first),
  };
}

const MOST_TOLD = 3;

function listed(sentences: readonly string[]): string {
  const rest = sentences.length - MOST_TOLD;
  return `${sentences.slice(0, MOST_TOLD).join('; ')}${rest > 0 ? `; and ${rest} more` : ''}`;
}
