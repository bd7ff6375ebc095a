import { readFile } from 'node:fs/promises';
import { SluiceError } from '@sluice/core/errors';
import { githubFailure } from '@sluice/core/github';
import { at, type Json, text } from '@sluice/core/json';
import type { Home } from './home.ts';
import { QUEUE_BRANCHES } from './plan-branch.ts';
import type { ClosedPull } from './plan-closed.ts';

/** The event of the run; `null` where it cannot be read. */
export async function readEvent(home: Home): Promise<Json> {
  try {
    return JSON.parse(await readFile(home.world.env.GITHUB_EVENT_PATH ?? '', 'utf8'));
  } catch {
    return null;
  }
}

/** A run does not say whether it is of a branch or of a tag; where both have its name, nothing tells. Throws where that cannot be read. */
export async function isAmbiguous({ github, owner, repo, world }: Home, name: string): Promise<boolean> {
  const kind = world.context.ref.startsWith('refs/tags/') ? 'heads' : 'tags';
  try {
    const ref = `${kind}/${name}`;
    await github.request('GET /repos/{owner}/{repo}/git/ref/{ref}', { owner, repo, ref });
    return true;
  } catch (error) {
    if (githubFailure(error)?.status === 404) return false;
    throw error;
  }
}

/** The branches of the entries of the merge queue. Throws where they cannot be read: every entry would seem to have left. */
export async function readQueue({ github, owner, repo }: Home): Promise<ReadonlySet<string>> {
  const route = 'GET /repos/{owner}/{repo}/git/matching-refs/{ref}';
  const { data } = await github.request(route, { owner, repo, ref: `heads/${QUEUE_BRANCHES}` });
  return new Set(data.map(({ ref }) => ref.replace(/^refs\/heads\//, '')));
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

/** Whether the branch of the event's pull request has more than one that is open. Throws where that cannot be read. */
export async function hasTwin(home: Home): Promise<boolean> {
  const head = text(at(await readEvent(home), 'pull_request', 'head', 'label'));
  return head !== undefined && (await readPulls(home, head, 'open')).length > 1;
}

export interface PullNow {
  readonly pull: ClosedPull;
  readonly isClosed: boolean;
  /** How often GitHub was asked. */
  readonly reads: number;
}

/** The pull request of the event, and whether it is closed now: an event is as old as its run. Throws where that cannot be read. */
export async function readPull(home: Home): Promise<PullNow> {
  const event = at(await readEvent(home), 'pull_request');
  const number = at(event, 'number');
  if (typeof number !== 'number') {
    const sentence = 'An input is wrong: when: `closed` needs an event of a pull request.';
    throw new SluiceError('input', 'invalid-input', sentence, {
      hint: 'Run it `on: pull_request: types: [closed]`, or `pull_request_target`.',
    });
  }
  const head = text(at(event, 'head', 'label'));
  const pulls = head === undefined ? [] : await readPulls(home, head, 'all');
  const found = pulls.find((one) => at(one, 'number') === number);
  const isTwin = pulls.some((one) => at(one, 'number') !== number && at(one, 'state') === 'open');
  const now = found ?? (await readByNumber(home, number)) ?? event;
  const reads = (head === undefined ? 0 : 1) + (found === undefined ? 1 : 0);
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

/** Undefined where GitHub does not know it: what the event says of it stands then. */
async function readByNumber({ github, owner, repo, world }: Home, number: number): Promise<Json> {
  const route = 'GET /repos/{owner}/{repo}/pulls/{pull_number}';
  try {
    return (await github.request(route, { owner, repo, pull_number: number })).data;
  } catch (error) {
    if (githubFailure(error)?.status !== 404) throw error;
    world.log.warning(`GitHub does not show pull request #${number} now: the event is taken.`);
    return undefined;
  }
}
