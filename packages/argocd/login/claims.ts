import { at, type Json } from '../json.ts';

/** What a JWT claims (RFC 7519); undefined for any other text. Nothing is verified: only the server can do that. */
export function claimsOf(token: string): Json | undefined {
  try {
    return JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString('utf8'));
  } catch {
    return undefined;
  }
}

/** How long a JWT is good from when it was made, in ms: by its own two dates, so that no clock of ours matters. */
export function lifetimeOf(token: string): number | undefined {
  const claims = claimsOf(token);
  const [from, until] = [at(claims, 'iat'), at(claims, 'exp')];
  const life = typeof from === 'number' && typeof until === 'number' ? (until - from) * 1000 : Number.NaN;
  return life > 0 ? life : undefined;
}
