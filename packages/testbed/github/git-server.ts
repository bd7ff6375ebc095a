import type { IncomingMessage, ServerResponse } from 'node:http';
import type { GitRequest } from '../git-http.ts';
import { gitBytes } from './git.ts';
import { type Hub, visible } from './hub.ts';
import { answerLsRefs } from './ls-refs.ts';
import { pushSize } from './push-rules.ts';
import { readBody } from './respond.ts';
import { allows, secretOf } from './tokens.ts';
import type { Repository, Token } from './types.ts';

export interface GitTarget {
  readonly fullName: string;
  readonly service: GitRequest['service'];
}

export interface GitCall {
  /** Folder of the bare repositories. */
  readonly root: string;
  readonly target: GitTarget;
  readonly url: URL;
  /** Does what is asked and cuts the connection instead of answering. */
  readonly cutAnswer: boolean;
}

const services = ['info/refs', 'git-upload-pack', 'git-receive-pack'] as const;

/** The repository and the service that a path asks for: `/acme/gitops.git/info/refs`, also without `.git`. */
export function gitPath(path: string): GitTarget | undefined {
  const [, owner = '', name = '', rest = ''] = /^\/([^/]+)\/([^/]+?)(?:\.git)?\/(.+)$/.exec(path) ?? [];
  const service = services.find((one) => one === rest);
  return service === undefined ? undefined : { fullName: `${owner}/${name}`, service };
}

interface Refusal {
  readonly status: number;
  readonly text: string;
}

const unauthenticated: Refusal = {
  status: 401,
  text: 'Invalid username or token. Password authentication is not supported for Git operations.',
};

function refusal(
  repository: Repository | undefined,
  token: Token | undefined,
  anonymous: boolean,
  writes: boolean,
): Refusal | undefined {
  // Who is nobody learns nothing of what is there: Git asks for a password first.
  if (token === undefined && (!anonymous || writes || repository === undefined)) return unauthenticated;
  if (repository === undefined) return { status: 404, text: 'Repository not found.' };
  const reached = token?.repositories.includes(repository.fullName) === true;
  const may = (access: 'read' | 'write'): boolean =>
    reached && token !== undefined && allows(token, 'contents', access);
  if (writes && !may('write')) {
    const who = token?.actor ?? 'anonymous';
    return { status: 403, text: `Permission to ${repository.fullName}.git denied to ${who}.` };
  }
  if (repository.private && !may('read')) {
    return { status: 403, text: 'Write access to repository not granted.' };
  }
  return undefined;
}

/** Undefined where the body comes in chunks of a length that nobody tells. */
function bodySize(request: IncomingMessage): number | undefined {
  const length = request.headers['content-length'];
  return length === undefined ? undefined : Number(length);
}

let capabilities: Promise<Buffer> | undefined;

/** The first answer of protocol 2: what the server can do, the same for every repository. */
function advertisement(dir: string): Promise<Buffer> {
  const args = ['upload-pack', '--stateless-rpc', '--advertise-refs', dir];
  capabilities ??= gitBytes(dir, args, undefined, { GIT_PROTOCOL: 'version=2' });
  return capabilities;
}

function sendPackets(response: ServerResponse, service: GitRequest['service'], body: Buffer): number {
  const kind = service === 'info/refs' ? 'advertisement' : 'result';
  response.writeHead(200, {
    'content-type': `application/x-git-upload-pack-${kind}`,
    'cache-control': 'no-cache, max-age=0, must-revalidate',
  });
  response.end(body);
  return 200;
}

/** Answers a fetch or a push: 401 without a good token, 404 where it does not reach, 403 where it may not write. */
export async function answerGitRequest(
  hub: Hub,
  { root, target, url, cutAnswer }: GitCall,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<{ who: string; status: number }> {
  const secret = secretOf(request.headers.authorization);
  const token = secret === undefined ? undefined : hub.tokens.find(secret);
  const who = token?.id ?? '-';
  const repository = visible(hub, target.fullName, token);
  const writes =
    target.service === 'git-receive-pack' || url.searchParams.get('service') === 'git-receive-pack';
  let given: Buffer | undefined;
  const refused = refusal(repository, token, secret === undefined, writes);
  if (refused !== undefined || repository === undefined) {
    const { status, text } = refused ?? unauthenticated;
    const ask = status === 401 ? { 'www-authenticate': 'Basic realm="GitHub"' } : {};
    response.writeHead(status, { 'content-type': 'text/plain; charset=utf-8', ...ask });
    response.end(text);
    return { who, status };
  }
  const { service } = target;
  const version2 = /\bversion=2\b/.test(String(request.headers['git-protocol'] ?? ''));
  if (!writes && version2 && !cutAnswer && request.headers['content-encoding'] === undefined) {
    const seen = (ref: string, sha: string) => hub.lags.seen('git', repository, ref, sha);
    const body = service === 'info/refs' ? undefined : await readBody(request);
    const answer =
      body === undefined
        ? await advertisement(repository.dir)
        : await answerLsRefs(repository.dir, body, seen);
    if (answer !== undefined) return { who, status: sendPackets(response, service, answer) };
    if (body !== undefined) given = body;
  }
  const status = await hub.git.serve(
    request,
    response,
    {
      root,
      repository: `${repository.fullName}.git`,
      service: target.service,
      query: url.search.slice(1),
      user: token?.actor ?? 'anonymous',
      env: { STAND_IN_PUSH: pushSize(repository, bodySize(request)) },
      cutAnswer,
    },
    given,
  );
  return { who, status };
}
