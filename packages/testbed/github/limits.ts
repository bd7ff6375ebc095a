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
  count(account: string, resource: Resource): string | undefined;
  /** Gives one back: a 304 does not count. */
  refund(account: string, resource: Resource): void;
  headers(account: string, resource: Resource): Record<string, string>;
  state(account: string, resource: Resource): Rate;
  /** Nothing is left for an account (a token's id, unless it shares one) until `ms` from now. */
  exhaust(account: string, ms: number, resource?: Resource): void;
}

/** A job's GITHUB_TOKEN, for its repository, and an App's installation (https://docs.github.com/rest/using-the-rest-api/rate-limits-for-the-rest-api). */
const PER_HOUR = { job: 1000, app: 5000 } as const;

/** The primary rate limit: `perHour` requests of each account, or GitHub's own number. */
export function createLimits(now: () => number, perHour?: number): Limits {
  const buckets = new Map<string, Bucket>();
  const bucket = (account: string, resource: Resource): Bucket => {
    const key = `${resource} ${account}`;
    const known = buckets.get(key);
    if (known !== undefined && known.resetAt > now()) return known;
    const own = account.startsWith('app-') ? PER_HOUR.app : PER_HOUR.job;
    const fresh = { limit: perHour ?? own, used: 0, resetAt: now() + HOUR };
    buckets.set(key, fresh);
    return fresh;
  };
  const state = (account: string, resource: Resource): Rate => {
    const { limit, used, resetAt } = bucket(account, resource);
    return { limit, used, remaining: Math.max(0, limit - used), reset: Math.ceil(resetAt / 1000) };
  };
  return {
    state,
    count(account, resource) {
      const one = bucket(account, resource);
      if (one.used >= one.limit) return `API rate limit exceeded for installation ID ${account}.`;
      one.used += 1;
      return undefined;
    },
    refund(account, resource) {
      bucket(account, resource).used -= 1;
    },
    headers(account, resource) {
      const { limit, used, remaining, reset } = state(account, resource);
      return {
        'x-ratelimit-limit': String(limit),
        'x-ratelimit-remaining': String(remaining),
        'x-ratelimit-used': String(used),
        'x-ratelimit-reset': String(reset),
        'x-ratelimit-resource': resource,
      };
    },
    exhaust(account, ms, resource = 'core') {
      const one = bucket(account, resource);
      one.used = one.limit;
      one.resetAt = now() + ms;
    },
  };
}
