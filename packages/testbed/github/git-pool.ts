import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { rmSync } from 'node:fs';
import { Agent, request as ask, type IncomingMessage, type ServerResponse } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { GitRequest } from '../git-http.ts';

/** The process beside the stand-in that runs Git for it. */
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

interface Worker {
  readonly child: ChildProcess;
  readonly socket: string;
}

async function startWorker(): Promise<Worker> {
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
  return { child, socket };
}

/** One worker, started with the first request. */
export function createGitPool(): GitPool {
  let worker: Promise<Worker> | undefined;
  const agent = new Agent({ keepAlive: true });
  return {
    async serve(request, response, options, body) {
      worker ??= startWorker();
      const { socket } = await worker;
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
    close() {
      agent.destroy();
      worker?.then(
        ({ child, socket }) => {
          child.kill();
          rmSync(socket, { force: true });
        },
        () => {},
      );
    },
  };
}
