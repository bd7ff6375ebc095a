import { createServer } from 'node:http';
import { expect, describe as group, it } from 'vitest';
import { seen } from './argo-sync-wait-setup.ts';
import { folder, gitops, live, withFixture } from './root-setup.ts';

const red = { images: '', set: `${folder}/settings.yaml data.color=red` };

/** An Argo CD that calls everything Synced, as with `ignoreDifferences` over what differs. */
async function ignoring(argocd: string) {
  const server = createServer(async (request, response) => {
    const { method = 'GET', url = '/', headers } = request;
    const { authorization = '', accept = '*/*' } = headers;
    const answer = await fetch(argocd + url, { method, headers: { authorization, accept } });
    // A stream would send events past this.
    if (url.startsWith('/api/v1/stream')) {
      await answer.body?.cancel();
      response.writeHead(404).end('{}');
      return;
    }
    const body = (await answer.text()).replaceAll('"OutOfSync"', '"Synced"');
    const date = answer.headers.get('date') ?? '';
    response.writeHead(answer.status, { 'content-type': 'application/json', date }).end(body);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  const port = typeof address === 'object' ? (address?.port ?? 0) : 0;
  return {
    url: `http://127.0.0.1:${port}`,
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections();
      server.close();
    },
  };
}

group.concurrent('a field that is no image', { timeout: 120_000 }, () => {
  it('is live when the cluster holds it; a second run finds nothing to change, and verifies it all the same', () =>
    withFixture(async (fixture) => {
      await fixture.deployed();
      expect(seen(await fixture.run(red))).toEqual(live);
      await fixture.github.commitFiles(gitops, 'main', { 'README.md': 'later' });
      const again = await fixture.run(red);
      expect(seen(again)).toEqual(live);
      expect(again.outputs.changed).toBe('false');
      expect(await fixture.ours()).toHaveLength(1);
    }));

  it('is not live while the cluster holds what was before, though Argo CD ignores it and says Synced', () =>
    withFixture(async (fixture) => {
      await fixture.deployed();
      fixture.argocd.faults.neverSync('payments');
      await using argocd = await ignoring(fixture.argocd.url);
      const run = await fixture.run({ ...red, 'argocd-server': argocd.url, timeout: '10s' });
      expect(seen(run)).toMatchObject({ verdict: 'timed-out', ok: 'false' });
      expect(run.outputs.summary).toContain('data.color is "blue", not "red"');
    }));

  it('that changes nothing is not live by the image beside it', () =>
    withFixture(
      async (fixture) => {
        await fixture.deployed();
        const run = await fixture.run({ set: `${folder}/kustomization.yaml metadata.name=red` });
        expect(seen(run)).toMatchObject({ verdict: 'unknown', reason: 'no-rendered-difference' });
      },
      {
        files: {
          [`${folder}/kustomization.yaml`]:
            'metadata:\n  name: blue\nresources:\n  - deployment.yaml\n  - settings.yaml\n',
        },
      },
    ));

  it('has always been so: nothing shows that it ever made a difference, and that is said at once', () =>
    withFixture(async (fixture) => {
      await fixture.deployed();
      const run = await fixture.run({
        ...red,
        set: `${folder}/settings.yaml data.color=blue`,
        timeout: '10m',
      });
      expect(seen(run)).toEqual({ exitCode: 1, verdict: 'unknown', reason: 'always-so', ok: 'unknown' });
      expect(run.outputs.summary).toContain('no commit before the change');
    }));
});
