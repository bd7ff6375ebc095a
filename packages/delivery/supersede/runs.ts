import { at, isRecord, type Json, list, text } from '@sluice/core/json';

/** A run of a workflow, as GitHub lists it. Its id grows with each new run, and a re-run keeps it: it is the age of the run. */
export interface SeenRun {
  readonly id: number;
  /** `queued`, `requested`, `pending`, `waiting`, `in_progress`, `completed`. */
  readonly status: string;
  /** Empty while it is not completed. */
  readonly conclusion: string;
  /** The names of the workflow and of the run (`run-name:`); none where somebody from outside may have given them. */
  readonly names: readonly string[];
  /** What stands in GitHub's list of runs; anybody may have said it. */
  readonly title: string;
  readonly url: string;
  readonly workflow: number;
  readonly event: string;
  /** A branch or a tag: the API does not say which. */
  readonly branch: string;
  readonly sha: string;
  /** Undefined where a fork was deleted. */
  readonly repository: number | undefined;
  /** Numbers of the open pull requests of its branch; always empty for a fork's. */
  readonly pulls: readonly number[];
  /** Milliseconds since the epoch. */
  readonly createdAt: number;
}

export const isLive = ({ status }: Pick<SeenRun, 'status'>): boolean => status !== 'completed';

const BEFORE_START = new Set(['queued', 'requested', 'pending']);
/** Whether no job of it has run: also one that waits for its concurrency group. */
export const isBeforeStart = ({ status }: Pick<SeenRun, 'status'>): boolean => BEFORE_START.has(status);

/** Where nobody from outside has a say in what a run is called. */
const NAMED_INSIDE = new Set(['push', 'workflow_dispatch', 'repository_dispatch', 'schedule', 'release']);

/**
 * Whether the name of a run can say whose deployment it is. Without `run-name:` a run is called as what it is about: a pull request, an issue, a
 * discussion, which anybody may open, and the command of a maintainer in a comment there would be a run that its author can have cancelled. The
 * workflow of a fork's pull request may be the fork's own. A pull request of a branch of this repository is by somebody who may write here.
 */
function isNamedInside(value: Json): boolean {
  const event = text(at(value, 'event')) ?? '';
  const home = at(value, 'repository', 'id');
  const isOwn = typeof home === 'number' && at(value, 'head_repository', 'id') === home;
  return NAMED_INSIDE.has(event) || (event.startsWith('pull_request') && isOwn);
}

/**
 * Undefined where the workflow gives its runs no name: then the title is that of the commit, and what a commit is called, a pull request's
 * author may have said.
 */
function runNameOf(value: Json): string | undefined {
  const title = text(at(value, 'display_title'));
  const message = text(at(value, 'head_commit', 'message'));
  const isOfCommit = title && message?.startsWith(title.replace(/(\u2026|\.{3})$/, ''));
  return isOfCommit ? undefined : title;
}

/** Narrows one run of an answer of GitHub; undefined where it is none. */
export function parseRun(value: Json): SeenRun | undefined {
  const id = at(value, 'id');
  // GitHub's description lets it be null.
  const status = text(at(value, 'status')) ?? '';
  if (!isRecord(value) || typeof id !== 'number' || !Number.isSafeInteger(id)) return undefined;
  const repository = at(value, 'head_repository', 'id');
  const created = Date.parse(text(at(value, 'created_at')) ?? '');
  return {
    id,
    status,
    conclusion: text(at(value, 'conclusion')) ?? '',
    names: isNamedInside(value)
      ? [text(at(value, 'name')), runNameOf(value)].filter((name) => name !== undefined)
      : [],
    title: text(at(value, 'display_title')) ?? '',
    url: text(at(value, 'html_url')) ?? '',
    workflow: Number(at(value, 'workflow_id')),
    event: text(at(value, 'event')) ?? '',
    branch: text(at(value, 'head_branch')) ?? '',
    sha: text(at(value, 'head_sha')) ?? '',
    repository: typeof repository === 'number' ? repository : undefined,
    pulls: list(at(value, 'pull_requests')).flatMap((one) => {
      const number = at(one, 'number');
      return typeof number === 'number' ? [number] : [];
    }),
    createdAt: Number.isNaN(created) ? 0 : created,
  };
}

/** A run that GitHub does not have any more: only what is completed can be deleted. */
export const deletedRun = (id: number): SeenRun => ({ ...runningRun(id), status: 'completed' });

/** A run of which is known that it runs, and no more. */
export const runningRun = (id: number): SeenRun => ({
  ...{ id, status: 'in_progress', conclusion: '', title: '', names: [], url: '', workflow: 0, event: '' },
  ...{ branch: '', sha: '', repository: undefined, pulls: [], createdAt: Number.POSITIVE_INFINITY },
});
