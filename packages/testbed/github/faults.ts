/** Something that goes wrong, or happens, on requests that match; the first match that is not used up is taken. */
export interface Fault {
  readonly method?: string;
  /** Matched against the path with its query, as sent: `/api/v3/repos/…`, `/api/graphql`, `/acme/gitops.git/info/refs`. */
  readonly path: RegExp;
  /** How often; default 1. */
  readonly times?: number;
  /** Asked of each matching request; while it says no, the fault is not there. */
  readonly while?: () => boolean;
  /** How many matching requests pass before it begins. */
  readonly skip?: number;
  /** Milliseconds before anything else. */
  readonly delay?: number;
  /** Runs before the request is handled: somebody else's commit between a read and a write. */
  readonly run?: () => Promise<unknown> | unknown;
  /** Answers this status and does nothing else. */
  readonly status?: number;
  /** The error message of `status`. */
  readonly message?: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** Answers `status` (default 200) with a page of HTML, as a proxy or an ailing load balancer does. */
  readonly html?: boolean;
  /** Cuts the connection: before anything is done, or after it is done and before it is answered. */
  readonly cut?: 'before-effect' | 'after-effect';
}

export interface Faults {
  push(...faults: readonly Fault[]): void;
  /** The fault of this request, counted as used. */
  take(method: string, path: string): Fault | undefined;
  /** Forgets what is left; true when something was. */
  clear(): boolean;
}

/** The faults of one stand-in, in the order in which they were pushed. */
export function createFaults(): Faults {
  let waiting: { readonly fault: Fault; skip: number; times: number }[] = [];
  return {
    push(...faults) {
      waiting.push(...faults.map((fault) => ({ fault, skip: fault.skip ?? 0, times: fault.times ?? 1 })));
    },
    take(method, path) {
      for (const entry of waiting) {
        const { fault } = entry;
        if (fault.method !== undefined && fault.method !== method) continue;
        if (!fault.path.test(path) || fault.while?.() === false) continue;
        if (entry.skip > 0) {
          entry.skip -= 1;
          continue;
        }
        entry.times -= 1;
        waiting = waiting.filter(({ times }) => times > 0);
        return fault;
      }
      return undefined;
    },
    clear() {
      const any = waiting.length > 0;
      waiting = [];
      return any;
    },
  };
}

/** GitHub's secondary rate limit: 403 with `retry-after` (https://docs.github.com/rest/using-the-rest-api/rate-limits-for-the-rest-api). */
export const secondaryLimit = (path: RegExp, retryAfterSeconds: number, times = 1): Fault => ({
  path,
  times,
  status: 403,
  message: 'You have exceeded a secondary rate limit. Please wait a few minutes before you try again.',
  headers: { 'retry-after': String(retryAfterSeconds) },
});
