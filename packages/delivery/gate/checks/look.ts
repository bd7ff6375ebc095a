import { readEvent } from '@sluice/core/event-file';
import type { GitHub } from '@sluice/core/github';
import type { World } from '@sluice/core/run';
import { headCommit } from './head-commit.ts';
import type { Wanted } from './judge-checks.ts';
import { ownScope } from './own-scope.ts';
import { checksReader } from './read-checks.ts';
import { type CheckReading, waitForChecks } from './wait-for-checks.ts';

/** Waits for the checks that are wanted, on the head commit of the event. */
export async function lookAtChecks(
  wanted: Wanted,
  timeoutMs: number,
  github: GitHub,
  world: World,
): Promise<CheckReading> {
  const { context, env, log } = world;
  const event = readEvent(env.GITHUB_EVENT_PATH);
  const sha = headCommit(context.eventName, event, context.sha);
  if (sha === undefined) {
    const sentence = `the event ${context.eventName} does not tell the commit that checks are reported on`;
    return { type: 'not-read', sentence, hint: 'Run it on `pull_request`, `merge_group` or `push`.' };
  }
  if (context.runId === '') {
    const sentence =
      'the runner does not say which run this is (GITHUB_RUN_ID), so that its own checks cannot be left out';
    return { type: 'not-read', sentence, hint: 'Remove what unsets GITHUB_RUN_ID in the workflow.' };
  }
  log.info(`The checks of ${sha.slice(0, 7)} are looked at.`);
  const [owner = '', repo = ''] = context.repository.split('/');
  // A status is of no workflow: where every pattern names one, the permission to read them is not needed.
  const statuses = wanted.patterns.some(({ workflow, isOwn }) => workflow === undefined && isOwn !== true);
  const scope = wanted.patterns.some(({ isOwn }) => isOwn === true)
    ? await ownScope(github, world)
    : undefined;
  if (scope !== undefined && 'sentence' in scope) return { type: 'not-read', ...scope };
  const read = checksReader(github, { owner, repo, sha }, { ownRun: Number(context.runId), statuses });
  return waitForChecks({ ...wanted, ...(scope && { own: scope }) }, timeoutMs, read, world);
}
