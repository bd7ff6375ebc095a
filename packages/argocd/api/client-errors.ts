import { SluiceError } from '@sluice/core/errors';
import type { LoginWords } from './authorization.ts';

/** Codes of Node's TLS layer for a certificate that is not trusted: trying again does not help. */
const untrusted = /^(UNABLE_TO_|SELF_SIGNED_|DEPTH_ZERO_|CERT_|ERR_TLS_CERT)/;

/** Alerts by which a server says that it wants another client certificate, or any. */
const unwelcome = /ALERT_(CERTIFICATE_|BAD_CERTIFICATE|UNSUPPORTED_CERTIFICATE|UNKNOWN_CA|HANDSHAKE_FAILURE)/;

/** In TLS 1.3 some servers close without an alert when no client certificate comes. */
const closed = /^(UND_ERR_SOCKET|ECONNRESET)$/;

/** The deepest `code` of an error's causes (`ECONNREFUSED`, `ENOTFOUND`), as fetch hides it in `cause`. */
function causeCode(error: unknown): string | undefined {
  if (!(error instanceof Error)) return undefined;
  const inner =
    causeCode(error.cause) ?? (error instanceof AggregateError ? causeCode(error.errors[0]) : undefined);
  if (inner !== undefined) return inner;
  return 'code' in error && typeof error.code === 'string' ? error.code : undefined;
}

/** No answer came: refused, unknown host, certificate, cut, too slow. */
export function unreachable(server: string, error: unknown): SluiceError {
  const code = causeCode(error);
  if (code !== undefined && untrusted.test(code)) {
    return new SluiceError(
      'input',
      'argocd-certificate',
      `The certificate of ${server} is not trusted (${code}).`,
      { hint: 'Give the CA that signed it as argocd-ca.', cause: error },
    );
  }
  if (code !== undefined && unwelcome.test(code)) {
    return new SluiceError(
      'input',
      'argocd-certificate',
      `${server} does not take the connection without another client certificate (${code}).`,
      {
        hint: 'Give argocd-client-certificate and argocd-client-key as the server asks for them.',
        cause: error,
      },
    );
  }
  const timeout = error instanceof Error && error.name === 'TimeoutError';
  const why = timeout
    ? 'no answer in time'
    : (code ?? (error instanceof Error ? error.message : String(error)));
  return new SluiceError('platform', 'argocd-unreachable', `${server} did not answer (${why}).`, {
    hint: closed.test(code ?? '')
      ? 'Check argocd-server, and argocd-client-certificate where the server asks for one.'
      : 'Check argocd-server, and that the runner reaches it.',
    cause: error,
  });
}

/** A proxy's login page, a wrong base path (Argo CD serves its user interface there), or no Argo CD at all. */
export function notAnApi(server: string, status: number, what: string, known: boolean): SluiceError {
  return new SluiceError(
    // Once Argo CD has answered, the address is right: it is away, and something else answers for it.
    known ? 'platform' : 'input',
    'argocd-not-an-api',
    `${server} answered with ${what} (HTTP ${status}), not with Argo CD's API.`,
    {
      hint: "argocd-server must be the API server's URL with its base path. Where a login page stands in front of it, give the header that passes it as argocd-headers.",
    },
  );
}

/** Where a redirect leads, in words. What comes after the path is made for whoever follows it: a state, or a token. */
export const redirectTo = (location: string | null): string =>
  `a redirect to ${location === null ? 'nowhere' : location.replace(/[?#].*$/s, '').replace(/\/\/[^/]*@/, '//')}`;

/** A 401. Without the code that Argo CD puts beside its message it is of a proxy in front of it, most likely. */
export function unauthenticated(
  server: string,
  { name, hint }: LoginWords,
  { code, message }: { readonly code: number | undefined; readonly message: string },
): SluiceError {
  if (code !== undefined)
    return new SluiceError('permission', 'argocd-token', `${server} does not accept ${name}: ${message}`, {
      hint,
    });
  const words = message === '' ? '' : ` (${message})`;
  return new SluiceError(
    'permission',
    'argocd-token',
    `Something in front of ${server} does not let this run through, or does not accept ${name}${words}.`,
    { hint: `Give the header that a proxy there asks for as argocd-headers. ${hint}` },
  );
}

/** A server that answers, but not as it should, after it was asked several times. */
export function unavailable(server: string, status: number, message: string): SluiceError {
  return new SluiceError('platform', 'argocd-unavailable', `${server} answered HTTP ${status}: ${message}`, {
    hint: 'Look at the health of argocd-server, its repo-server and the ingress before it.',
  });
}

/** True for errors that go away by themselves: the wait goes on. */
export function isTransient(error: unknown): error is SluiceError {
  return error instanceof SluiceError && error.kind === 'platform';
}

/** The same as part of a longer sentence. */
export const unavailableBecause = ({ message }: SluiceError) => ({
  unavailable: message.replace(/\.+$/, ''),
});
