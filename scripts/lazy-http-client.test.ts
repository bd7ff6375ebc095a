import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { rolldown } from 'rolldown';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { lazyHttpClient } from './lazy-http-client.ts';

let dir = '';

beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'sluice-lazy-'));
  await writeFile(join(dir, 'package.json'), '{"type":"module"}');
  const bundle = await rolldown({
    input: { main: 'virtual-main' },
    platform: 'node',
    plugins: [entry(), lazyHttpClient()],
  });
  await bundle.write({ dir, format: 'esm', chunkFileNames: '[name].js' });
}, 60_000);

afterAll(() => rm(dir, { recursive: true, force: true }));

/** A program that asks for an OIDC token, from a file of this repository so that packages resolve. */
function entry() {
  const id = join(import.meta.dirname, 'virtual-main.js');
  return {
    name: 'entry',
    resolveId: (source: string) => (source === 'virtual-main' ? id : undefined),
    load: (wanted: string) =>
      wanted === id
        ? "import { getIDToken } from '@actions/core'; console.log(await getIDToken('argocd'));"
        : undefined,
  };
}

test('getIDToken of @actions/core works from a bundle that loads the HTTP client late', async () => {
  const server = createServer((request, response) => {
    response.setHeader('content-type', 'application/json');
    response.end(JSON.stringify({ value: `${request.headers.authorization} ${request.url}` }));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  try {
    const { stdout } = await promisify(execFile)(process.execPath, [join(dir, 'main.js')], {
      env: {
        ACTIONS_ID_TOKEN_REQUEST_TOKEN: 'request-token',
        ACTIONS_ID_TOKEN_REQUEST_URL: `http://127.0.0.1:${port}/token?v=1`,
      },
    });
    expect(stdout.trimEnd().split('\n').at(-1)).toBe('Bearer request-token /token?v=1&audience=argocd');
  } finally {
    server.close();
  }
});
