import { code, codeBlock, escapeMarkdown, table, truncate } from '@sluice/core/summary';
import { isReady, type Plan, type Target } from '../bump/bump-plan.ts';
import type { BumpStatement } from '../bump/bump-statement.ts';
import type { Applied } from '../bump/carry-out.ts';
import { showScalar } from '../bump/subject.ts';
import { describePlace } from '../describe.ts';
import type { PullRequest } from '../pull-request/pull-request-api.ts';
import { fileLink } from './changes-table.ts';
import { unifiedDiff } from './diff.ts';

const ROWS = 200;
/** Of the 1 MiB that a step's summary may have; the rest is for the table and for the root action's own part. */
const DIFF_LIMIT = 400_000;

/** The job summary of a bump: the verdict in words, one table, the diff, what to do. */
export function bumpPage(statement: BumpStatement, applied: Applied, target: Target): string {
  const { plan } = applied;
  const first = `**${verdictWord(statement)}${escapeMarkdown(statement.summary)}**`;
  const links = linksOf(applied, target);
  const hint = statement.hint === undefined ? '' : escapeMarkdown(statement.hint);
  const notes = 'notes' in applied ? (applied.notes ?? []) : [];
  const listed = notes.map((note) => `- ${escapeMarkdown(note)}`).join('\n');
  const unwritten = isUnwritten(applied) ? 'Nothing was written.' : '';
  return [first, unwritten, links, hint, listed, planPage(plan)]
    .filter((part) => part !== '')
    .join('\n\n')
    .concat('\n');
}

/** Sentences about a place do not say by themselves what came of it. */
function verdictWord({ verdict }: BumpStatement): string {
  if (verdict === 'refused') return 'Refused: ';
  return verdict === 'not-found' ? 'Not found: ' : '';
}

function isUnwritten(applied: Applied): boolean {
  if (applied.type === 'settled') return !isReady(applied.plan) && applied.wrote !== true;
  return applied.type === 'left' || (applied.type === 'refused' && applied.commit === undefined);
}

/** The part of a page that shows a plan: places, diff, what was refused or left out, digest. */
export function planPage(plan: Plan): string {
  const diffs = [diffBlock(plan), plan.rendered ?? ''];
  return [resolvedImages(plan), placesTable(plan), notSet(plan), ...diffs, digestLine(plan)]
    .filter((part) => part !== '')
    .join('\n\n');
}

function linksOf(applied: Applied, target: Target): string {
  const { plan } = applied;
  const closed =
    'closed' in applied && applied.closed !== undefined ? ` · closed: ${pullLink(applied.closed)}` : '';
  if (applied.type === 'settled') {
    const commit = target.isWorkspace ? '' : plan.change.commit;
    return plan.decision.type === 'nothing' && commit !== '' ? `${commitLink(commit, target)}${closed}` : '';
  }
  if (applied.type === 'proposed') {
    const { pullRequest, branch, commit } = applied;
    return `${pullLink(pullRequest)} from ${code(branch)} · ${commitLink(commit, target)}`;
  }
  if (applied.type !== 'committed') return '';
  const merged = applied.pullRequest === undefined ? '' : ` · ${pullLink(applied.pullRequest)}`;
  return `${commitLink(applied.commit, target)}${merged}${closed}`;
}

function pullLink({ number, url }: PullRequest): string {
  return `[Pull request #${number}](${url})`;
}

function commitLink(commit: string, { url }: Target): string {
  return `[${code(commit.slice(0, 7))}](${url}/commit/${commit})`;
}

/** What registries made of `images`. */
function resolvedImages({ images }: Plan): string {
  return images
    .flatMap(({ image, resolved }) =>
      resolved === undefined ? [] : [`- ${code(image)} → ${code(resolved)}`],
    )
    .join('\n');
}

function placesTable(plan: Plan): string {
  const { repository: url, base, branch } = plan.change;
  const at = { url, branch: base === '' ? branch : base };
  const rows = plan.change.files.flatMap(({ path, edits }) =>
    edits.map(({ place, from, to }) => [
      fileLink(at, path),
      code(describePlace(place)),
      from === to ? 'already' : code(showScalar(from)),
      code(showScalar(to)),
    ]),
  );
  if (rows.length === 0) return '';
  const shown = table([['file', 'place', 'from', 'to'], ...rows.slice(0, ROWS)]);
  return rows.length > ROWS ? `${shown}\n\n…and ${rows.length - ROWS} more.` : shown;
}

function diffBlock(plan: Plan): string {
  if (plan.decision.type !== 'write') return '';
  const diff = plan.files
    .map(({ path, before, after }) => unifiedDiff(path, before, after))
    .filter((part) => part !== '');
  if (diff.length === 0) return '';
  return fold('Diff', truncate(codeBlock(diff.join('\n'), 'diff'), DIFF_LIMIT));
}

/** A part of a page that a person opens. */
function fold(name: string, content: string): string {
  return `<details><summary>${name}</summary>\n\n${content}\n\n</details>`;
}

/** What was refused, and what was left out; a single line that only says the verdict again is not shown. */
function notSet(plan: Plan): string {
  const refused = plan.problems.map(({ path, message }) => ({ what: path, why: message }));
  const unplaced = plan.images.filter(({ status }) => status === 'not-found' && refused.length === 0);
  const left = [
    ...plan.skipped.map(({ path, message }) => ({ what: path, why: message })),
    ...plan.missing.map(({ text, message }) => ({ what: text, why: message })),
    ...unplaced.map(({ image }) => ({ what: image, why: 'no place names this image' })),
  ];
  if (refused.length + left.length === 1 && [...refused, ...left].every((one) => isSaid(one, plan)))
    return '';
  return [rowsOf('refused', refused), rowsOf('left out', left)].filter((part) => part !== '').join('\n\n');
}

interface NotSet {
  readonly what: string;
  readonly why: string;
}

/** Whether the sentence of the verdict holds it: a message, or for an image its name. */
function isSaid({ what, why }: NotSet, { decision }: Plan): boolean {
  return 'why' in decision && (decision.why.includes(why) || decision.why.includes(`names ${what}`));
}

function rowsOf(title: string, rows: readonly NotSet[]): string {
  if (rows.length === 0) return '';
  return table([
    [title, 'why'],
    ...rows.slice(0, ROWS).map(({ what, why }) => [code(what), escapeMarkdown(why)]),
  ]);
}

function digestLine(plan: Plan): string {
  return plan.decision.type === 'write' ? `Plan: ${code(plan.digest)}` : '';
}
