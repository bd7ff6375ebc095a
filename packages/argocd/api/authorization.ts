import type { Clock } from '@sluice/core/clock';
import { SluiceError } from '@sluice/core/errors';

/** What a request to Argo CD shows to be let in. */
export interface Authorization {
  /** The token that is good now; asked for before every request. May itself ask a server, which `signal` does not end for others. */
  token(signal?: AbortSignal): Promise<string>;
  /**
   * After a 401 with this token: whether there is another one now, so that the request may be sent again at once.
   * A token that was given cannot be renewed.
   */
  renew(refused: string, signal?: AbortSignal): Promise<boolean>;
  /** Sent beside the token, for a proxy that authenticates. */
  readonly headers: Readonly<Record<string, string>>;
  readonly words: LoginWords;
}

/** How messages call what was shown, and what to do where Argo CD does not accept it. */
export interface LoginWords {
  /** As in `… does not accept argocd-token`. */
  readonly name: string;
  readonly hint: string;
  /** What to do where a right is missing, up to the subject of a policy for this project. */
  policyOf(project: string): string;
}

export const givenToken: LoginWords = {
  name: 'argocd-token',
  hint: 'Make a new token for the project role or account, and store it as the secret.',
  policyOf: (project) => `Add it to the policy of the token's project role: p, proj:${project}:<role>`,
};

/** A token that was given as it is. */
export const fixedToken = (token: string, headers: Authorization['headers'] = {}): Authorization => ({
  token: async () => token,
  renew: async () => false,
  headers,
  words: givenToken,
});

/** A token that a login gave, and how long it is good from then on, in ms; absent where nobody said. */
export interface Session {
  readonly token: string;
  readonly lifetimeMs?: number;
}

export interface Login {
  /** Asks for a new token. Throws a SluiceError: of the kind `platform` where a later try may help. */
  readonly logIn: () => Promise<Session>;
  readonly clock: Clock;
  readonly headers: Authorization['headers'];
  readonly words: LoginWords;
}

/** Asked for so long before the end that requests under way still arrive in time; of a short life a fifth is left. */
const longestMargin = 60_000;
const marginShare = 0.2;
/** A token that is refused although it is new is no question of its age: it is not asked for again and again. */
const betweenRefusals = 10_000;
/** When the next token could not be had while the old one is still good. */
const betweenTries = 10_000;

interface Held {
  readonly token: string;
  readonly endsAt: number;
  renewAt: number;
}

/**
 * A token that is got by logging in, when the first request needs it, and again before it expires and after a 401. However many
 * requests wait for it, there is one login at a time. A refusal for good is not asked for twice.
 */
export function renewedToken({ logIn, clock, headers, words }: Login): Authorization {
  let held: Held | undefined;
  let underWay: Promise<string> | undefined;
  let refusedAt = Number.NEGATIVE_INFINITY;
  let ended: SluiceError | undefined;

  async function next(): Promise<string> {
    if (ended !== undefined) throw ended;
    try {
      const { token, lifetimeMs = Number.POSITIVE_INFINITY } = await logIn();
      const margin = Math.min(longestMargin, lifetimeMs * marginShare);
      const now = clock.now();
      held = { token, endsAt: now + lifetimeMs, renewAt: now + lifetimeMs - margin };
      return token;
    } catch (error) {
      if (error instanceof SluiceError && error.kind !== 'platform') ended = error;
      throw error;
    } finally {
      underWay = undefined;
    }
  }

  function login(): Promise<string> {
    underWay ??= next();
    return underWay;
  }

  /** Beside the requests, which go on with what they have. */
  function renewEarly(old: Held): void {
    login().catch(() => {
      old.renewAt = clock.now() + betweenTries;
    });
  }

  return {
    headers,
    words,
    async token(signal) {
      const now = clock.now();
      if (held === undefined || now >= held.endsAt) return unlessAborted(login(), signal);
      if (now >= held.renewAt && underWay === undefined) renewEarly(held);
      return held.token;
    },
    async renew(refused, signal) {
      if (held !== undefined && held.token !== refused) return true;
      const now = clock.now();
      if (underWay === undefined && now - refusedAt < betweenRefusals) return false;
      refusedAt = now;
      // Where no other can be had now, the next request asks for one, and does not come with this one again.
      held = undefined;
      return (await unlessAborted(login(), signal)) !== refused;
    },
  };
}

/** Gives up waiting when the signal says so; what is waited for goes on. */
function unlessAborted<T>(promise: Promise<T>, signal: AbortSignal | undefined): Promise<T> {
  if (signal === undefined) return promise;
  return new Promise((resolve, reject) => {
    const stop = () => reject(signal.reason);
    if (signal.aborted) stop();
    signal.addEventListener('abort', stop, { once: true });
    promise.then(resolve, reject).finally(() => signal.removeEventListener('abort', stop));
  });
}
