import { grouped } from '@sluice/core/grouped';
import { oneLine } from '@sluice/core/one-line';
import { code, escapeMarkdown, table } from '@sluice/core/summary';
import { marked } from '../marked.ts';
import { type Blocker, unseenTold } from './blockers.ts';
import type { Check } from './checks/types.ts';
import type { JudgedJob } from './judge-jobs.ts';
import { shownName } from './judge-jobs.ts';
import type { GateReport } from './outcome.ts';
import type { Uncovered } from './workflow/coverage.ts';

interface Facts extends GateReport {
  readonly summary: string;
  readonly hint?: string;
  readonly blockers: readonly Blocker[];
}

/** A page that is longer is read by nobody; the output `result` has more. */
const mostRows = 100;
const mostNotes = 10;
const mostParts = 20;
/** That the sentence of the verdict tells. */
export const mostTold = 3;

/** The page: the verdict, each job with what blocks first, what to do. */
export function gatePage({ summary, hint, jobs, workflow, checks, blockers, warnings }: Facts): string {
  return [
    `**${marked(summary)}**`,
    jobsTable(jobs, workflow?.type === 'read' ? workflow.uncovered : []),
    checksTable(checks?.type === 'seen' ? checks.judgement.checks : []),
    // Few are all in the sentence already.
    blockers.length <= mostTold ? '' : listOf(ofChecks(blockers)),
    hint === undefined ? '' : marked(hint),
    listOf(warnings.map(marked)),
  ]
    .filter((part) => part !== '')
    .join('\n\n')
    .concat('\n');
}

const ofChecks = (blockers: readonly Blocker[]): readonly string[] =>
  blockers
    .filter(({ reason }) => reason.startsWith('check-'))
    .map(({ sentence }) => escapeMarkdown(sentence));

function jobsTable(jobs: readonly JudgedJob[], unseen: readonly Uncovered[]): string {
  const rank = ({ standing }: JudgedJob): number => RANKS.indexOf(standing.type);
  const needed = jobs.toSorted((a, b) => rank(a) - rank(b));
  const others = unseen.map((one) => [code(shownName(one.name)), escapeMarkdown(unseenTold(one)), YES]);
  const blocking = needed.filter((job) => job.standing.type === 'blocks');
  const rows = [...blocking.map(rowOf), ...others, ...needed.slice(blocking.length).map(rowOf)];
  if (rows.length === 0) return '';
  const rest = rows.length - mostRows;
  const more = rest <= 0 ? '' : `\n\n… and ${grouped(rest)} more.`;
  const head = ['job', 'what became of it', 'stands in the way'];
  return `${table([head, ...rows.slice(0, mostRows)])}${more}`;
}

function checksTable(checks: readonly Check[]): string {
  if (checks.length === 0) return '';
  const sorted = checks.toSorted((a, b) => Number(a.state === 'success') - Number(b.state === 'success'));
  const rows = sorted.slice(0, mostRows).map(({ name, app, run, state, told }) => {
    const from = run === undefined ? app : `${run.workflow}, ${run.event}, run ${run.id}`;
    const attempt = run !== undefined && run.attempt > 1 ? `, attempt ${run.attempt}` : '';
    const cells = [code(oneLine(name, 120)), escapeMarkdown(`${oneLine(from, 120)}${attempt}`)];
    return [...cells, escapeMarkdown(told), state === 'success' ? 'no' : YES];
  });
  const rest = checks.length - rows.length;
  const more = rest === 0 ? '' : `\n\n… and ${grouped(rest)} more.`;
  return `${table([['check', 'of', 'what became of it', 'stands in the way'], ...rows])}${more}`;
}

const RANKS: readonly JudgedJob['standing']['type'][] = ['blocks', 'may-fail', 'may-skip', 'succeeded'];
const YES = '**yes**';

function rowOf(job: JudgedJob): readonly string[] {
  const parts = (job.parts ?? []).slice(0, mostParts).map((part) => code(oneLine(part, 120)));
  const rest = (job.parts?.length ?? 0) - parts.length;
  const within = parts.length === 0 ? '' : `: ${parts.join(', ')}${rest > 0 ? ` and ${rest} more` : ''}`;
  return [code(shownName(job.name)), `${escapeMarkdown(job.told)}${within}`, standingOf(job)];
}

function standingOf({ standing }: JudgedJob): string {
  switch (standing.type) {
    case 'blocks':
      return YES;
    case 'may-fail':
      return 'no: `allowed-failures`';
    case 'may-skip':
      return 'no: `allowed-skips`';
    case 'succeeded':
      return 'no';
  }
}

function listOf(lines: readonly string[]): string {
  const rest = lines.length - mostNotes;
  return [
    ...lines.slice(0, mostNotes).map((line) => `- ${line}`),
    ...(rest > 0 ? [`- … and ${grouped(rest)} more`] : []),
  ].join('\n');
}
