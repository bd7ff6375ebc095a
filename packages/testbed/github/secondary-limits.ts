import type { Resource } from './limits.ts';

const SECOND = 1000;
const MINUTE = 60 * SECOND;

/** GitHub's limits beside the primary one (https://docs.github.com/rest/using-the-rest-api/rate-limits-for-the-rest-api#about-secondary-rate-limits). */
export interface SecondaryLimits {
  /** Requests at the same time, REST and GraphQL together. */
  readonly concurrent: number;
  /** Points in a minute: a read costs 1, a write 5. */
  readonly restPoints: number;
  readonly graphqlPoints: number;
  /** Requests that create or change something, REST and GraphQL together. */
  readonly contentPerMinute: number;
  readonly contentPerHour: number;
}

export const githubSecondaryLimits: SecondaryLimits = {
  concurrent: 100,
  restPoints: 900,
  graphqlPoints: 2000,
  contentPerMinute: 80,
  contentPerHour: 500,
};

/** What one request weighs. */
export interface Weight {
  readonly resource: Resource;
  readonly points: number;
  /** Whether it counts as creating content, also where nothing comes of it: the limit is there before the answer. */
  readonly creates: boolean;
}

export interface Refused {
  readonly limit: keyof SecondaryLimits;
  /** GitHub sends both: what is too fast is 429 here, what creates too much or is too many at once 403. */
  readonly status: 403 | 429;
  readonly message: string;
  /** Seconds. */
  readonly retryAfter: number;
}

const words = (blocked: string): string =>
  `You have exceeded a secondary rate limit${blocked} Please wait a few minutes before you try again.`;

/** What was used within the last `span` milliseconds. */
function createWindow(span: number) {
  let used: { readonly at: number; readonly weight: number }[] = [];
  const sum = (): number => used.reduce((total, { weight }) => total + weight, 0);
  return {
    /** Milliseconds until `weight` more fits into `most`; 0 where it fits now. */
    wait(now: number, weight: number, most: number): number {
      used = used.filter(({ at }) => at > now - span);
      let over = sum() + weight - most;
      for (const one of used) {
        if (over <= 0) break;
        over -= one.weight;
        if (over <= 0) return one.at + span - now;
      }
      return over > 0 ? span : 0;
    },
    add(now: number, weight: number): void {
      used.push({ at: now, weight });
    },
  };
}

type Window = ReturnType<typeof createWindow>;

interface Account {
  running: number;
  readonly points: Readonly<Record<Resource, Window>>;
  readonly minute: Window;
  readonly hour: Window;
}

const newAccount = (): Account => ({
  running: 0,
  points: { core: createWindow(MINUTE), graphql: createWindow(MINUTE) },
  minute: createWindow(MINUTE),
  hour: createWindow(60 * MINUTE),
});

export interface Secondary {
  /** undefined: off, as at the start. */
  limits: SecondaryLimits | undefined;
  /** Every request that was refused, oldest first. */
  readonly refusals: (keyof SecondaryLimits)[];
  /** Begins a request of an account; the refusal, or undefined, after which `leave` ends it. */
  enter(account: string, weight: Weight): Refused | undefined;
  leave(account: string): void;
}

type Check = readonly [limit: keyof SecondaryLimits, waitMs: number];

function firstBroken(one: Account, limits: SecondaryLimits, weight: Weight, now: number): Check | undefined {
  const most = weight.resource === 'core' ? 'restPoints' : 'graphqlPoints';
  const checks: Check[] = [
    ['concurrent', one.running >= limits.concurrent ? SECOND : 0],
    [most, one.points[weight.resource].wait(now, weight.points, limits[most])],
  ];
  if (weight.creates) {
    checks.push(['contentPerMinute', one.minute.wait(now, 1, limits.contentPerMinute)]);
    checks.push(['contentPerHour', one.hour.wait(now, 1, limits.contentPerHour)]);
  }
  return checks.reverse().find(([, wait]) => wait > 0);
}

/** The secondary limits of one stand-in; refused requests do not count. */
export function createSecondary(now: () => number): Secondary {
  const accounts = new Map<string, Account>();
  const of = (name: string): Account => {
    const known = accounts.get(name) ?? newAccount();
    accounts.set(name, known);
    return known;
  };
  const secondary: Secondary = {
    limits: undefined,
    refusals: [],
    enter(name, weight) {
      const one = of(name);
      const at = now();
      const broken =
        secondary.limits === undefined ? undefined : firstBroken(one, secondary.limits, weight, at);
      if (broken === undefined) {
        one.running += 1;
        one.points[weight.resource].add(at, weight.points);
        if (weight.creates) {
          one.minute.add(at, 1);
          one.hour.add(at, 1);
        }
        return undefined;
      }
      const [limit, wait] = broken;
      secondary.refusals.push(limit);
      const content = limit === 'contentPerMinute' || limit === 'contentPerHour';
      const message = words(content ? ' and have been temporarily blocked from content creation.' : '.');
      const status = limit === 'restPoints' || limit === 'graphqlPoints' ? 429 : 403;
      return { limit, status, message, retryAfter: Math.ceil(wait / SECOND) };
    },
    leave(name) {
      of(name).running -= 1;
    },
  };
  return secondary;
}
