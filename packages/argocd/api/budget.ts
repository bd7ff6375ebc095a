import type { Clock } from '@sluice/core/clock';
import { SluiceError } from '@sluice/core/errors';
import type { Client, Query } from './client.ts';

/** What a verdict takes of an application of each kind (GETs, refreshes, managed resources, …) when all goes well, and some more. */
const OWN = 4;
/** Of what is asked for as long as it takes, the first: the reads beside a stream, the windows that an application waits for. */
const OWN_OF_LASTING = 1;
/** Of all applications together beyond that: one request a second, and a few at once where there were none before. */
const INTERVAL = 1000;
const AT_ONCE = 5;
/** Whoever would have to wait for longer is told so, and goes on without. */
const LONGEST_WAIT = 10_000;

/** How many requests a server gets: the few that each application needs, and one a second of all others. */
export interface Budget {
  /** Resolves when a request of this kind may be sent. Rejects with a SluiceError where that is not soon, or only after `until`. */
  spend(kind: string, until: number, signal?: AbortSignal): Promise<void>;
  /** Whether it would have to wait. */
  isSpent(kind: string): boolean;
}

export function createBudget(clock: Clock): Budget {
  const own = new Map<string, number>();
  let next = 0;
  const due = (): number => Math.max(next, clock.now() - AT_ONCE * INTERVAL) + INTERVAL;
  const left = (kind: string): number => (LASTING.test(kind) ? OWN_OF_LASTING : OWN) - (own.get(kind) ?? 0);
  return {
    async spend(kind, until, signal) {
      if (left(kind) > 0) {
        own.set(kind, (own.get(kind) ?? 0) + 1);
        return;
      }
      const at = due();
      const wait = at - clock.now();
      if (at > until || wait > LONGEST_WAIT) throw heldBack();
      next = at;
      if (wait > 0) await clock.sleep(wait, signal);
    },
    isSpent: (kind) => left(kind) <= 0 && due() > clock.now(),
  };
}

export const heldBack = (): SluiceError =>
  new SluiceError(
    'platform',
    'argocd-unavailable',
    'More was to be asked of Argo CD than one request a second allows.',
  );

const LASTING = / (read|\/syncwindows)$/;

/** What names a kind of request for an application: a read beside the stream, a refresh, or what its path ends with. */
export const kindOf = (
  { name, namespace }: { name: string; namespace: string },
  kind: 'read' | 'refresh' | '/syncwindows',
): string => `${namespace}/${encodeURIComponent(name)} ${kind}`;

/** What of a request tells the application that it is for, and of which kind it is. */
const ofApplication = /^\/api\/v1\/(?:applications|account\/can-i\/applications)\/([^/?]+)(.*)/;

/** A client whose requests for single applications keep to the budget. */
export function paced(client: Client, budget: Budget, until: number, signal?: AbortSignal): Client {
  const spend = async (path: string, query: Query, isRead = false): Promise<void> => {
    const [, name, rest = ''] = ofApplication.exec(path) ?? [];
    if (name === undefined) return;
    const namespace = typeof query.appNamespace === 'string' ? query.appNamespace : '';
    const kind = isRead ? 'read' : query.refresh === undefined ? rest : 'refresh';
    await budget.spend(`${namespace}/${name} ${kind}`, until, signal);
  };
  return {
    ...client,
    async get(path, query = {}, how = {}) {
      await spend(path, query, how.isRead);
      return client.get(path, query, how);
    },
    async post(path, body) {
      await spend(path, isQuery(body) ? body : {});
      return client.post(path, body);
    },
  };
}

const isQuery = (body: unknown): body is Query => typeof body === 'object' && body !== null;
