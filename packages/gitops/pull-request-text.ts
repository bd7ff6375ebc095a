import { createHash } from 'node:crypto';
import { code, table } from '@sluice/core/summary';
import type { Change } from './change.ts';
import { headline, realEdits, type Subject, showScalar } from './commit-message.ts';
import { describePlace } from './describe.ts';
import { type Trailers, withTrailers } from './trailers.ts';

/** GitHub refuses the body of a pull request above 65,536 characters. */
const BODY_LIMIT = 60_000;
const ROWS = 200;

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

/** Title and body: generated, or as given. Our trailers end the body, so that a squash merge may carry them into the branch. */
export function pullRequestText(
  subject: Subject,
  trailers: Trailers,
  given: { readonly title: string; readonly body: string },
): { readonly title: string; readonly body: string } {
  const body = given.body === '' ? generatedBody(subject) : given.body;
  return {
    title: given.title === '' ? headline(subject) : given.title,
    body: withTrailers(body.slice(0, BODY_LIMIT), trailers),
  };
}

function generatedBody(subject: Subject): string {
  const edits = realEdits(subject.files);
  const rows = edits
    .slice(0, ROWS)
    .map(({ path, edit }) =>
      [path, describePlace(edit.place), showScalar(edit.from), showScalar(edit.to)].map(code),
    );
  const left = edits.length - rows.length;
  const shown = table([['file', 'place', 'from', 'to'], ...rows]);
  return left > 0 ? `${shown}\n\n…and ${left} more.` : shown;
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
