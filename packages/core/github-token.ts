import type { Clock } from './clock.ts';
import { SluiceError } from './errors.ts';
import type { Log } from './log.ts';

/** How to log in: a token as it is, or a GitHub App, for which tokens of one hour are minted. */
export type Credential =
  | { readonly type: 'token'; readonly token: string }
  | {
      readonly type: 'app';
      readonly appId: string;
      /** PEM text. */
      readonly privateKey: string;
      /** The repository that the tokens reach. */
      readonly owner: string;
      readonly repository: string;
    };

export type AppCredential = Extract<Credential, { type: 'app' }>;

/** Where the token of each request comes from. */
export interface TokenSource {
  /** A token that stays valid for a while. */
  token(): Promise<string>;
  /** Drops a token that the server refused. False when no other can be had. */
  drop(refused: string): boolean;
}

export interface Minted {
  readonly token: string;
  /** Milliseconds since the epoch. */
  readonly expiresAt: number;
}

/** A token is minted again this long before it expires, so that none expires in the middle of a transfer by Git. */
const MARGIN_MS = 5 * 60_000;

/** One token for ever. */
export function fixedToken(token: string): TokenSource {
  return { token: async () => token, drop: () => false };
}

/** Tokens that are minted when one is needed, and again before they expire. Two calls at once share one. */
export function mintedTokens(mint: () => Promise<Minted>, clock: Clock, log: Log): TokenSource {
  let current: { readonly token: string; readonly renewAt: number } | undefined;
  let pending: Promise<string> | undefined;

  async function mintNow(): Promise<string> {
    const { token, expiresAt } = await mint();
    log.mask?.(token);
    const lifetime = Math.max(0, expiresAt - clock.now());
    current = { token, renewAt: expiresAt - Math.min(MARGIN_MS, lifetime / 2) };
    return token;
  }

  return {
    async token() {
      if (current !== undefined && clock.now() < current.renewAt) return current.token;
      pending ??= mintNow().finally(() => {
        pending = undefined;
      });
      return pending;
    },
    drop(refused) {
      if (current?.token === refused) current = undefined;
      return true;
    },
  };
}

/**
 * How an App speaks for itself: with a statement that its private key signs, good for ten minutes. Where GitHub's clock
 * and this machine's differ, it is signed again by GitHub's.
 *
 * `@octokit/auth-app` signs; the tokens are minted by us, since its cache keeps one for 59 minutes whatever `expires_at`
 * says. It is loaded late: a plain token never needs it. Throws a SluiceError `invalid-private-key`.
 */
export async function appLogin(app: AppCredential) {
  const { createAppAuth } = await import('@octokit/auth-app');
  const auth = { appId: app.appId, privateKey: app.privateKey };
  try {
    await createAppAuth(auth)({ type: 'app' });
  } catch {
    // The cause is left out: it may quote the key.
    throw new SluiceError(
      'input',
      'invalid-private-key',
      'The input app-private-key holds no private key in PEM form.',
      {
        hint: "Give it the whole file that the App's settings page downloads, with its first and last line.",
      },
    );
  }
  return { authStrategy: createAppAuth, auth };
}
