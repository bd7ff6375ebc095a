import type { Clock } from '@sluice/core/clock';
import type { SluiceError } from '@sluice/core/errors';
import type { Log } from '@sluice/core/log';
import { isTransient } from './client-errors.ts';
import type { ArgoCD } from './port.ts';

const betweenTries = 5000;

/** Whoever answers nothing at all is more often a wrong address than a restart, and that is to be told soon. */
const withoutAnswer = 20_000;

export interface Patience {
  readonly clock: Clock;
  readonly log: Log;
  readonly signal: AbortSignal;
  /** How long to ask again a server that answers, but cannot do what it is asked for. */
  readonly timeoutMs: number;
}

/**
 * Argo CD, asked again where it is away for a while, before there is anything to watch: the list, and single applications.
 * What its `within` gives is not patient: whoever watches looks again anyway.
 */
export function patient(server: ArgoCD, { clock, log, signal, timeoutMs }: Patience): ArgoCD {
  const began = clock.now();
  const argocd = server.within(began + timeoutMs);

  async function again<T>(ask: () => Promise<T>): Promise<T> {
    let told = '';
    for (;;) {
      try {
        return await ask();
      } catch (error) {
        if (!isTransient(error) || clock.now() + betweenTries > began + longest(error)) throw error;
        if (error.message !== told) log.info(`waiting: ${error.message}`);
        told = error.message;
      }
      await clock.sleep(betweenTries, signal);
    }
  }

  const longest = ({ code }: SluiceError): number =>
    code === 'argocd-unreachable' ? Math.min(withoutAnswer, timeoutMs) : timeoutMs;

  return {
    ...argocd,
    list: (filter) => again(() => argocd.list(filter)),
    projects: () => again(() => argocd.projects()),
    get: (application) => again(() => argocd.get(application)),
  };
}
