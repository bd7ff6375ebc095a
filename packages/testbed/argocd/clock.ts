/** The stand-in's time: a test may give its own `now`, and timers never keep the process alive. */
export interface StandInClock {
  now(): number;
  sleep(ms: number): Promise<void>;
  after(ms: number, run: () => void): void;
  close(): void;
}

export function createClock(now: () => number = Date.now): StandInClock {
  const timers = new Set<NodeJS.Timeout>();
  const after = (ms: number, run: () => void) => {
    const timer = setTimeout(() => {
      timers.delete(timer);
      run();
    }, ms);
    timer.unref();
    timers.add(timer);
  };
  return {
    now,
    after,
    sleep: (ms) => new Promise((resolve) => after(ms, resolve)),
    close() {
      for (const timer of timers) clearTimeout(timer);
      timers.clear();
    },
  };
}

/** Argo CD writes times with a resolution of one second. */
export function isoSeconds(ms: number): string {
  return new Date(Math.floor(ms / 1000) * 1000).toISOString().replace('.000Z', 'Z');
}

/** A Go duration such as `1m30s` in milliseconds. */
export function goDuration(text: string): number {
  const units: Readonly<Record<string, number>> = { ms: 1, s: 1000, m: 60_000, h: 3_600_000 };
  return [...text.matchAll(/(\d+(?:\.\d+)?)(ms|s|m|h)/g)].reduce(
    (sum, [, amount, unit]) => sum + Number(amount) * (units[unit ?? ''] ?? 0),
    0,
  );
}
