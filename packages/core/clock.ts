/** Time as a port: everything that waits or compares times takes one, so that a test can turn the hands. */
export interface Clock {
  /** Milliseconds since the epoch. */
  now(): number;
  /** Resolves after `ms`; rejects with the signal's reason when it is aborted before. */
  sleep(ms: number, signal?: AbortSignal): Promise<void>;
}

/** The machine's own time. */
export const systemClock: Clock = {
  now: () => Date.now(),
  // Not by `node:timers/promises`, which every start would load.
  async sleep(ms, signal) {
    signal?.throwIfAborted();
    const over = Promise.withResolvers<void>();
    const timer = setTimeout(over.resolve, ms);
    const onAbort = () => over.reject(signal?.reason);
    signal?.addEventListener('abort', onAbort, { once: true });
    try {
      await over.promise;
    } finally {
      clearTimeout(timer);
      signal?.removeEventListener('abort', onAbort);
    }
  },
};
