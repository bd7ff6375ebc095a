import type { TokenOptions } from '../argocd/accounts.ts';
import { type JsonObject, textAt } from '../argocd/json.ts';
import { verifyJwt } from './jwt.ts';
import type { RunIdentity } from './run-identity.ts';

export interface DexOptions {
  /** Whom its connectors of type `oidc` trust. */
  readonly trusts: Pick<RunIdentity, 'issuer' | 'key'>;
  /** Default `github-actions`. */
  readonly connectors?: readonly string[];
  /** A connector that is no `oidc` one. */
  readonly otherConnectors?: readonly string[];
  /** `oauth2.grantTypes`; default with token exchange. */
  readonly grantTypes?: readonly string[];
  /** Which audience its connectors ask for; default any. */
  readonly audience?: string;
  /** Where Argo CD did not declare it. */
  readonly withoutClient?: boolean;
  /** `expiry.idTokens`; default a day. */
  readonly lifetimeMs?: number;
  /** What the subject may do in Argo CD; default all. */
  readonly rights?: Pick<TokenOptions, 'project' | 'actions'>;
}

export interface DexRequest {
  readonly method: string;
  readonly authorization: string | undefined;
  readonly contentType: string | undefined;
  readonly body: string;
}

export interface DexReply {
  readonly status: number;
  readonly body: JsonObject;
}

const exchange = 'urn:ietf:params:oauth:grant-type:token-exchange';
const wanted = {
  grant_type: exchange,
  requested_token_type: 'urn:ietf:params:oauth:token-type:access_token',
  subject_token_type: 'urn:ietf:params:oauth:token-type:id_token',
} as const;
const known = new Set([...Object.keys(wanted), 'connector_id', 'scope', 'subject_token']);
const needed = ['openid', 'email', 'profile', 'federated:id'];

const failure = (status: number, error: string, words = ''): DexReply => ({
  status,
  body: { error, ...(words === '' ? {} : { error_description: words }) },
});

/**
 * Answers as the token endpoint of Dex does to an exchange (`handleTokenExchange` in its server). What no client may send is a
 * violation beside that.
 */
export function answerDex(
  request: DexRequest,
  options: DexOptions,
  issue: (options: TokenOptions) => string,
  violations: string[],
): DexReply {
  const form = new URLSearchParams(request.body);
  violations.push(...problems(request, form).map((problem) => `Dex: ${problem}`));
  if (request.method !== 'POST') return failure(400, 'invalid_request', 'method not allowed');
  const login = `Basic ${Buffer.from('argo-cd-cli:').toString('base64')}`;
  if (options.withoutClient || request.authorization !== login) {
    return failure(401, 'invalid_client', 'Invalid client credentials.');
  }
  const grants = options.grantTypes ?? ['authorization_code', 'refresh_token', exchange];
  const grant = form.get('grant_type') ?? '';
  if (!grants.includes(grant)) return failure(400, 'unsupported_grant_type');
  return exchanged(form, options, issue);
}

function exchanged(
  form: URLSearchParams,
  options: DexOptions,
  issue: (options: TokenOptions) => string,
): DexReply {
  const { trusts, connectors = ['github-actions'], otherConnectors = [], lifetimeMs = 86_400_000 } = options;
  const subject = form.get('subject_token') ?? '';
  if (subject === '') return failure(400, 'invalid_request', 'Missing subject_token');
  const connector = form.get('connector_id') ?? '';
  if (otherConnectors.includes(connector))
    return failure(400, 'invalid_request', 'Requested connector does not support token exchange.');
  if (!connectors.includes(connector))
    return failure(400, 'invalid_request', 'Requested connector does not exist.');
  const claims = verifyJwt(subject, trusts.key);
  const name = textAt(claims, 'sub');
  const trusted =
    textAt(claims, 'iss') === trusts.issuer &&
    Number(claims?.exp) * 1000 > Date.now() &&
    (options.audience === undefined || textAt(claims, 'aud') === options.audience);
  if (!trusted || name === undefined) return failure(401, 'access_denied');
  return {
    status: 200,
    body: {
      access_token: issue({ ...options.rights, name, expiresInMs: lifetimeMs }),
      issued_token_type: wanted.requested_token_type,
      token_type: 'bearer',
      expires_in: Math.floor(lifetimeMs / 1000),
    },
  };
}

function problems({ contentType, authorization }: DexRequest, form: URLSearchParams): readonly string[] {
  const names = [...form.keys()];
  const scopes = (form.get('scope') ?? '').split(' ');
  const found = [
    contentType === 'application/x-www-form-urlencoded' ? '' : `the content type ${contentType}`,
    authorization?.startsWith('Basic ') ? '' : 'no Basic authorization',
    ...names.filter((name) => !known.has(name)).map((name) => `an unknown parameter ${name}`),
    ...[...known].filter((name) => !names.includes(name)).map((name) => `no parameter ${name}`),
    new Set(names).size === names.length ? '' : 'a parameter that is given twice',
    ...Object.entries(wanted)
      .filter(([name, value]) => form.get(name) !== value)
      .map(([name]) => `${name}=${form.get(name)}`),
    ...needed.filter((scope) => !scopes.includes(scope)).map((scope) => `no scope ${scope}`),
  ];
  return found.filter((problem) => problem !== '');
}
