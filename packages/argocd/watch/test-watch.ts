import { type Clock, systemClock } from '@sluice/core/clock';
import { plainFetch } from '@sluice/core/plain-fetch';
import { createArgoCD } from '../api/argocd.ts';
import { type Authorization, fixedToken } from '../api/authorization.ts';
import { createClient } from '../api/client.ts';
import type { ApplicationName, ArgoCD, Seen } from '../api/port.ts';

/** How many times faster the clock of these tests goes than the machine's. */
export const SPEED = 20;

/** A clock by which a minute is over in three seconds: all that is waited for is as far apart as in life. */
export function fastClock(): Clock {
  const began = Date.now();
  return {
    now: () => began + (Date.now() - began) * SPEED,
    sleep: (ms, signal) => systemClock.sleep(ms / SPEED, signal),
  };
}

export function connect(
  server: string,
  authorization: Authorization | string,
  clock: Clock = systemClock,
  signal?: AbortSignal,
): ArgoCD {
  const client = createClient({
    ...{ server, fetch: plainFetch, clock, ...(signal && { signal }) },
    authorization: typeof authorization === 'string' ? fixedToken(authorization) : authorization,
  });
  return createArgoCD(client, clock, signal);
}

export const nameOf = (name: string, project = 'default'): ApplicationName => ({
  ...{ name, project, namespace: 'argocd' },
});

/** What was shown of one application so far, while it is watched. */
export interface Watched {
  readonly seen: Seen[];
  /** Resolves when something was shown of which this is true; rejects when the watch is over. */
  until(isSo: (seen: Seen, index: number) => boolean): Promise<Seen>;
  /** Ends the watch. */
  stop(): void;
  readonly over: Promise<void>;
}

/** Watches for so long, by the clock. */
export function watched(
  argocd: ArgoCD,
  name: ApplicationName,
  clock: Clock,
  ms: number,
  wake: () => number | undefined = () => undefined,
): Watched {
  const seen: Seen[] = [];
  const waiting = new Set<() => void>();
  let isOver = false;
  const tell = () => {
    for (const one of waiting) one();
  };
  const until = clock.now() + ms;
  const run = async () => {
    for await (const one of argocd.within(until).watch(name, { until, wake })) {
      seen.push(one);
      tell();
      if (isOver) return;
    }
  };
  const over = run().finally(() => {
    isOver = true;
    tell();
  });
  over.catch(() => {});
  return {
    seen,
    over,
    stop() {
      isOver = true;
    },
    until: (isSo) =>
      new Promise((resolve, reject) => {
        const look = () => {
          const found = seen.find(isSo);
          if (found === undefined && !isOver) return;
          waiting.delete(look);
          if (found === undefined)
            reject(new Error(`it was never shown: ${JSON.stringify(seen).slice(0, 2000)}`));
          else resolve(found);
        };
        waiting.add(look);
        look();
      }),
  };
}

export const healthOf = (seen: Seen): string =>
  seen.type === 'answer' ? seen.answer.application.health.status : seen.type;

export const isStreamed = (seen: Seen): boolean => seen.type === 'answer' && seen.answer.streamed === true;
