import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { Agent, request as ask, type IncomingMessage, type ServerResponse } from 'node:http';
import { Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { GitRequest } from '../git-http.ts';

/** The way to the process beside the stand-in that runs Git for it. */
export interface GitPool {
  /** As `serveGit`: resolves with the status sent, 0 where the connection was cut. */
  serve(
    request: IncomingMessage,
    response: ServerResponse,
    options: GitRequest,
    /** Of the request, where it has been read already. */
    body?: Buffer,
  ): Promise<number>;
  close(): void;
}

/** Starts the process. Resolves with the path of its socket. It keeps nothing alive, and ends with the process that started it. */
async function startWorker(): Promise<string> {
  const socket = join(tmpdir(), `git-${process.pid}-${Math.random().toString(36).slice(2)}.sock`);
  const script = join(import.meta.dirname, 'git-worker.ts');
  const child = spawn(process.execPath, [script, socket], { stdio: ['pipe', 'pipe', 'inherit'] });
  await Promise.race([
    once(child.stdout, 'data'),
    once(child, 'exit').then(() => {
      throw new Error('The process that runs Git did not start');
    }),
  ]);
  child.unref();
  for (const stream of child.stdio) if (stream instanceof Socket) stream.unref();
  child.on('exit', () => {
    worker = undefined;
  });
  return socket;
}

/** One for all stand-ins of a process: to start it costs 0.2 s of a core. */
let worker: Promise<string> | undefined;

/** A stand-in's way to the worker, which is started with the first request. */
export function createGitPool(): GitPool {
  const agent = new Agent({ keepAlive: true });
  return {
    async serve(request, response, options, body) {
      worker ??= startWorker();
      const socket = await worker;
      const { authorization: _, ...headers } = request.headers;
      return new Promise((resolve) => {
        const asked = ask({
          socketPath: socket,
          agent,
          method: request.method,
          headers: { ...headers, 'x-serve-git': JSON.stringify(options) },
        });
        const cut = (): void => {
          request.socket.destroy();
          resolve(0);
        };
        asked.on('error', cut);
        asked.on('response', (answer) => {
          const status = answer.statusCode ?? 500;
          response.writeHead(status, answer.headers);
          answer.pipe(response);
          answer.on('error', cut);
          answer.on('end', () => resolve(status));
        });
        response.on('close', () => {
          if (!response.writableEnded) asked.destroy();
        });
        if (body === undefined) request.pipe(asked);
        else asked.end(body);
      });
    },
    close: () => agent.destroy(),
  };
}
