import type { Env } from '@sluice/core/context';
import { SluiceError } from '@sluice/core/errors';
import type { Fetch } from '@sluice/core/plain-fetch';
import { at, text } from '../json.ts';
import { loginRequest } from './login-request.ts';

export interface Runner {
  readonly env: Env;
  /** To GitHub: without the certificates that are Argo CD's, and never insecure. */
  readonly fetch: Fetch;
  readonly signal: AbortSignal;
  readonly mask: (secret: string) => void;
}

/**
 * The identity of this run as GitHub states it: a JWT for one audience, good for some minutes
 * (https://docs.github.com/actions/reference/security/oidc). Throws a SluiceError; it holds no secret.
 */
export async function runIdentity(audience: string, { env, fetch, signal, mask }: Runner): Promise<string> {
  const { ACTIONS_ID_TOKEN_REQUEST_URL: address, ACTIONS_ID_TOKEN_REQUEST_TOKEN: token } = env;
  if (!address || !token) throw noIdentity();
  mask(token);
  const url = URL.parse(address);
  if (url === null) {
    throw new SluiceError('platform', 'invalid-environment', 'ACTIONS_ID_TOKEN_REQUEST_URL is no URL.');
  }
  url.searchParams.set('audience', audience);
  const headers = { authorization: `Bearer ${token}`, accept: 'application/json; api-version=2.0' };
  const asking = { server: url.origin, fetch, signal, known: true };
  const answer = await loginRequest(url.href, { headers }, asking).catch(notStated);
  const identity = text(at(answer.body, 'value'));
  if (answer.status === 200 && identity !== undefined) {
    mask(identity);
    return identity;
  }
  throw new SluiceError(
    'permission',
    'argocd-login',
    `GitHub does not state the identity of this run (HTTP ${answer.status} from ${url.origin}).`,
    { hint: 'Run the job again; it must have `id-token: write`, and still be running.' },
  );
}

const noIdentity = (): SluiceError =>
  new SluiceError(
    'permission',
    'argocd-login',
    'argocd-oidc needs the identity of this run, and the job may not ask for it.',
    {
      hint: 'Give the job `permissions: id-token: write` (runs for pull requests of forks never have it), or use argocd-token.',
    },
  );

/** The other end is GitHub's: no input of Argo CD mends it. */
function notStated(error: unknown): never {
  if (!(error instanceof SluiceError)) throw error;
  throw new SluiceError(
    'platform',
    'github-unreachable',
    `GitHub did not state the identity of this run: ${error.message}`,
    { hint: 'Run the job again; look at what the runner can reach, and at its proxy.', cause: error },
  );
}
