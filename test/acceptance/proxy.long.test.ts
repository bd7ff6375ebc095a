import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { startProxy, startTlsFront } from '@sluice/testbed/proxy';
import type { RunOptions } from '@sluice/testbed/runner';
import { describe, expect, it } from 'vitest';
import { seen } from './argo-sync-wait-setup.ts';
import { type Fixture, gitops, live, startFixture } from './root-setup.ts';

const file = (name: string) =>
  fileURLToPath(new URL(`../../packages/core/fixtures/${name}.pem`, import.meta.url));
const pem = (name: string) => readFileSync(file(name), 'utf8');
const server = { cert: pem('server'), key: pem('server.key') };

interface Site extends AsyncDisposable {
  readonly fixture: Fixture;
  /** Who came to GitHub: `git`, `sluice`. */
  readonly clients: ReadonlySet<string>;
  /** Where both servers really listen. */
  readonly direct: Ports;
  run(at: Ports, env: Record<string, string>, inputs?: Record<string, string>): ReturnType<Fixture['run']>;
}

interface Ports {
  readonly github: number;
  readonly argocd: number;
}

/** Nobody listens at these (above the ports that Linux hands out): what arrives came through the proxy. */
const outside: Ports = { github: 61_001, argocd: 61_002 };

/** GitHub and Argo CD behind certificates of a private authority; Argo CD wants one of the client as well. */
async function startSite(): Promise<Site> {
  const fixture = await startFixture({
    tls: { ...server, ca: pem('authority'), requestCert: true, rejectUnauthorized: true },
  });
  const front = await startTlsFront(fixture.github.url, server);
  return {
    fixture,
    clients: front.clients,
    direct: { github: front.port, argocd: Number(new URL(fixture.argocd.url).port) },
    async run(at, env, inputs = {}) {
      const url = `https://localhost:${at.github}`;
      await fixture.deployed({ repoURL: `${url}/${gitops}.git` });
      const options: Partial<RunOptions> = {
        env: {
          GITHUB_SERVER_URL: url,
          GITHUB_API_URL: `${url}/api/v3`,
          GITHUB_GRAPHQL_URL: `${url}/api/graphql`,
          ...env,
        },
      };
      return fixture.run(
        {
          'argocd-server': `https://localhost:${at.argocd}`,
          'argocd-ca': file('authority'),
          'argocd-client-certificate': pem('client'),
          'argocd-client-key': pem('client.key'),
          applications: 'payments',
          ...inputs,
        },
        options,
      );
    },
    async [Symbol.asyncDispose]() {
      front.close();
      await fixture[Symbol.asyncDispose]();
    },
  };
}

async function deploymentOf(fixture: Fixture): Promise<string> {
  const queued = await fixture.run({ deployment: 'queue' });
  return queued.outputs['deployment-id'] ?? '';
}

const trust = { NODE_EXTRA_CA_CERTS: file('authority') };

describe.concurrent('the one step in the network of a company', { timeout: 60_000 }, () => {
  it('goes through the proxy alone: API, Git and Argo CD, each behind a private authority', async () => {
    await using site = await startSite();
    const routes = { 'localhost:61001': site.direct.github, 'localhost:61002': site.direct.argocd };
    const proxy = await startProxy({ routes, login: 'build:p@ss word' });
    const deployment = await deploymentOf(site.fixture);
    const inputs = { 'deployment-id': deployment };
    const run = await site.run(outside, { ...trust, HTTPS_PROXY: proxy.url }, inputs);
    proxy.close();
    expect(seen(run)).toEqual(live);
    expect([...site.clients].sort()).toEqual(['git', 'sluice']);
    expect([...new Set(proxy.asked)].sort()).toEqual(['localhost:61001', 'localhost:61002']);
    expect(run.log).not.toContain('p@ss word');
  });

  it('reaches directly what NO_PROXY names', async () => {
    await using site = await startSite();
    const proxy = await startProxy();
    const env = { ...trust, HTTPS_PROXY: proxy.url, NO_PROXY: 'internal.example,localhost' };
    const run = await site.run(site.direct, env, { verify: 'committed' });
    proxy.close();
    expect(run.outputs).toMatchObject({ verdict: 'committed', ok: 'true' });
    expect(proxy.asked).toEqual([]);
  });

  it.each([
    ['an authority that it was not told of', 'none', 'untrusted-certificate', /NODE_EXTRA_CA_CERTS/],
    ['a proxy that wants a password', 'login', 'proxy-refused', /HTTPS_PROXY/],
    ['a proxy that is not there', 'absent', 'git-unreachable', /proxy/],
  ] as const)('%s: one sentence, and nothing is written', async (_what, kind, reason, says) => {
    await using site = await startSite();
    const proxy = await startProxy({ login: 'build:secret-word' });
    const url = kind === 'login' ? proxy.url.replace('secret-word', 'other-word') : 'http://127.0.0.1:9';
    const run = await site.run(site.direct, kind === 'none' ? {} : { ...trust, HTTPS_PROXY: url });
    proxy.close();
    expect(run.outputs).toMatchObject({ verdict: 'unknown', reason });
    const errors = run.annotations.filter(({ level }) => level === 'error');
    expect(errors.map(({ message }) => message)).toEqual([expect.stringMatching(says)]);
    expect(run.log).not.toContain('other-word');
    expect(await site.fixture.ours()).toEqual([]);
  });
});
