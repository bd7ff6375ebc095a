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
import { blockersOfChecks } from './checks/check-blockers.ts';
import type { CheckReading } from './checks/wait-for-checks.ts';
import type { GateVerdict } from './inputs.ts';
import { type JudgedJob, shownName } from './judge-jobs.ts';
import { gatePage, mostTold } from './page.ts';
import type { GateReason } from './reasons.ts';
import { checkResult, type GateDetails, jobResult } from './result.ts';
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
  /** Absent where none are asked for, or a job blocks already. */
  readonly checks?: CheckReading;
  /** Whether there are to be jobs: not where checks alone are asked for. */
  readonly wantsJobs: boolean;
  /** What a reader should know whatever the verdict is, one sentence each. */
  readonly warnings: readonly string[];
}

/** The verdict: ready when there is something that was seen, and nothing of it blocks. */
export function gateOutcome(report: GateReport): GateOutcome {
  const { jobs, workflow, checks, warnings, wantsJobs } = report;
  const none: Blocker = { reason: 'no-jobs', sentence: '`needs` names no job' };
  const blockers = inOrder([
    ...(jobs.length === 0 && wantsJobs ? [none] : []),
    ...blockersOfJobs(jobs),
    ...blockersOfWorkflow(workflow),
    ...blockersOfChecks(checks),
  ]);
  const seenChecks = checks?.type === 'seen' ? checks.judgement.checks : [];
  const [first] = blockers;
  const said = first === undefined ? readyWords(jobs, seenChecks.length) : blockedWords(blockers, first);
  const names = blockers.flatMap(({ name }) => name ?? []);
  const uncovered = workflow?.type === 'read' ? workflow.uncovered : [];
  return {
    verdict: first === undefined ? 'ready' : 'blocked',
    ...said,
    result: {
      schema: gateSchema,
      jobs: jobs.map(jobResult),
      checks: seenChecks.slice(0, MOST_CHECKS).map(checkResult),
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

function readyWords(jobs: readonly JudgedJob[], checks: number): Words {
  const others = jobs.filter(({ standing }) => standing.type !== 'succeeded');
  const also = checks === 0 ? '' : checks === 1 ? '1 check' : `${checks} checks`;
  if (others.length === 0) {
    const [only] = jobs;
    const all = jobs.length === 1 && only !== undefined ? shownName(only.name) : `all ${jobs.length} jobs`;
    const what = [jobs.length === 0 ? '' : all, also].filter((part) => part !== '').join(' and ');
    return { ok: 'true', reason: 'all-succeeded', summary: `Ready: ${what} succeeded.` };
  }
  const told = listed(
    others.map(
      ({ name, told, standing }) =>
        `${shownName(name)} ${told}${standing.type === 'may-fail' ? ', which it may' : ''}`,
    ),
  );
  const succeeded = jobs.length - others.length;
  const and = also === '' ? '' : ` and ${also}`;
  const summary = `Ready: ${succeeded === 0 ? 'none' : succeeded} of ${jobs.length} jobs${and} succeeded; ${told}.`;
  return { ok: 'true', reason: 'none-blocks', summary };
}

function blockedWords(blockers: readonly Blocker[], first: Blocker): Words {
  const count =
    blockers.length > mostTold
      ? `${blockers.length} ${blockers.every(isOfJob) ? 'jobs block' : 'things stand in the way'}: `
      : '';
  return {
    ok: blockers.every(isUntold) ? 'unknown' : 'false',
    reason: first.reason,
    summary: `Not ready: ${count}${listed(blockers.map(({ sentence }) => sentence))}.`,
    hint: hintOf(first),
  };
}

const isOfJob = ({ reason }: Blocker): boolean => /^(job|upstream)-/.test(reason);

const MOST_CHECKS = 500;

function listed(sentences: readonly string[]): string {
  const rest = sentences.length - mostTold;
  return `${sentences.slice(0, mostTold).join('; ')}${rest > 0 ? `; and ${rest} more` : ''}`;
}
