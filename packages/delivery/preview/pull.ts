import { SluiceError } from '@sluice/core/errors';
import { readEvent } from '@sluice/core/event-file';
import type { GitHub } from '@sluice/core/github';
import { at, type Json, text } from '@sluice/core/json';
import type { World } from '@sluice/core/run';
import { labelsOf } from '../labels/labels-of.ts';

/** The pull request that an environment is for. */
export interface Pull {
  readonly number: number;
  /** The head that this run is about. */
  readonly commit: string;
  /** As its author called it: never trusted. */
  readonly branch: string;
  readonly isOpen: boolean;
  /** Undefined where there is no list of them. */
  readonly labels: readonly string[] | undefined;
}

/** The pull request of the event that started the run; undefined where it is about none. */
export const pullOfEvent = (file: string | undefined): Pull | undefined =>
  parsePull(at(readEvent(file), 'pull_request'));

function parsePull(pull: Json): Pull | undefined {
  const number = at(pull, 'number');
  if (typeof number !== 'number' || !Number.isSafeInteger(number) || number < 1) return undefined;
  const commit = text(at(pull, 'head', 'sha')) ?? '';
  if (!/^([0-9a-f]{40}|[0-9a-f]{64})$/.test(commit)) return undefined;
  return {
    number,
    commit,
    branch: text(at(pull, 'head', 'ref')) ?? '',
    isOpen: at(pull, 'state') !== 'closed',
    labels: labelsOf(pull),
  };
}

/** Which one it is: the input, else the event's. Throws where there is none. */
export function pullNumber(given: number | undefined, { env }: Pick<World, 'env'>): number {
  const number = given ?? pullOfEvent(env.GITHUB_EVENT_PATH)?.number;
  if (number !== undefined) return number;
  throw new SluiceError(
    'input',
    'no-pull-request',
    'Neither `pull-request` nor the event of this run names a pull request.',
    {
      hint: 'Run it on `pull_request`, or give the number in `pull-request`.',
    },
  );
}

/** Where pull requests are asked for. */
export interface PullHome {
  readonly github: GitHub;
  readonly owner: string;
  readonly repo: string;
}

/**
 * The pull request as it is now. The commit is the event's where that is about it: the image was built from that one, and a newer head
 * has a run of its own.
 */
export async function readPull(home: PullHome, number: number, world: World): Promise<Pull> {
  const event = pullOfEvent(world.env.GITHUB_EVENT_PATH);
  const now = await pullNow(home, number);
  return event?.number === number ? { ...event, isOpen: now.isOpen, labels: now.labels } : now;
}

/** The same with its head of now. */
export async function pullNow({ github, owner, repo }: PullHome, number: number): Promise<Pull> {
  const route = 'GET /repos/{owner}/{repo}/pulls/{pull_number}';
  const { data } = await github.request(route, { owner, repo, pull_number: number });
  const now = parsePull(data);
  if (now !== undefined) return now;
  throw new SluiceError('platform', 'unexpected-answer', `GitHub answered without the head of #${number}.`);
}

/** Whether a pull request still needs its environment: `unknown` where nobody answered. */
export type PullState =
  | 'closed'
  | 'gone'
  | { readonly open: Pick<Pull, 'labels'> }
  | { readonly unknown: string };

/**
 * The state of one pull request. GitHub answers 404 also where the token may not see it: it is gone only where the same token lists the
 * pull requests of the repository.
 */
export async function pullState(home: PullHome, number: number, signal: AbortSignal): Promise<PullState> {
  const { github, owner, repo } = home;
  try {
    const route = 'GET /repos/{owner}/{repo}/pulls/{pull_number}';
    const { data } = await github.request(route, { owner, repo, pull_number: number });
    return data.state === 'closed' ? 'closed' : { open: { labels: labelsOf(data) } };
  } catch (error) {
    signal.throwIfAborted();
    if (!(error instanceof SluiceError)) throw error;
    if (error.code !== 'not-visible') return { unknown: error.message };
  }
  try {
    const about = { owner, repo, state: 'all', per_page: 1 } as const;
    const { data } = await github.request('GET /repos/{owner}/{repo}/pulls', about);
    // Where it lists none at all, nothing tells a repository that has none from a token that sees none.
    return data.length > 0
      ? 'gone'
      : { unknown: `GitHub shows this token no pull request of ${owner}/${repo}.` };
  } catch (error) {
    signal.throwIfAborted();
    if (!(error instanceof SluiceError)) throw error;
    return { unknown: error.message };
  }
}
