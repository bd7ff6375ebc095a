import { createHash } from 'node:crypto';
import { SluiceError } from '@sluice/core/errors';
import { readEvent } from '@sluice/core/event-file';
import { createGitHub } from '@sluice/core/github';
import { at } from '@sluice/core/json';
import type { World } from '@sluice/core/run';
import { escapeMarkdown, truncate } from '@sluice/core/summary';
import type { Outcome } from '@sluice/core/verdict';
import { COMMENT_LIMIT, keepComment } from '../pull-request/comment.ts';
import { sentence } from '../pull-request/pull-request-step.ts';
import type { CommentInputs } from './preview.ts';

/**
 * Keeps the page of an outcome in one comment of the run's pull request. The token of a fork's pull request may not write: that,
 * and any other failure, is a line of the page, and the verdict stays.
 */
export async function comment<O extends Outcome>(
  inputs: CommentInputs,
  outcome: O,
  world: World,
): Promise<O> {
  const { context, log, clock, fetch, signal, env } = world;
  try {
    const number = pullRequestOf(env.GITHUB_EVENT_PATH);
    const { apiUrl, graphqlUrl, repository } = context;
    // Not the login of the GitOps repository, which seldom reaches the workflow's own.
    const credential = { type: 'token', token: inputs['comment-token'] } as const;
    const github = createGitHub({ apiUrl, graphqlUrl, credential, log, clock, fetch, signal });
    await keepComment(github, { repository, number, key: keyOf(inputs, repository) }, bodyOf(outcome, world));
    return outcome;
  } catch (error) {
    signal.throwIfAborted();
    if (!(error instanceof SluiceError)) throw error;
    const said = `The pull request got no comment of this: ${sentence(error)}`;
    log.info(said);
    return { ...outcome, page: `${outcome.page.trimEnd()}\n\n_${escapeMarkdown(said)}_\n` };
  }
}

/** The number in the event's payload: all that is taken of it, for the rest is written by whoever opened the pull request. */
function pullRequestOf(file: string | undefined): number {
  const number = at(readEvent(file), 'pull_request', 'number');
  if (typeof number === 'number' && Number.isSafeInteger(number) && number > 0) return number;
  throw new SluiceError(
    'input',
    'invalid-environment',
    'The event of this run names no pull request (GITHUB_EVENT_PATH).',
  );
}

function bodyOf({ page }: Outcome, { context, hide }: World): string {
  const { serverUrl, repository, runId, runAttempt } = context;
  const run = `${serverUrl}/${repository}/actions/runs/${runId}/attempts/${runAttempt}`;
  const by = runId === '' ? '' : `\n\n_By [this run](${run})._`;
  // Bytes are never fewer than characters; the mark and the last line have room beside.
  const text = truncate(hide(page).trimEnd(), COMMENT_LIMIT - by.length - 200, 'a comment');
  const isOpen = text.lastIndexOf('\n<details>') > text.lastIndexOf('\n</details>');
  return `${text}${isOpen ? '\n</details>' : ''}${by}`;
}

/** Of a deployment, its key; else what is changed where. Never a version, or each would get a comment of its own. */
function keyOf(inputs: CommentInputs, repository: string): string {
  const { project, environment, tenant, branch } = inputs;
  const where = [inputs.repository || repository, branch];
  const what =
    project !== '' && environment !== ''
      ? [project, environment, tenant]
      : [
          ...[project, environment, inputs.path],
          inputs.images.map(({ name, repository: image }) => [name, image]),
          inputs.set.map(({ file, path }) => [file, path]),
        ];
  const digest = createHash('sha256')
    .update(JSON.stringify([where, what]))
    .digest('hex');
  return `image-tag-bump-${digest.slice(0, 16)}`;
}
