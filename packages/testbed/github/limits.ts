import { problem } from './errors.ts';
import type { Reply } from './types.ts';

const HOUR = 3_600_000;

interface Bucket {
  limit: number;
  used: number;
  /** Milliseconds since the epoch. */
  resetAt: number;
}

export interface Limits {
  /** Counts one request; the answer of an exhausted limit, or undefined. */
  count(token: string): Reply | undefined;
  /** Gives one back: a 304 does not count. */
  refund(token: string): void;
  headers(token: string): Record<string, string>;
  /** `rate-limit` of the description. */
  state(token: string): { limit: number; used: number; remaining: number; reset: number };
  /** Nothing is left for a token until `ms` from now. */
  exhaust(token: string, ms: number): void;
}

/** The primary rate limit: `perHour` requests for each token, 1,000 as GITHUB_TOKEN has. */
export function createLimits(now: () => number, perHour = 1000): Limits {
  const buckets = new Map<string, Bucket>();
  const bucket = (token: string): Bucket => {
    const known = buckets.get(token);
    if (known !== undefined && known.resetAt > now()) return known;
    const fresh = { limit: perHour, used: 0, resetAt: now() + HOUR };
    buckets.set(token, fresh);
    return fresh;
  };
  const state = (token: string) => {
    const { limit, used, resetAt } = bucket(token);
    return { limit, used, remaining: Math.max(0, limit - used), reset: Math.ceil(resetAt / 1000) };
  };
  return {
    state,
    count(token) {
      const one = bucket(token);
      if (one.used >= one.limit) return problem(403, `API rate limit exceeded for installation ID ${token}.`);
      one.used += 1;
      return undefined;
    },
    refund(token) {
      bucket(token).used -= 1;
    },
    headers(token) {
      const { limit, used, remaining, reset } = state(token);
      return {
        'x-ratelimit-limit': String(limit),
        'x-ratelimit-remaining': String(remaining),
        'x-ratelimit-used': String(used),
        'x-ratelimit-reset': String(reset),
        'x-ratelimit-resource': 'core',
      };
    },
    exhaust(token, ms) {
      const one = bucket(token);
      one.used = one.limit;
      one.resetAt = now() + ms;
    },
  };
}
