import type { Log } from '@sluice/core/log';
import { isSafe } from './address.ts';
import { parseChallenge } from './challenge.ts';
import type { RegistryCredential } from './credentials.ts';
import { type Access, answerError, loginError, missingError, type Question } from './errors.ts';
import { type Answer, type Ask, ask, type Ports } from './transport.ts';

export interface SessionOptions extends Ports {
  readonly log: Log;
  readonly credentials: readonly RegistryCredential[];
  /** Programs that Docker's configuration leaves logins to. */
  readonly helpers?: readonly string[];
}

export interface SessionAsk extends Omit<Ask, 'url'> {
  readonly path: string;
  /** Statuses that are an answer as well as 200. */
  readonly tolerated?: readonly number[];
}

/** Asks registries, and logs in where one wants that. Throws for any status that is no answer. */
export type Session = (question: Question, request: SessionAsk) => Promise<Answer>;

/**
 * A session keeps what it was let in with for each repository. Nobody is sent a password that did not ask for one, and a token goes
 * to the registry alone that asked for it. https://distribution.github.io/distribution/spec/auth/token/
 */
export function openSession(options: SessionOptions): Session {
  const admitted = new Map<string, string>();
  return async (question, { path, tolerated = [], ...request }) => {
    const key = `${question.origin}/${question.name}`;
    const url = new URL(path, question.origin).href;
    const credential = options.credentials.find(({ registry }) => registry === question.registry);
    const access: Access = { user: credential?.user, helpers: options.helpers ?? [] };
    const attempt = (authorization: string | undefined) =>
      ask(options, question, {
        ...request,
        url,
        headers: { ...request.headers, ...(authorization === undefined ? {} : { authorization }) },
      });
    let answer = await attempt(admitted.get(key));
    if (answer.status === 401) {
      const authorization = await logIn(options, question, answer, credential, access);
      answer = await attempt(authorization);
      if (answer.status === 200) admitted.set(key, authorization);
    }
    return tolerated.includes(answer.status) ? answer : settled(answer, question, access);
  };
}

function settled(answer: Answer, question: Question, access: Access): Answer {
  if (answer.status === 200) return answer;
  if (answer.status === 401 || answer.status === 403) throw loginError(question, access);
  if (answer.status === 404) throw missingError(question);
  throw answerError(question, `the status is ${answer.status}`);
}

/** The value of `Authorization` that a challenge asks for. */
async function logIn(
  options: SessionOptions,
  question: Question,
  refused: Answer,
  credential: RegistryCredential | undefined,
  access: Access,
): Promise<string> {
  const challenge = parseChallenge(refused.headers.get('www-authenticate') ?? '');
  if (challenge === undefined) throw loginError(question, access);
  const basic = credential === undefined ? undefined : basicOf(credential);
  if (basic !== undefined) options.log.mask?.(basic.slice('Basic '.length));
  if (challenge.type === 'basic') {
    if (basic === undefined) throw loginError(question, access);
    return basic;
  }
  const realm = URL.parse(challenge.realm);
  if (realm === null || !isSafe(realm, question.origin)) {
    throw answerError(question, 'it sends logins to an address that is not https');
  }
  const wanted = new Map([['scope', challenge.scope ?? `repository:${question.name}:pull`]]);
  if (challenge.service !== undefined) wanted.set('service', challenge.service);
  const answer = await ask(options, question, tokenRequest(realm, wanted, basic, credential?.identityToken));
  if (answer.status !== 200) throw loginError(question, access);
  const token = tokenIn(await answer.json().catch(() => undefined));
  if (token === undefined) throw answerError(question, 'its login gives no token');
  options.log.mask?.(token);
  return `Bearer ${token}`;
}

/** https://distribution.github.io/distribution/spec/auth/token/, and oauth/ beside it for an identity token. */
function tokenRequest(
  realm: URL,
  wanted: ReadonlyMap<string, string>,
  basic: string | undefined,
  identityToken: string | undefined,
): Ask {
  const maxBytes = 100_000;
  if (identityToken !== undefined) {
    const form = { grant_type: 'refresh_token', client_id: 'sluice', refresh_token: identityToken };
    return {
      ...{ url: realm.href, method: 'POST', maxBytes },
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
      body: String(new URLSearchParams({ ...Object.fromEntries(wanted), ...form })),
    };
  }
  for (const [name, value] of wanted) realm.searchParams.set(name, value);
  return { url: realm.href, maxBytes, headers: basic === undefined ? {} : { authorization: basic } };
}

function basicOf({ user, password, identityToken }: RegistryCredential): string | undefined {
  if (identityToken !== undefined) return undefined;
  return `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}`;
}

function tokenIn(body: unknown): string | undefined {
  const { token, access_token: other }: Readonly<Record<string, unknown>> =
    typeof body === 'object' && body !== null ? { ...body } : {};
  const found = [token, other].find((text) => typeof text === 'string' && text !== '');
  return typeof found === 'string' && /^[\x21-\x7e]+$/.test(found) ? found : undefined;
}
