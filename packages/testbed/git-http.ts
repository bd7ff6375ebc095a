import { execFileSync, spawn } from 'node:child_process';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { join } from 'node:path';
import { plainGit } from './github/git.ts';

let backend: string | undefined;
const backendPath = (): string => {
  backend ??= join(execFileSync('git', ['--exec-path']).toString().trim(), 'git-http-backend');
  return backend;
};

export interface GitRequest {
  /** Folder that holds the bare repository. */
  readonly root: string;
  /** Of the bare repository below `root`, without a leading slash. */
  readonly repository: string;
  readonly service: 'info/refs' | 'git-upload-pack' | 'git-receive-pack';
  readonly query: string;
  /** Who pushes, for hooks. */
  readonly user: string;
  /** For the hooks. */
  readonly env?: Readonly<Record<string, string>>;
  /** Does what is asked and cuts the connection instead of answering. */
  readonly cutAnswer?: boolean;
}

const header = (request: IncomingMessage, name: string): string => {
  const value = request.headers[name];
  return Array.isArray(value) ? value.join(', ') : (value ?? '');
};

const parseHead = (text: string): { status: number; headers: Record<string, string> } => {
  let status = 200;
  const headers: Record<string, string> = {};
  for (const line of text.split('\r\n')) {
    const colon = line.indexOf(':');
    const name = line.slice(0, colon).toLowerCase();
    const value = line.slice(colon + 1).trim();
    if (name === 'status') status = Number(value.slice(0, 3));
    else headers[name] = value;
  }
  return { status, headers };
};

/** Answers one request of Git's smart HTTP protocol with `git http-backend` (CGI). Resolves with the status sent. */
export function serveGit(
  request: IncomingMessage,
  response: ServerResponse,
  options: GitRequest,
): Promise<number> {
  const env = {
    ...plainGit,
    ...options.env,
    GIT_PROJECT_ROOT: options.root,
    GIT_HTTP_EXPORT_ALL: '1',
    PATH_INFO: `/${options.repository}/${options.service}`,
    QUERY_STRING: options.query,
    REQUEST_METHOD: request.method ?? 'GET',
    CONTENT_TYPE: header(request, 'content-type'),
    GIT_PROTOCOL: header(request, 'git-protocol'),
    HTTP_CONTENT_ENCODING: header(request, 'content-encoding'),
    REMOTE_USER: options.user,
    REMOTE_ADDR: '127.0.0.1',
  };
  return new Promise((resolve, reject) => {
    const cgi = spawn(backendPath(), [], { env });
    let head: Buffer | undefined = Buffer.alloc(0);
    let sent = 500;
    cgi.on('error', reject);
    cgi.stdin.on('error', () => {}); // it may stop reading before the client stops sending
    request.pipe(cgi.stdin);
    cgi.stdout.on('data', (chunk: Buffer) => {
      if (options.cutAnswer === true) return;
      if (head === undefined) {
        response.write(chunk);
        return;
      }
      head = Buffer.concat([head, chunk]);
      const end = head.indexOf('\r\n\r\n');
      if (end < 0) return;
      const { status, headers } = parseHead(head.subarray(0, end).toString());
      sent = status;
      response.writeHead(status, headers);
      response.write(head.subarray(end + 4));
      head = undefined;
    });
    cgi.on('close', () => {
      if (options.cutAnswer === true) {
        request.socket.destroy();
        resolve(0);
        return;
      }
      if (head !== undefined) response.writeHead(500);
      response.end();
      resolve(sent);
    });
    response.on('close', () => cgi.kill());
  });
}
