import type { Session } from '../api/authorization.ts';
import { at, text } from '../json.ts';
import { lifetimeOf } from './claims.ts';
import { dexRefusal } from './dex-refusal.ts';
import { type Asking, loginRequest } from './login-request.ts';

const exchange = 'urn:ietf:params:oauth:grant-type:token-exchange';
const accessToken = 'urn:ietf:params:oauth:token-type:access_token';
const idToken = 'urn:ietf:params:oauth:token-type:id_token';

export interface Exchange extends Asking {
  /** Id in `dex.config`. */
  readonly connector: string;
  readonly headers: Readonly<Record<string, string>>;
}

/**
 * Exchanges an identity for a token at Argo CD's Dex (RFC 8693), as the client `argo-cd-cli`, which Argo CD itself declares there and
 * whose secret is empty. `federated:id` puts the identity's subject into the token, where Argo CD's RBAC looks for it since 3.0.
 * Throws a SluiceError; it holds no secret.
 */
export async function exchangeAtDex(
  identity: string,
  { connector, headers, ...asking }: Exchange,
): Promise<Session> {
  const form = new URLSearchParams({
    connector_id: connector,
    grant_type: exchange,
    scope: 'openid email profile federated:id',
    requested_token_type: accessToken,
    subject_token: identity,
    subject_token_type: idToken,
  });
  const answer = await loginRequest(
    `${asking.server}/api/dex/token`,
    {
      method: 'POST',
      headers: {
        ...headers,
        accept: 'application/json',
        authorization: `Basic ${Buffer.from('argo-cd-cli:').toString('base64')}`,
        'content-type': 'application/x-www-form-urlencoded',
      },
      body: form.toString(),
    },
    asking,
  );
  const token = text(at(answer.body, 'access_token'));
  if (answer.status !== 200 || token === undefined) {
    throw dexRefusal({ ...asking, connector, identity }, answer);
  }
  const seconds = at(answer.body, 'expires_in');
  const lifetimeMs = typeof seconds === 'number' && seconds > 0 ? seconds * 1000 : lifetimeOf(token);
  return { token, ...(lifetimeMs !== undefined && { lifetimeMs }) };
}
