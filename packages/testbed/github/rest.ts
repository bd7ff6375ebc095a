import type { IncomingMessage } from 'node:http';
import type { Description, Match } from './description.ts';
import { badCredentials, notAccessible, notFound, problem, requiresAuthentication } from './errors.ts';
import { type Hub, visible } from './hub.ts';
import { verifyAppToken } from './jwt.ts';
import { createInstallationToken, getInstallation } from './routes/app.ts';
import { checkRoutes } from './routes/checks.ts';
import { commentRoutes } from './routes/comments.ts';
import { compareRoutes } from './routes/compare.ts';
import { contentRoutes } from './routes/contents.ts';
import { deploymentRoutes } from './routes/deployments.ts';
import { dispatchRoutes } from './routes/dispatches.ts';
import { gitCommitRoutes } from './routes/git-commits.ts';
import { gitDataRoutes } from './routes/git-data.ts';
import { issueRoutes } from './routes/issues.ts';
import { labelRoutes } from './routes/labels.ts';
import { mergeRoutes } from './routes/merge.ts';
import { pullRoutes } from './routes/pulls.ts';
import { refRoutes } from './routes/refs.ts';
import { releaseRoutes } from './routes/releases.ts';
import { repositoryRoutes } from './routes/repositories.ts';
import { reviewerRoutes } from './routes/reviewers.ts';
import type { Body, Routes } from './routes/route.ts';
import { runRoutes } from './routes/runs.ts';
import { timelineRoutes } from './routes/timeline.ts';
import { allows, secretOf } from './tokens.ts';
import type { Reply, Token } from './types.ts';

const routes: Routes = {
  ...repositoryRoutes,
  ...refRoutes,
  ...gitDataRoutes,
  ...gitCommitRoutes,
  ...pullRoutes,
  ...issueRoutes,
  ...labelRoutes,
  ...commentRoutes,
  ...runRoutes,
  ...compareRoutes,
  ...reviewerRoutes,
  ...mergeRoutes,
  ...timelineRoutes,
  ...releaseRoutes,
  ...deploymentRoutes,
  ...checkRoutes,
  ...contentRoutes,
  ...dispatchRoutes,
};

/** The versions of the API that GitHub serves. */
const versions: ReadonlySet<string> = new Set(['2022-11-28', '2026-03-10']);

export interface RestRequest {
  readonly request: IncomingMessage;
  readonly method: string;
  /** Below the API's base, with the query. */
  readonly url: URL;
  readonly path: string;
  /** Parsed; undefined where none was sent. */
  readonly body: unknown;
}

export interface RestAnswer {
  readonly reply: Reply;
  readonly match?: Match;
  /** The token's id, for the log and the rate limit. */
  readonly who: string;
}

const isBody = (value: unknown): value is Body =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const isReply = (value: object): value is Reply => 'status' in value;

/** What a request lacks before its operation is looked at, as one sentence. */
function badHeaders(request: IncomingMessage): string | undefined {
  if ((request.headers['user-agent'] ?? '') === '') return 'A request came without User-Agent.';
  const version = request.headers['x-github-api-version'];
  if (version !== undefined && !versions.has(String(version)))
    return `API version ${String(version)} does not exist.`;
  return undefined;
}

function appAnswer(hub: Hub, match: Match, secret: string | undefined, body: Body, ttl: number): RestAnswer {
  const app = verifyAppToken(secret, hub.apps.values(), hub.now());
  if (isReply(app)) return { reply: app, match, who: '-' };
  const { owner = '', repo = '', installation_id: installation = '' } = match.params;
  const reply =
    match.operation === 'GET /repos/{owner}/{repo}/installation'
      ? getInstallation(hub, app, `${owner}/${repo}`)
      : createInstallationToken(hub, app, installation, body, ttl);
  return { reply, match, who: `app:${app.id}` };
}

async function repositoryAnswer(
  hub: Hub,
  match: Match,
  token: Token,
  rest: RestRequest,
  body: Body,
): Promise<Reply> {
  const route = routes[match.operation];
  if (route === undefined) throw new Error(`No route answers ${match.operation}`);
  const docs = `https://docs.github.com/rest/${route.docs}`;
  const { owner = '', repo = '' } = match.params;
  const repository = visible(hub, `${owner}/${repo}`, token);
  if (repository === undefined) return notFound(docs);
  const reached = token.repositories.includes(repository.fullName);
  const permitted =
    allows(token, route.permission, route.access) ||
    (route.or !== undefined && allows(token, route.or, route.access)) ||
    (!repository.private && route.access === 'read');
  if (!permitted || (!reached && route.access === 'write')) {
    const names = route.or === undefined ? [route.permission] : [route.permission, route.or];
    return notAccessible(names, route.access, docs);
  }
  const { params } = match;
  const { accept = '' } = rest.request.headers;
  return route.handle({ hub, params, query: rest.url.searchParams, body, accept, repository, token, docs });
}

const appOperations: ReadonlySet<string> = new Set([
  'GET /repos/{owner}/{repo}/installation',
  'POST /app/installations/{installation_id}/access_tokens',
]);

/** Answers one REST request: description, credentials, rate limit, permission, then the route. */
export async function answerRest(
  hub: Hub,
  description: Description,
  rest: RestRequest,
  installationTokenTtl: number,
): Promise<RestAnswer> {
  const name = `${rest.method} ${rest.path}`;
  const violate = (reply: Reply, sentences: readonly string[]): RestAnswer => {
    hub.violations.push(...sentences.map((sentence) => `${name}: ${sentence}`));
    return { reply, who: '-' };
  };
  const headers = badHeaders(rest.request);
  if (headers !== undefined) return violate(problem(400, headers), [headers]);
  const match = description.match(rest.method, rest.path);
  if (match === undefined) return violate(notFound(), ['no such operation']);
  const wrong = description.requestProblems(match, rest.url.searchParams, rest.body);
  if (wrong.length > 0) return violate(problem(400, `Invalid request.\n\n${wrong.join('\n')}`), wrong);
  const body = isBody(rest.body) ? rest.body : {};
  const secret = secretOf(rest.request.headers.authorization);
  if (appOperations.has(match.operation)) return appAnswer(hub, match, secret, body, installationTokenTtl);
  if (secret === undefined) return { reply: requiresAuthentication(), match, who: '-' };
  const token = hub.tokens.find(secret);
  if (token === undefined) return { reply: badCredentials(), match, who: '-' };
  const answer = (reply: Reply): RestAnswer => ({ reply, match, who: token.id });
  if (match.operation === 'GET /rate_limit') {
    const core = hub.limits.state(token.account, 'core');
    const graphql = hub.limits.state(token.account, 'graphql');
    return answer({ status: 200, body: { resources: { core, graphql, search: core }, rate: core } });
  }
  const exhausted = hub.limits.count(token.account, 'core');
  if (exhausted !== undefined) return answer(problem(403, exhausted));
  return answer(await repositoryAnswer(hub, match, token, rest, body));
}
