import { createHash } from 'node:crypto';
import { escapeMarkdown } from '@sluice/core/summary';
import { headline, type Subject } from '../bump/subject.ts';
import type { Change } from '../change.ts';
import { title } from '../commit/commit-message.ts';
import { fillTemplate } from '../commit/template.ts';
import { markdownValues, textValues } from '../commit/template-values.ts';
import { type Trailers, withTrailers } from '../commit/trailers.ts';
import { changesTable } from '../page/changes-table.ts';

/** GitHub refuses a title above 256 characters. */
const TITLE_LIMIT = 250;
/** GitHub refuses the body of a pull request above 65,536 characters. */
const BODY_LIMIT = 60_000;

/**
 * The branch of a deployment's pull request: one per project, environment and tenant, so that a newer deployment
 * updates the older one's. Where the key is not whole, the places that are edited stand for it. The tenant follows an
 * `@`, not a slash: Git cannot hold the branches `a/b` and `a/b/c` at once.
 */
export function pullRequestBranch(
  change: Pick<Change, 'project' | 'environment' | 'tenant' | 'branch' | 'files'>,
): string {
  const { project, environment, tenant } = change;
  if (project !== undefined && environment !== undefined) {
    return `sluice/${slug(project)}/${slug(environment)}${tenant === undefined ? '' : `@${slug(tenant)}`}`;
  }
  const places = change.files.flatMap(({ path, edits }) => edits.map((edit) => [path, edit.place]));
  const digest = createHash('sha256')
    .update(JSON.stringify([change.branch, project, environment, tenant, places]))
    .digest('hex');
  return `sluice/bump/${digest.slice(0, 12)}`;
}

/**
 * Title and body: generated, or templates that are filled in. Our trailers end the body, so that a squash merge may carry them
 * into the branch.
 */
export function pullRequestText(
  subject: Subject,
  trailers: Trailers,
  given: { readonly title: string; readonly body: string },
): { readonly title: string; readonly body: string } {
  const filled = title(fillTemplate(given.title, textValues(subject)));
  const body = given.body === '' ? generatedBody(subject) : fillTemplate(given.body, markdownValues(subject));
  return {
    title: shortened(filled === '' ? title(headline(subject)) : filled, TITLE_LIMIT),
    body: withTrailers(cut(body), trailers),
  };
}

/** A body without what another run of the same deployment would write: which run it was. */
export function withoutRun(body: string): string {
  return body
    .replaceAll('\r\n', '\n')
    .replace(/\/actions\/runs\/\d+(\/attempts\/\d+)?/g, '')
    .replace(/^Sluice-Run: .*$/gm, '');
}

function generatedBody(subject: Subject): string {
  const { refusal, runUrl } = subject;
  const why =
    refusal === undefined || refusal === ''
      ? ''
      : `A direct commit was refused by the rules of the branch: ${escapeMarkdown(refusal)}`;
  const by = runUrl === undefined ? '' : `Made by [this run](${runUrl}).`;
  return [changesTable(subject), why, by].filter((part) => part !== '').join('\n\n');
}

/** Shortened at the end of a line, so that no table is left half. */
function cut(body: string): string {
  if (body.length <= BODY_LIMIT) return body;
  const kept = body.slice(0, BODY_LIMIT);
  return `${kept.slice(0, Math.max(kept.lastIndexOf('\n'), 0))}\n\n…`;
}

function shortened(line: string, limit: number): string {
  return line.length <= limit ? line : `${line.slice(0, limit)}…`;
}

/**
 * A part of a branch name that Git takes (git-check-ref-format) and that no two keys share: what had to be replaced is
 * told apart by a few digits of its hash.
 */
function slug(part: string): string {
  const safe = part
    .replace(/[^A-Za-z0-9._-]+/g, '-')
    .replace(/\.{2,}/g, '.')
    .replace(/^[.-]+|[.-]+$|\.lock$/g, '')
    .slice(0, 80);
  if (safe === part) return part;
  const digits = createHash('sha256').update(part).digest('hex').slice(0, 6);
  return safe === '' ? digits : `${safe}-${digits}`;
}
