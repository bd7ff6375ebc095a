import { SluiceError } from '@sluice/core/errors';
import { at, text } from '../json.ts';
import { claimsOf } from './claims.ts';
import type { LoginAnswer } from './login-request.ts';

export interface Refused {
  readonly server: string;
  readonly connector: string;
  readonly identity: string;
}

/** What Dex's answer to an exchange means. The codes are those of RFC 6749 (5.2); the words are Dex's own. */
export function dexRefusal(refused: Refused, { status, body }: LoginAnswer): SluiceError {
  const code = text(at(body, 'error'));
  const words = text(at(body, 'error_description'))?.replaceAll(refused.identity, '***').slice(0, 300) ?? '';
  const [sentence, hint] = meaning(refused, code, words, status);
  return new SluiceError('permission', 'argocd-login', sentence, { hint });
}

function meaning(
  { server, connector, identity }: Refused,
  code: string | undefined,
  words: string,
  status: number,
): readonly [string, string] {
  const dex = `The Dex of ${server}`;
  if (code === 'unsupported_grant_type') {
    return [
      `${dex} does not exchange tokens (unsupported_grant_type).`,
      'Add `urn:ietf:params:oauth:grant-type:token-exchange` to `oauth2.grantTypes` of `dex.config` in argocd-cm.',
    ];
  }
  if (/connector does not support/i.test(words)) {
    return [
      `${dex} exchanges no token by the connector ${connector}.`,
      'The connector must be of `type: oidc`, and where it lists `grantTypes`, token-exchange must be among them.',
    ];
  }
  if (/connector/i.test(words)) {
    return [
      `${dex} has no connector ${connector} for this run (${words}).`,
      'Give its id in `dex.config` as argocd-oidc-connector, or add the connector there.',
    ];
  }
  if (code === 'invalid_client' || code === 'unauthorized_client') {
    return [
      `${dex} does not know the client argo-cd-cli (${code}).`,
      'argocd-oidc needs the Dex that comes with Argo CD, by `dex.config`; with another provider use argocd-token.',
    ];
  }
  if (code === 'access_denied' || status === 401) {
    return [
      `${dex} does not accept the identity of this run (${code ?? `HTTP ${status}`}).`,
      `Its connector ${connector} must trust the issuer ${claim(identity, 'iss')}, and the audience ${claim(identity, 'aud')} where it checks one; Dex's log says why.`,
    ];
  }
  if (status === 404 || code === undefined) {
    return [
      `${server} has no Dex that answers (HTTP ${status} at /api/dex/token).`,
      'Declare the connector in `dex.config` of argocd-cm, and check the base path in argocd-server; or use argocd-token.',
    ];
  }
  return [
    `${dex} refused to exchange the identity of this run (${[code, words].filter(Boolean).join(': ')}).`,
    "Look into Dex's log.",
  ];
}

/** A claim that is no secret: anybody may know who runs. */
const claim = (identity: string, name: string): string =>
  text(at(claimsOf(identity), name)) ?? 'of GitHub Actions';
