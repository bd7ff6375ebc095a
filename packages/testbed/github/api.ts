import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Description } from './description.ts';
import { badCredentials, problem, requiresAuthentication } from './errors.ts';
import type { Fault } from './faults.ts';
import { answerGraphQL } from './graphql.ts';
import type { Hub } from './hub.ts';
import type { Resource } from './limits.ts';
import { etagOf, paged, readBody, send } from './respond.ts';
import { answerRest } from './rest.ts';
import type { Refused, Weight } from './secondary-limits.ts';
import { secretOf } from './tokens.ts';
import type { Reply, Token } from './types.ts';

interface Answer {
  readonly reply: Reply;
  /** The token's id, for the log and the rate limit. */
  readonly who: string;
  /** Of a GraphQL request. */
  readonly operation?: string;
}

export interface Answered {
  readonly who: string;
  /** 0 where the connection was cut. */
  readonly status: number;
  readonly operation?: string;
}

const SECONDARY_DOCS = 'https://docs.github.com/rest/using-the-rest-api/rate-limits-for-the-rest-api';

const parseJson = (bytes: Buffer): { readonly value: unknown } | undefined => {
  if (bytes.length === 0) return { value: undefined };
  try {
    return { value: JSON.parse(bytes.toString()) };
  } catch {
    return undefined;
  }
};

/** An exhausted limit answers 200 with an error of this type (https://docs.github.com/graphql/overview/rate-limits-and-query-limits-for-the-graphql-api). */
const graphqlExhausted = (message: string): Reply => ({
  status: 200,
  body: { errors: [{ type: 'RATE_LIMITED', message }] },
});

/** A read costs 1 point and a write 5; a mutation is a write. */
function weigh(method: string, resource: Resource, body: unknown): Weight {
  const query: unknown = Object(body).query;
  const writes =
    resource === 'graphql' ? typeof query === 'string' && /\bmutation\b/.test(query) : method !== 'GET';
  return { resource, points: writes ? 5 : 1, creates: writes && method !== 'DELETE' };
}

const tooFast = ({ status, message, retryAfter }: Refused): Reply =>
  problem(status, message, `${SECONDARY_DOCS}#about-secondary-rate-limits`, {
    'retry-after': String(retryAfter),
  });

async function graphql(hub: Hub, request: IncomingMessage, json: unknown): Promise<Answer> {
  const secret = secretOf(request.headers.authorization);
  if (secret === undefined) return { reply: requiresAuthentication(), who: '-' };
  const token = hub.tokens.find(secret);
  if (token === undefined) return { reply: badCredentials(), who: '-' };
  const exhausted = hub.limits.count(token.account, 'graphql');
  if (exhausted !== undefined) return { reply: graphqlExhausted(exhausted), who: token.id };
  return { ...(await answerGraphQL(hub, token, json)), who: token.id };
}

/** The answers to the API's requests; each is checked against the description as well. */
export interface Api {
  answer(
    request: IncomingMessage,
    response: ServerResponse,
    url: URL,
    fault: Fault | undefined,
  ): Promise<Answered>;
}

/** REST below `/api/v3` and GraphQL at `/api/graphql`. `installationTokenTtl` in milliseconds. */
export function createApi(hub: Hub, description: Description, installationTokenTtl: number): Api {
  const rest = async (request: IncomingMessage, url: URL, body: unknown): Promise<Answer> => {
    const method = request.method ?? 'GET';
    const path = url.pathname.slice('/api/v3'.length);
    const asked = { request, method, url, path, body };
    const { reply, match, who } = await answerRest(hub, description, asked, installationTokenTtl);
    if (match === undefined) return { reply, who };
    const cut = description.isPaged(match.operation) ? paged(reply, url) : reply;
    const own = description.responseProblems(match.operation, cut.status, cut.body);
    hub.violations.push(...own.map((sentence) => `Stand-in, ${match.operation}: ${sentence}`));
    return { reply: cut, who };
  };

  const decide = async (
    request: IncomingMessage,
    url: URL,
    resource: Resource,
    token: Token | undefined,
  ): Promise<Answer> => {
    const json = parseJson(await readBody(request));
    if (json === undefined) {
      hub.violations.push(`${url.pathname}: the body is not JSON`);
      return { reply: problem(400, 'Problems parsing JSON'), who: '-' };
    }
    const run = (): Promise<Answer> =>
      resource === 'graphql' ? graphql(hub, request, json.value) : rest(request, url, json.value);
    if (token === undefined) return run();
    const { account, id: who } = token;
    const refused = hub.secondary.enter(account, weigh(request.method ?? 'GET', resource, json.value));
    if (refused !== undefined) return { reply: tooFast(refused), who };
    return run().finally(() => hub.secondary.leave(account));
  };

  return {
    async answer(request, response, url, fault) {
      const resource = url.pathname === '/api/graphql' ? 'graphql' : 'core';
      const token = hub.tokens.find(secretOf(request.headers.authorization) ?? '');
      const { reply, ...log } = await decide(request, url, resource, token);
      const account = token?.account ?? log.who;
      if (fault?.cut === 'after-effect') {
        request.socket.destroy();
        return { ...log, status: 0 };
      }
      const body = reply.body === undefined ? undefined : JSON.stringify(reply.body);
      const tag =
        request.method === 'GET' && reply.status === 200 && body !== undefined
          ? etagOf(body, request)
          : undefined;
      if (tag?.unchanged === true) hub.limits.refund(account, resource);
      const headers = {
        'x-github-request-id': `SLUICE:${hub.requests.length}`,
        ...hub.limits.headers(account, resource),
        ...(tag === undefined ? {} : { etag: tag.etag }),
        ...reply.headers,
      };
      const status = tag?.unchanged === true ? 304 : reply.status;
      send(response, status, status === 304 ? undefined : body, headers);
      return { ...log, status };
    },
  };
}
