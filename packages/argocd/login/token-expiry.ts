import { at, type Json } from '../json.ts';

/**
 * A warning where a token of Argo CD, a JWT, expires before `until` (ms since 1970); undefined where it does not, has no
 * date (`exp` of RFC 7519, in seconds), or is no JWT. Nothing is verified: only the server can do that.
 */
export function expiryWarning(token: string, until: number): string | undefined {
  const exp = at(payloadOf(token), 'exp');
  if (typeof exp !== 'number' || !Number.isFinite(exp) || exp * 1000 > until) return undefined;
  const date = new Date(exp * 1000);
  if (Number.isNaN(date.getTime())) return undefined;
  return `argocd-token expires at ${date.toISOString()}, before the wait may be over: make a new one.`;
}

function payloadOf(token: string): Json | undefined {
  try {
    return JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString('utf8'));
  } catch {
    return undefined;
  }
}
