import { randomBytes } from 'node:crypto';
import type { Access, PermissionName, Permissions, Token } from './types.ts';

export interface TokenOptions {
  readonly permissions: Permissions;
  /** `owner/name` of each repository that it reaches. */
  readonly repositories: readonly string[];
  readonly id?: string;
  /** Whose rate limits it uses up; its own (its `id`) by default. */
  readonly account?: string;
  readonly actor?: string;
  /** Milliseconds that it lives. */
  readonly ttl?: number;
}

export interface Tokens {
  create(options: TokenOptions): string;
  /** `expired` and `unknown` both answer 401 Bad credentials. */
  find(secret: string): Token | undefined;
  /** From now on the token is refused. */
  revoke(secret: string): void;
}

/** The tokens of one stand-in; `now` decides which have expired. */
export function createTokens(now: () => number): Tokens {
  const bySecret = new Map<string, Token>();
  return {
    create({ permissions, repositories, id: given, account, actor = 'github-actions[bot]', ttl }) {
      const id = given ?? `token-${bySecret.size + 1}`;
      const secret = `ghs_${randomBytes(18).toString('hex')}`; // ghs_ and 36 characters, as GitHub's
      bySecret.set(secret, {
        id,
        account: account ?? id,
        secret,
        permissions,
        repositories,
        actor,
        ...(ttl === undefined ? {} : { expiresAt: now() + ttl }),
      });
      return secret;
    },
    find(secret) {
      const token = bySecret.get(secret);
      if (token === undefined) return undefined;
      return token.expiresAt !== undefined && token.expiresAt <= now() ? undefined : token;
    },
    revoke: (secret) => {
      bySecret.delete(secret);
    },
  };
}

/** Whether the token holds the permission; `write` includes `read`, and everyone has `metadata: read`. */
export function allows(token: Token, permission: PermissionName, access: Access): boolean {
  if (permission === 'metadata') return access === 'read';
  const held = token.permissions[permission];
  return held === 'write' || (held === 'read' && access === 'read');
}

/** The secret of an Authorization header: `token x`, `Bearer x`, or basic with the secret as password (Git). */
export function secretOf(header: string | undefined): string | undefined {
  const [, scheme = '', value = ''] = /^(\S+)\s+(.+)$/.exec(header ?? '') ?? [];
  if (/^(token|bearer)$/i.test(scheme)) return value;
  if (!/^basic$/i.test(scheme)) return undefined;
  const text = Buffer.from(value, 'base64').toString();
  const colon = text.indexOf(':');
  return colon < 0 ? undefined : text.slice(colon + 1);
}
