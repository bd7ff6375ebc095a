import { createHash } from 'node:crypto';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { GitHub } from '@sluice/core/github';
import { plainFetch } from '@sluice/core/plain-fetch';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Fetching, fetchSbom } from './fetch-sbom.ts';

type Answer = (request: IncomingMessage, response: ServerResponse) => void;

const content = '{"bomFormat":"CycloneDX"}';
const digest = `sha256:${createHash('sha256').update(content).digest('hex')}`;
let folder: string;
let servers: Server[];
let asked: { readonly path: string; readonly token: string | undefined }[];
let slept: number[];

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'fetch-'));
  [servers, asked, slept] = [[], [], []];
});
afterEach(() => {
  for (const server of servers) server.closeAllConnections();
  for (const server of servers) server.close();
  rmSync(folder, { recursive: true, force: true });
});

/** A server that answers each request by the next of these, the last again and again. */
async function serve(...answers: readonly Answer[]): Promise<string> {
  let at = 0;
  const server = createServer((request, response) => {
    asked.push({ path: request.url ?? '', token: request.headers.authorization });
    answers[Math.min(at, answers.length - 1)]?.(request, response);
    at += 1;
  });
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('The server has no port');
  return `http://127.0.0.1:${address.port}`;
}

const sends =
  (body: string | Buffer): Answer =>
  (_, response) =>
    response.end(body);
const status =
  (code: number, headers: Readonly<Record<string, string>> = {}): Answer =>
  (_, response) =>
    response.writeHead(code, headers).end('no');

const unused = (): never => {
  throw new Error('nothing is asked of it');
};

/** Fetches asset 7 of acme/app from GitHub at `origin`. */
function fetched(origin: string, signal = new AbortController().signal): Promise<void> {
  const github: GitHub = { request: unused, graphql: unused, token: async () => 'secret' };
  const fetching: Fetching = {
    ...{ fetch: plainFetch, signal, serverUrl: origin, apiUrl: origin },
    clock: {
      now: Date.now,
      sleep: async (ms) => {
        slept.push(ms);
      },
    },
    gitHubOf: () => github,
  };
  const url = `${origin}/repos/acme/app/releases/assets/7`;
  return fetchSbom({ url, digest }, join(folder, 'sbom'), fetching);
}

const saved = (): string => readFileSync(join(folder, 'sbom'), 'utf8');

describe('an SBOM is fetched', () => {
  it('with a token from GitHub’s API, and without one from where that leads', async () => {
    const origin = await serve(status(302, { location: '/elsewhere?signature=x' }), sends(content));
    await fetched(origin);
    expect(saved()).toBe(content);
    expect(asked).toEqual([
      { path: '/repos/acme/app/releases/assets/7', token: 'Bearer secret' },
      { path: '/elsewhere?signature=x', token: undefined },
    ]);
  });

  it('never from where it leads without https, and no token goes there', async () => {
    const other = await serve(sends(content));
    const origin = await serve(status(302, { location: `${other}/sbom` }));
    await expect(fetched(origin)).rejects.toThrow('not https');
    expect(asked).toHaveLength(1);
  });

  it.each([
    ['another file', [sends('{}')], 'it is not the SBOM of what was deployed'],
    ['a page without the file', [status(404)], 'the server answered 404'],
    ['a refusal', [status(403)], 'the server answered 403'],
    ['a circle', [status(302, { location: '/again' })], 'redirects again and again'],
    ['a redirect to nowhere', [status(302)], 'the server answered 302'],
    ['a redirect to a file', [status(302, { location: 'file:///etc/passwd' })], 'not https'],
  ])('once, and not at all where there is %s', async (_, answers, message) => {
    await expect(fetched(await serve(...answers))).rejects.toThrow(message);
    expect(slept).toEqual([]);
  });

  it.each([
    ['a busy server', [status(503), status(429), sends(content)]],
    [
      'a cut connection',
      [
        (_: IncomingMessage, response: ServerResponse) => {
          response.writeHead(200, { 'content-length': '1000' });
          response.write(content);
          setTimeout(() => response.destroy(), 20);
        },
        sends(content),
      ],
    ],
  ] satisfies readonly (readonly [
    string,
    readonly Answer[],
  ])[])('again after %s, whole', async (_, answers) => {
    await fetched(await serve(...answers));
    expect(saved()).toBe(content);
    expect(slept).toEqual([1000, 4000].slice(0, answers.length - 1));
  });

  it('three times, and no more', async () => {
    await expect(fetched(await serve(status(500)))).rejects.toMatchObject({ code: 'sbom-not-fetched' });
    expect(asked).toHaveLength(3);
  });

  it('no longer once the run is cancelled', async () => {
    const controller = new AbortController();
    const origin = await serve(() => controller.abort(new Error('cancelled')));
    await expect(fetched(origin, controller.signal)).rejects.toThrow('cancelled');
    expect(asked).toHaveLength(1);
    expect(existsSync(join(folder, 'sbom'))).toBe(false);
  });
});
