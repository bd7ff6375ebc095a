import { readFile } from 'node:fs/promises';
import { SluiceError } from '@sluice/core/errors';
import { githubFailure } from '@sluice/core/github';
import { at, type Json, text } from '@sluice/core/json';
import type { Home } from './home.ts';
import { QUEUE_BRANCHES } from './plan-branch.ts';
import type { ClosedPull } from './plan-closed.ts';
import { parseRun, type SeenRun } from './runs.ts';
import { standingOf } from './standing.ts';
import { traceDeployments } from './traced-deployments.ts';

/** The event of the run; `null` where it cannot be read. */
export async function readEvent(home: Home): Promise<Json> {
  try {
    return JSON.parse(await readFile(home.world.env.GITHUB_EVENT_PATH ?? '', 'utf8'));
  } catch {
    return null;
  }
}

/** Our own run, by its id: a repository that has many lists only those that are not completed. */
export async function readOwnRun(home: Home, id: number): Promise<SeenRun> {
  const { github, owner, repo } = home;
  const route = 'GET /repos/{owner}/{repo}/actions/runs/{run_id}';
  const { data } = await github.request(route, { owner, repo, run_id: id });
  const run = parseRun(data);
  if (run !== undefined) return run;
  throw new SluiceError(
    'platform',
    'unexpected-answer',
    `GitHub answered with something that is no run ${id}.`,
  );
}

/** A run does not say whether it is of a branch or of a tag; where both have its name, nothing tells. */
export async function isAmbiguous(home: Home, name: string): Promise<boolean> {
  const { github, owner, repo, world } = home;
  const kind = world.context.ref.startsWith('refs/tags/') ? 'heads' : 'tags';
  try {
    const ref = `${kind}/${name}`;
    await github.request('GET /repos/{owner}/{repo}/git/ref/{ref}', { owner, repo, ref });
    return true;
  } catch (error) {
    if (githubFailure(error)?.status === 404) return false;
    if (!(error instanceof SluiceError) || world.signal.aborted) throw error;
    world.log.warning(`Whether a branch and a tag are called ${name} could not be read: ${error.message}`);
    return true;
  }
}

/** The branches of the entries of the merge queue; undefined where they could not be read: then no entry is taken for one that has left. */
export async function readQueue(home: Home): Promise<ReadonlySet<string> | undefined> {
  const { github, owner, repo, world } = home;
  const branches = new Set<string>();
  try {
    const route = 'GET /repos/{owner}/{repo}/git/matching-refs/{ref}';
    const { data } = await github.request(route, { owner, repo, ref: `heads/${QUEUE_BRANCHES}` });
    for (const { ref } of data) branches.add(ref.replace(/^refs\/heads\//, ''));
    return branches;
  } catch (error) {
    if (!(error instanceof SluiceError) || world.signal.aborted) throw error;
    world.log.warning(`The branches of the merge queue could not be read: ${error.message}`);
    return undefined;
  }
}

/** Of runs that run, those that may have begun to change something: a Deployment says so, or may be older than what is read. Throws where that cannot be read: nobody knows what is half done. */
export async function readBegun(home: Home, runs: readonly SeenRun[]): Promise<ReadonlySet<number>> {
  const oldest = Math.min(...runs.map(({ createdAt }) => createdAt));
  const { deployments, since } = await traceDeployments(home, oldest);
  const begun = deployments.filter(({ statuses }) => ['begun', 'merge'].includes(standingOf(statuses)));
  const unknown = runs.filter(({ createdAt }) => createdAt <= since);
  return new Set([...begun.map(({ run }) => run), ...unknown.map(({ id }) => id)]);
}

/**
 * The pull requests of one branch, newest first; `head` is `owner:branch`. No run of a fork names its pull request, and one branch may have
 * several: then nothing tells the runs of one from those of the other.
 */
async function readPulls(home: Home, head: string, state: 'open' | 'all'): Promise<readonly Json[]> {
  const { github, owner, repo } = home;
  const route = 'GET /repos/{owner}/{repo}/pulls';
  return (await github.request(route, { owner, repo, head, state, per_page: 100 })).data;
}

/** Whether the branch of the event's pull request has more than one that is open; also where that cannot be read. */
export async function hasTwin(home: Home): Promise<boolean> {
  const head = text(at(await readEvent(home), 'pull_request', 'head', 'label'));
  if (head === undefined) return false;
  try {
    return (await readPulls(home, head, 'open')).length > 1;
  } catch (error) {
    if (!(error instanceof SluiceError) || home.world.signal.aborted) throw error;
    home.world.log.warning(`The pull requests of the branch could not be read: ${error.message}`);
    return true;
  }
}

export interface PullNow {
  readonly pull: ClosedPull;
  readonly isClosed: boolean;
  /** How often GitHub was asked. */
  readonly reads: number;
}

/** The pull request of the event, and whether it is closed now: an event is as old as its run. */
export async function readPull(home: Home): Promise<PullNow> {
  const event = at(await readEvent(home), 'pull_request');
  const number = at(event, 'number');
  if (typeof number !== 'number') {
    const sentence = 'An input is wrong: when: `closed` needs an event of a pull request.';
    throw new SluiceError('input', 'invalid-input', sentence, {
      hint: 'Run it `on: pull_request: types: [closed]`, or `pull_request_target`.',
    });
  }
  const { github, owner, repo, world } = home;
  let now: Json = event;
  let isTwin = false;
  let reads = 0;
  try {
    const head = text(at(event, 'head', 'label'));
    if (head !== undefined) reads += 1;
    const pulls = head === undefined ? [] : await readPulls(home, head, 'all');
    const found = pulls.find((one) => at(one, 'number') === number);
    isTwin = pulls.some((one) => at(one, 'number') !== number && at(one, 'state') === 'open');
    const route = 'GET /repos/{owner}/{repo}/pulls/{pull_number}';
    if (found === undefined) reads += 1;
    now = found ?? (await github.request(route, { owner, repo, pull_number: number })).data;
  } catch (error) {
    if (!(error instanceof SluiceError) || world.signal.aborted) throw error;
    world.log.warning(`Pull request #${number} could not be read, and the event is taken: ${error.message}`);
  }
  const repository = at(now, 'head', 'repo', 'id');
  const closedAt = Date.parse(text(at(now, 'closed_at')) ?? '');
  return {
    reads,
    isClosed: at(now, 'state') === 'closed',
    pull: {
      ...{ number, hasTwin: isTwin },
      repository: typeof repository === 'number' ? repository : undefined,
      branch: text(at(now, 'head', 'ref')) ?? '',
      closedAt: Number.isNaN(closedAt) ? undefined : closedAt,
    },
  };
}
