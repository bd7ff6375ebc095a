import { generateKeyPairSync, type KeyObject, randomBytes } from 'node:crypto';
import { createServer, type IncomingMessage } from 'node:http';
import { createHttpFaults, type HttpFaults, meet } from '../argocd/http-faults.ts';
import { signJwt } from './jwt.ts';

/** What GitHub's runner gives to a job with `id-token: write`, and the key by which others check what it states. */
export interface RunIdentity {
  /** ACTIONS_ID_TOKEN_REQUEST_URL and ACTIONS_ID_TOKEN_REQUEST_TOKEN. */
  readonly env: Readonly<Record<string, string>>;
  readonly issuer: string;
  readonly key: KeyObject;
  /** The audience of each identity that was asked for. */
  readonly audiences: readonly string[];
  /** Every identity that was stated, and the token that it was asked for with: no log may hold them. */
  readonly secrets: readonly string[];
  readonly faults: HttpFaults;
  readonly violations: readonly string[];
  close(): Promise<void>;
}

const issuer = 'https://token.actions.githubusercontent.com';

export interface RunIdentityOptions {
  /** Default `repo:acme/app:ref:refs/heads/main`. */
  readonly subject?: string;
}

/**
 * Starts the endpoint at which a run asks for its identity: GET with the runner's token as bearer, `api-version=2.0` in the address as
 * it was given and in `Accept`, and `audience`. Anything else is a violation.
 */
export async function startRunIdentity({
  subject = 'repo:acme/app:ref:refs/heads/main',
}: RunIdentityOptions = {}): Promise<RunIdentity> {
  const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const token = `runner-${randomBytes(24).toString('hex')}`;
  const audiences: string[] = [];
  const secrets = [token];
  const violations: string[] = [];
  const faults = createHttpFaults();

  function answer(request: IncomingMessage): { readonly status: number; readonly body: object } {
    if (request.headers.authorization?.toLowerCase() !== `bearer ${token}`)
      return { status: 401, body: { message: 'Unauthorized' } };
    const url = new URL(request.url ?? '/', 'http://runner');
    const audience = url.searchParams.get('audience') ?? '';
    violations.push(...problems(request, url, audience));
    audiences.push(audience);
    const now = Math.floor(Date.now() / 1000);
    const claims = {
      ...{ iss: issuer, aud: audience, sub: subject, jti: randomBytes(8).toString('hex') },
      ...{ iat: now, nbf: now - 600, exp: now + 300 },
    };
    const value = signJwt(claims, privateKey);
    secrets.push(value);
    return { status: 200, body: { count: value.length, value } };
  }

  const server = createServer(async (request, response) => {
    const fault = faults.take(`${request.method} ${request.url}`);
    if (fault !== undefined && (await meet(fault, request, response))) return;
    const { status, body } = answer(request);
    response.writeHead(status, { 'Content-Type': 'application/json; charset=utf-8' });
    response.end(JSON.stringify(body));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  const port = typeof address === 'object' ? address?.port : undefined;
  return {
    env: {
      ACTIONS_ID_TOKEN_REQUEST_URL: `http://127.0.0.1:${port}/idtoken/plan/job?api-version=2.0`,
      ACTIONS_ID_TOKEN_REQUEST_TOKEN: token,
    },
    ...{ issuer, key: publicKey, audiences, secrets, faults, violations },
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

function problems({ method, headers }: IncomingMessage, url: URL, audience: string): readonly string[] {
  const found = [
    method === 'GET' ? '' : `asked by ${method}`,
    url.pathname === '/idtoken/plan/job' ? '' : `another path: ${url.pathname}`,
    url.searchParams.get('api-version') === '2.0' ? '' : 'without api-version=2.0 in the address',
    headers.accept?.includes('api-version=2.0') ? '' : 'without api-version=2.0 in Accept',
    audience === '' ? 'without an audience: it would be good for many' : '',
    ...Object.keys(headers)
      .filter((name) => name.startsWith('x-') || name.startsWith('cf-'))
      .map((name) => `a header that is for Argo CD: ${name}`),
  ];
  return found.filter((problem) => problem !== '').map((problem) => `The identity of the run: ${problem}`);
}
