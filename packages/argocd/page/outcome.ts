import type { Ok, Outcome } from '@sluice/core/verdict';
import type { Change } from '@sluice/gitops/change';
import type { ClauseName, DecisionVerdict, ImageProof, Overwrite, Reason } from '../decide/types.ts';
import type { SelectionReasons } from '../reasons.ts';
import type { ApplicationVerdict } from '../watch/wait.ts';
import { adviceOf } from './advice.ts';
import { nameAmong } from './names.ts';
import { headline, waitPage, waitPageOfNothing } from './wait-page.ts';
import { rank, worstFirst } from './worst.ts';

export const waitSchema = 'sluice.argo-sync-wait.v1';

/** Whether the change is live. `rolling-out` is on its way; `superseded` claims neither: something newer is there, and was not looked at. */
const okOf: Readonly<Record<DecisionVerdict, Ok>> = {
  live: 'true',
  'rolling-out': 'unknown',
  superseded: 'unknown',
  failed: 'false',
  drifted: 'false',
  'not-effective': 'false',
  'timed-out': 'false',
  unknown: 'unknown',
};

export type WaitVerdict = DecisionVerdict;
export const waitVerdicts: readonly WaitVerdict[] = worstFirst;
export const goodWaitVerdicts: readonly WaitVerdict[] = ['live', 'superseded', 'rolling-out'];

export interface WaitReport {
  readonly expected: { readonly change: Change } | { readonly revision: string };
  readonly applications: readonly ApplicationVerdict[];
  /** Files of the change that no application reads. */
  readonly unread?: readonly string[];
  /** The GitHub that the job runs on: what is there has pages for its commits. */
  readonly gitHub?: string;
  /** Milliseconds since the start. */
  readonly took: number;
}

/** One application that was watched. */
export interface ApplicationResult {
  readonly name: string;
  readonly namespace: string;
  /** URL of Argo CD. */
  readonly server: string;
  readonly verdict: WaitVerdict;
  /** Why it has this verdict. */
  readonly reason: Reason;
  /** What Argo CD compared with; empty where it was not seen. */
  readonly revision: string;
  /** The clauses of the decision that were not satisfied. */
  readonly missing: readonly ClauseName[];
  /** The sentence of its verdict, then warnings and Argo CD's own words. */
  readonly messages: readonly string[];
  /** Each image that was seen running, and by what. */
  readonly images: readonly Pick<ImageProof, 'place' | 'image' | 'seen'>[];
}

/** The commit that moved a place away from its value. */
export interface OverwriteResult extends Pick<Overwrite, 'author' | 'path' | 'place' | 'from' | 'to'> {
  readonly commit: string;
}

/** What a wait adds to the JSON `result`. */
export interface WaitResult {
  /** All that were watched; none where too few were found. */
  readonly applications: readonly ApplicationResult[];
  /** Who overwrote the change, where that was found. */
  readonly overwrittenBy?: OverwriteResult;
}

/** Why a wait has its verdict. */
export type WaitReason = Reason | keyof SelectionReasons;

/** What was found for all applications together. */
export interface WaitOutcome extends Outcome<WaitVerdict, WaitReason> {
  readonly result: { readonly schema: string } & WaitResult & Record<string, unknown>;
}

/** The outcome of a wait: verdict of the worst application, JSON, page. `schema` is that of the action that waited. */
export function waitOutcome(report: WaitReport, schema: string = waitSchema): WaitOutcome {
  const { applications, unread = [] } = report;
  const [worst] = applications.toSorted((a, b) => rank(a) - rank(b));
  if (worst === undefined) {
    const sentence = 'No application was watched.';
    return noApplication({ sentence, hint: 'Name them in `applications`.' }, { schema, not: 'verified' });
  }
  const { overwrittenBy } = worst.verdict;
  const found = unread.length > 0 && goodWaitVerdicts.includes(worst.verdict.verdict);
  const { verdict, reason, sentence, hint } = found ? halfSeen(unread) : seen(worst, report);
  return {
    verdict,
    ok: okOf[verdict],
    reason,
    summary: sentence,
    ...(hint !== undefined && { hint }),
    result: {
      schema,
      applications: applications.map(applicationResult),
      ...(overwrittenBy !== undefined && { overwrittenBy: overwriteResult(overwrittenBy) }),
    },
    outputs: { revision: worst.verdict.revision ?? '' },
    page: waitPage(report, { verdict, reason, sentence, hint }),
  };
}

/** How it is told that there is nothing to watch. */
export interface Telling {
  readonly schema: string;
  /** `deployed`: nothing was written because of it. */
  readonly not: 'deployed' | 'verified';
}

/** What is said of all applications together. */
export interface Together {
  readonly verdict: WaitVerdict;
  readonly reason: WaitReason;
  readonly sentence: string;
  readonly hint: string | undefined;
}

function seen(worst: ApplicationVerdict, report: WaitReport): Together {
  const { applications, expected } = report;
  const { verdict, reason, sentence } = worst.verdict;
  if (verdict === 'live' && 'change' in expected) {
    // One that only deploys others runs nothing of the change.
    const running = applications.filter(
      ({ selected, verdict: { proof } }) =>
        proof.length > 0 || !applications.some((one) => one.of === selected.application.name),
    ).length;
    const count = running === 1 ? '' : `: ${running} applications`;
    const whole = `${headline(report, { verdict, reason })}${count}.`;
    return { verdict, reason, sentence: whole, hint: undefined };
  }
  const name = nameAmong(
    worst.selected,
    applications.map(({ selected }) => selected),
  );
  const named = sentence.startsWith(`${name} `) ? '' : `, ${name}`;
  const counted =
    applications.length === 1 ? sentence : `${countOf(applications, verdict)}${named}: ${sentence}`;
  return { verdict, reason, sentence: counted, hint: adviceOf(worst.verdict) };
}

/** A part of the change that nobody runs, or runs where this token does not see it: the whole of it was not seen live. */
function halfSeen(unread: readonly string[]): Together {
  const files = unread.length === 1 ? 'a file' : `${unread.length} files`;
  return {
    verdict: 'unknown',
    reason: 'unread-files',
    sentence: `No application that Argo CD shows to this token reads ${files} of the change: ${unread.join(', ')}.`,
    hint: 'Leave out with `path` what is not deployed, or name in `applications` those that are to be verified.',
  };
}

/** The outcome where nobody reads a part of the change, told before anything is written; undefined where all of it is read. */
export function partlyRead(unread: readonly string[], telling: Telling): WaitOutcome | undefined {
  if (unread.length === 0) return undefined;
  const { reason, sentence, hint } = halfSeen(unread);
  return nothingWatched({ sentence, hint: hint ?? '', reason }, telling);
}

/** Nothing to watch is never a success. */
export function noApplication(
  {
    sentence,
    hint,
    reason = 'no-application',
  }: { readonly sentence: string; readonly hint: string; readonly reason?: keyof SelectionReasons },
  telling: Telling = { schema: waitSchema, not: 'verified' },
): WaitOutcome {
  return nothingWatched({ sentence, hint, reason }, telling);
}

function nothingWatched(
  { sentence, hint, reason }: Pick<Together, 'sentence' | 'reason'> & { readonly hint: string },
  { schema, not }: Telling,
): WaitOutcome {
  return {
    verdict: 'unknown',
    ok: 'unknown',
    reason,
    summary: sentence,
    hint,
    result: { schema, applications: [] },
    outputs: { revision: '' },
    page: waitPageOfNothing(`Not ${not}: ${sentence}`, hint),
  };
}

function countOf(applications: readonly ApplicationVerdict[], verdict: WaitVerdict): string {
  const count = applications.filter((one) => one.verdict.verdict === verdict).length;
  return `${count} of ${applications.length} applications ${verdict}`;
}

function applicationResult({ selected, verdict }: ApplicationVerdict): ApplicationResult {
  const { name, namespace } = selected.application;
  const { server } = selected.argocd;
  const { reason, revision, missing, messages, sentence, proof } = verdict;
  return {
    ...{ name, namespace, server, verdict: verdict.verdict, reason, revision: revision ?? '', missing },
    messages: [sentence, ...messages],
    images: proof.map(({ place, image, seen }) => ({ place, image, seen })),
  };
}

const overwriteResult = ({ sha, author, path, place, from, to }: Overwrite): OverwriteResult => ({
  ...{ commit: sha, author, path, place, from, to },
});
