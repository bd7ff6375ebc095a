const HOUR = 3_600_000;

/** REST and GraphQL are counted apart. */
export type Resource = 'core' | 'graphql';

interface Bucket {
  readonly limit: number;
  used: number;
  /** Milliseconds since the epoch. */
  resetAt: number;
}

/** `rate-limit` of the description; `reset` in seconds since the epoch. */
interface Rate {
  readonly limit: number;
  readonly used: number;
  readonly remaining: number;
  readonly reset: number;
}

export interface Limits {
  /** Counts one request; the message of an exhausted limit, or undefined. */
  count(token: string, resource: Resource): string | undefined;
  /** Gives one back: a 304 does not count. */
  refund(token: string, resource: Resource): void;
  headers(token: string, resource: Resource): Record<string, string>;
  state(token: string, resource: Resource): Rate;
  /** Nothing is left for a token (by its id) until `ms` from now. */
  exhaust(token: string, ms: number, resource?: Resource): void;
}

/** The primary rate limit: `perHour` requests for each token, 1,000 as GITHUB_TOKEN has. */
export function createLimits(now: () => number, perHour = 1000): Limits {
  const buckets = new Map<string, Bucket>();
  const bucket = (token: string, resource: Resource): Bucket => {
    const key = `${resource} ${token}`;
    const known = buckets.get(key);
    if (known !== undefined && known.resetAt > now()) return known;
    const fresh = { limit: perHour, used: 0, resetAt: now() + HOUR };
    buckets.set(key, fresh);
    return fresh;
  };
  const state = (token: string, resource: Resource): Rate => {
    const { limit, used, resetAt } = bucket(token, resource);
    return { limit, used, remaining: Math.max(0, limit - used), reset: Math.ceil(resetAt / 1000) };
  };
  return {
    state,
    count(token, resource) {
      const one = bucket(token, resource);
      if (one.used >= one.limit) return `API rate limit exceeded for installation ID ${token}.`;
      one.used += 1;
      return undefined;
    },
    refund(token, resource) {
      bucket(token, resource).used -= 1;
    },
    headers(token, resource) {
      const { limit, used, remaining, reset } = state(token, resource);
      return {
        'x-ratelimit-limit': String(limit),
        'x-ratelimit-remaining': String(remaining),
        'x-ratelimit-used': String(used),
        'x-ratelimit-reset': String(reset),
        'x-ratelimit-resource': resource,
      };
    },
    exhaust(token, ms, resource = 'core') {
      const one = bucket(token, resource);
      one.used = one.limit;
      one.resetAt = now() + ms;
    },
  };
}
