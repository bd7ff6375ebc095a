import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { plainFetch } from '@sluice/core/plain-fetch';
import { expect, it, onTestFinished } from 'vitest';
import { fetchSbom } from './fetch-sbom.ts';

it('an SBOM is fetched up to a size, and no further', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'fetch-'));
  const chunk = Buffer.alloc(8_000_000, ' ');
  let [sent, asked] = [0, 0];
  const server = createServer((_, response) => {
    asked += 1;
    const write = (): void => {
      while (!response.destroyed && response.write(chunk)) sent += chunk.length;
      sent += chunk.length;
    };
    response.on('drain', write).on('error', () => {});
    write();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
    rmSync(folder, { recursive: true, force: true });
  });
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('The server has no port');
  const origin = `http://127.0.0.1:${address.port}`;
  const unused = (): never => {
    throw new Error('nothing is asked of it');
  };
  const fetched = fetchSbom(
    { url: `${origin}/repos/acme/app/releases/assets/7`, digest: `sha256:${'0'.repeat(64)}` },
    join(folder, 'sbom'),
    {
      ...{ fetch: plainFetch, signal: new AbortController().signal, serverUrl: origin, apiUrl: origin },
      clock: { now: Date.now, sleep: async () => {} },
      gitHubOf: () => ({ request: unused, graphql: unused, token: async () => 'secret' }),
    },
  );
  await expect(fetched).rejects.toThrow('it has more than 256 MB');
  expect(sent).toBeLessThan(320_000_000);
  expect(asked).toBe(1);
});
