import type { Clock } from '@sluice/core/clock';
import { SluiceError } from '@sluice/core/errors';
import type { Client, Query } from './client.ts';

/** What a verdict takes of an application when all goes well: five to nine requests. */
const OWN = 12;
/** Of all applications together beyond that: one request a second, and a few at once where there were none before. */
const INTERVAL = 1000;
const AT_ONCE = 5;

/** How many requests a server gets: the few that each application needs, and one a second of all others. */
export interface Budget {
  /** Resolves when a request for this application may be sent. Rejects with a SluiceError where that is only after `until`. */
  spend(key: string, until: number, signal?: AbortSignal): Promise<void>;
  /** Whether it would have to wait. */
  isSpent(key: string): boolean;
}

export function createBudget(clock: Clock): Budget {
  const own = new Map<string, number>();
  let next = 0;
  const due = (): number => Math.max(next, clock.now() - AT_ONCE * INTERVAL) + INTERVAL;
  return {
    async spend(key, until, signal) {
      const count = own.get(key) ?? 0;
      own.set(key, count + 1);
      if (count < OWN) return;
      const at = due();
      const wait = at - clock.now();
      if (at > until) throw heldBack();
      next = at;
      if (wait > 0) await clock.sleep(wait, signal);
    },
    isSpent: (key) => (own.get(key) ?? 0) >= OWN && due() > clock.now(),
  };
}

const heldBack = (): SluiceError =>
  new SluiceError(
    'platform',
    'argocd-unavailable',
    'More was to be asked of Argo CD than one request a second allows.',
  );

/** What of a request tells the application that it is for. */
const ofApplication = /^\/api\/v1\/(?:applications|account\/can-i\/applications)\/([^?]+)/;

/** What names an application in the budget. */
export const budgetKey = ({ name, namespace }: { name: string; namespace: string }): string =>
  `${namespace}/${encodeURIComponent(name)}`;

/** A client whose requests for single applications keep to the budget. */
export function paced(client: Client, budget: Budget, until: number, signal?: AbortSignal): Client {
  const spend = async (path: string, { appNamespace }: Query): Promise<void> => {
    const name = ofApplication.exec(path)?.[1]?.split('/')[0];
    if (name === undefined) return;
    const namespace = typeof appNamespace === 'string' ? appNamespace : '';
    await budget.spend(`${namespace}/${name}`, until, signal);
  };
  return {
    ...client,
    async get(path, query = {}, how = {}) {
      await spend(path, query);
      return client.get(path, query, how);
    },
    async post(path, body) {
      await spend(path, isQuery(body) ? body : {});
      return client.post(path, body);
    },
  };
}

const isQuery = (body: unknown): body is Query => typeof body === 'object' && body !== null;
