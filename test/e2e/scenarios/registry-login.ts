import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer, request } from 'node:http';
import { join } from 'node:path';
import { runBundle } from '@sluice/testbed/runner';
import { startImages } from '../rig/images.ts';
import type { Scenario } from '../run-scenarios.ts';

const action = join(import.meta.dirname, '..', '..', '..', 'actions', 'build-gate', 'run');
/** Another build than the committed one: the folder of its bundles. */
const built = process.env.SLUICE_BUNDLES;
const bundle = built === undefined ? {} : { bundle: join(built, 'build-gate.js') };
const dockerfile = 'FROM scratch\nCOPY probe /probe\nENTRYPOINT ["/probe"]\n';

/** What stands before a registry and lets through who logs in with `me:pass:word`; its address. */
async function guard(registry: string) {
  const [host, port] = registry.split(':');
  const wanted = `Basic ${Buffer.from('me:pass:word').toString('base64')}`;
  const server = createServer((asked, answer) => {
    if (asked.headers.authorization !== wanted) {
      answer.writeHead(401, { 'www-authenticate': 'Basic realm="registry"' }).end();
      return;
    }
    const { method, url: path, headers } = asked;
    const behind = request({ host, port, method, path, headers }, (got) => {
      answer.writeHead(got.statusCode ?? 502, got.headers);
      got.pipe(answer);
    });
    asked.pipe(behind);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  assert.ok(typeof address === 'object' && address !== null);
  return {
    address: `127.0.0.1:${address.port}`,
    [Symbol.dispose]() {
      server.closeAllConnections();
      server.close();
    },
  };
}

/** A registry that wants a login, and a builder that has it from build-gate alone. */
export const logins: readonly Scenario<unknown>[] = [
  {
    title:
      'build-gate: buildah pushes with the login of registry-credentials, and without it, or with a wrong one, does not',
    async run() {
      await using images = await startImages();
      using guarded = await guard(images.registry);
      const registry = guarded.address;
      const workspace = await images.workspace({ Dockerfile: dockerfile });
      const push = (credentials: string) =>
        runBundle({
          ...{ action, workspace, ...bundle },
          inputs: {
            ...{ builder: 'buildah', scan: 'false', 'push-to': `${registry}/team/shop` },
            'registry-credentials': credentials,
          },
          event: { pull_request: { number: 12, head: { sha: 'a'.repeat(40) } } },
          env: images.env,
          timeout: 200_000,
        });
      for (const credentials of ['', `${registry}=me:wrong`]) {
        const { outputs, log } = await push(credentials);
        assert.deepEqual([outputs.verdict, outputs.reason], ['could-not-tell', 'not-pushed'], log);
        assert.deepEqual(await images.tags('team/shop'), []);
      }
      const { outputs, log } = await push(`${registry}=me:pass:word`);
      assert.deepEqual([outputs.verdict, outputs.reason], ['passed', 'all-passed'], log);
      assert.deepEqual(await images.tags('team/shop'), [`pr-12-${'a'.repeat(40)}`]);
      const shown = log.split('\n').filter((line) => !line.startsWith('::add-mask::'));
      assert.ok(!shown.join('\n').includes('pass:word'), log);
    },
  },
];
