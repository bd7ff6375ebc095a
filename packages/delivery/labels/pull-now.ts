import { SluiceError } from '@sluice/core/errors';
import type { Json } from '@sluice/core/json';
import type { World } from '@sluice/core/run';
import type { Login } from '../login-problems.ts';
import { plainGet } from '../plain-get.ts';

const PAUSE_MS = 1000;

/**
 * The pull request as GitHub has it now, by one request, and one more where the first got no answer. An App needs the
 * client, to log in. Throws an Error with a clause that says why not.
 */
export async function pullNow(number: number, inputs: Login, world: World): Promise<Json> {
  const { context, clock, signal } = world;
  if (inputs['app-id'] !== '') return byClient(number, inputs, world);
  const path = `/repos/${context.repository}/pulls/${number}`;
  for (let last = false; ; last = true) {
    try {
      return await ask(path, inputs.token, world);
    } catch (error) {
      signal.throwIfAborted();
      if (last || error instanceof Refused) throw error;
      await clock.sleep(PAUSE_MS, signal);
    }
  }
}

/** An answer that another try would not change. */
class Refused extends Error {}

async function ask(path: string, token: string, world: World): Promise<Json> {
  const answer = await plainGet(path, token, world);
  const { status, headers } = answer;
  if (status === 200) return answer.json();
  const isLimited = headers.get('x-ratelimit-remaining') === '0' || headers.get('retry-after') !== null;
  if (status === 429 || (status === 403 && isLimited))
    throw new Refused('the rate limit of the token is used up');
  if (status === 401) throw new Refused('GitHub does not accept the token (401)');
  if (status === 403) throw new Refused('the token lacks `pull-requests: read` (403)');
  if (status === 404)
    throw new Refused('there is no such pull request, or the token lacks `pull-requests: read` (404)');
  if (status < 500) throw new Refused(`GitHub answered ${status}`);
  throw new Error(`GitHub answered ${status}`);
}

async function byClient(number: number, inputs: Login, world: World): Promise<Json> {
  const { ownGitHub } = await import('../own-github.ts');
  const [owner = '', repo = ''] = world.context.repository.split('/');
  try {
    const route = 'GET /repos/{owner}/{repo}/pulls/{pull_number}';
    return (await ownGitHub(inputs, world).request(route, { owner, repo, pull_number: number })).data;
  } catch (error) {
    world.signal.throwIfAborted();
    if (error instanceof SluiceError) throw new Error(error.message.replace(/\.$/, ''));
    throw error;
  }
}
