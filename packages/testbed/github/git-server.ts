import type { IncomingMessage, ServerResponse } from 'node:http';
import { type GitRequest, serveGit } from '../git-http.ts';
import { type Hub, visible } from './hub.ts';
import { allows, secretOf } from './tokens.ts';

export interface GitTarget {
  readonly fullName: string;
  readonly service: GitRequest['service'];
}

const services = ['info/refs', 'git-upload-pack', 'git-receive-pack'] as const;

/** The repository and the service that a path asks for: `/acme/gitops.git/info/refs`, also without `.git`. */
export function gitPath(path: string): GitTarget | undefined {
  const [, owner = '', name = '', rest = ''] = /^\/([^/]+)\/([^/]+?)(?:\.git)?\/(.+)$/.exec(path) ?? [];
  const service = services.find((one) => one === rest);
  return service === undefined ? undefined : { fullName: `${owner}/${name}`, service };
}

function refuse(response: ServerResponse, status: number, text: string): number {
  const ask = status === 401 ? { 'www-authenticate': 'Basic realm="GitHub"' } : {};
  response.writeHead(status, { 'content-type': 'text/plain; charset=utf-8', ...ask });
  response.end(text);
  return status;
}

/** Answers a fetch or a push: 401 without a good token, 404 where it does not reach, 403 where it may not write. */
export async function answerGitRequest(
  hub: Hub,
  root: string,
  target: GitTarget,
  request: IncomingMessage,
  response: ServerResponse,
  url: URL,
): Promise<{ who: string; status: number }> {
  const secret = secretOf(request.headers.authorization);
  const token = secret === undefined ? undefined : hub.tokens.find(secret);
  const who = token?.id ?? '-';
  const known = hub.repositories.get(target.fullName.toLowerCase());
  const writes =
    target.service === 'git-receive-pack' || url.searchParams.get('service') === 'git-receive-pack';
  const anonymous = known?.private === false && !writes && secret === undefined;
  if (token === undefined && !anonymous) {
    return {
      who,
      status: refuse(
        response,
        401,
        'Invalid username or token. Password authentication is not supported for Git operations.',
      ),
    };
  }
  const repository = visible(hub, target.fullName, token);
  if (repository === undefined) return { who, status: refuse(response, 404, 'Repository not found.') };
  const access = writes ? 'write' : 'read';
  if (token !== undefined && repository.private && !allows(token, 'contents', 'read')) {
    return { who, status: refuse(response, 403, 'Write access to repository not granted.') };
  }
  if (
    access === 'write' &&
    (token === undefined ||
      !token.repositories.includes(repository.fullName) ||
      !allows(token, 'contents', 'write'))
  ) {
    return {
      who,
      status: refuse(
        response,
        403,
        `Permission to ${repository.fullName}.git denied to ${token?.actor ?? 'anonymous'}.`,
      ),
    };
  }
  const status = await serveGit(request, response, {
    root,
    repository: `${repository.fullName}.git`,
    service: target.service,
    query: url.search.slice(1),
    user: token?.actor ?? 'anonymous',
  });
  return { who, status };
}
