import type { World } from '@sluice/core/run';

/** GitHub gives up on a request after 10 s. */
const TIMEOUT_MS = 10_000;

/**
 * What GitHub's API answers to one GET with a token, whatever that is: without the client, which takes as long to load as Node takes to
 * start, and so without its retries. `path` begins with a slash. Throws where no answer comes.
 */
export function plainGet(path: string, token: string, { context, fetch, signal }: World) {
  return fetch(`${context.apiUrl}${path}`, {
    headers: {
      accept: 'application/vnd.github+json',
      // To unpack an answer takes longer to load than a whole one takes to come.
      'accept-encoding': 'identity',
      authorization: `bearer ${token}`,
      'user-agent': 'sluice',
      'x-github-api-version': '2022-11-28',
    },
    signal,
    timeoutMs: TIMEOUT_MS,
  });
}
