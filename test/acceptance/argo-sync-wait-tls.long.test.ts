import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { type RunIdentity, startRunIdentity } from '@sluice/testbed/dex/run-identity';
import { startProxy } from '@sluice/testbed/proxy';
import { afterAll, beforeAll, expect, describe as group, it } from 'vitest';
import { type Fixture, seen, startFixture } from './argo-sync-wait-setup.ts';

const files = [
  'ca.pem',
  'ca.key',
  'server.pem',
  'server.key',
  'client.pem',
  'client.key',
  'other.key',
] as const;
type Pki = Readonly<Record<(typeof files)[number], string>>;

/** A private authority, and what it has signed: a certificate of 127.0.0.1 and one of a client. */
async function createPki(dir: string): Promise<Pki> {
  const openssl = (...args: readonly string[]) => promisify(execFile)('openssl', args, { cwd: dir });
  const make = ['req', '-newkey', 'rsa:2048', '-nodes', '-days', '2'];
  await openssl(...make, '-x509', '-subj', '/CN=Private CA', '-keyout', 'ca.key', '-out', 'ca.pem');
  for (const [name, subject] of [
    ['server', '/CN=127.0.0.1'],
    ['client', '/CN=deployer'],
  ] as const) {
    const extension = name === 'server' ? ['-addext', 'subjectAltName=IP:127.0.0.1'] : [];
    const signed = [
      '-x509',
      '-CA',
      'ca.pem',
      '-CAkey',
      'ca.key',
      '-keyout',
      `${name}.key`,
      '-out',
      `${name}.pem`,
    ];
    await openssl(...make, ...signed, '-subj', subject, ...extension);
  }
  await openssl('genrsa', '-out', 'other.key', '2048');
  const texts = await Promise.all(files.map(async (name) => [name, await readFile(join(dir, name), 'utf8')]));
  return Object.fromEntries(texts);
}

group.concurrent(
  'Argo CD behind a private authority that asks for a client certificate',
  { timeout: 120_000 },
  () => {
    let dir: string;
    let pki: Pki;
    let fixture: Fixture;
    let identity: RunIdentity;
    let change: string;

    beforeAll(async () => {
      dir = await mkdtemp(join(tmpdir(), 'pki-'));
      pki = await createPki(dir);
      const tls = { cert: pki['server.pem'], key: pki['server.key'], ca: pki['ca.pem'] };
      identity = await startRunIdentity();
      fixture = await startFixture({
        tls: { ...tls, requestCert: true, rejectUnauthorized: true },
        login: { dex: { trusts: identity, rights: { actions: ['get'] } } },
      });
      await fixture.deployed();
      change = JSON.stringify(await fixture.change());
    }, 60_000);
    afterAll(async () => {
      await fixture[Symbol.asyncDispose]();
      await identity.close();
      expect(identity.violations).toEqual([]);
      await rm(dir, { recursive: true });
    });

    const run = (inputs: Readonly<Record<string, string>>) =>
      fixture.run({ change, timeout: '60s', ...inputs }, { workspace: dir, timeout: 80_000 });
    const live = { exitCode: 0, verdict: 'live', reason: 'proven', ok: 'true' };
    const unknown = { exitCode: 1, verdict: 'unknown', ok: 'unknown' };
    const texts = () => ({
      'argocd-ca': pki['ca.pem'],
      'argocd-client-certificate': pki['client.pem'],
      'argocd-client-key': pki['client.key'],
    });

    it('is reached with PEM texts, and the key is in no line of the log', async () => {
      const result = await run(texts());
      expect(seen(result)).toEqual(live);
      const [, secret = ''] = pki['client.key'].split('\n');
      expect(result.log.replace(/^::add-mask::.*$/gm, '')).not.toContain(secret);
    });

    it('is reached with files of the workspace', async () => {
      const result = await run({
        'argocd-ca': 'ca.pem',
        'argocd-client-certificate': './client.pem',
        'argocd-client-key': join(dir, 'client.key'),
      });
      expect(seen(result)).toEqual(live);
    });

    it('is reached without its authority only when nothing of it is checked, and that is a warning', async () => {
      const { 'argocd-ca': _, ...client } = texts();
      const strict = await run(client);
      expect(seen(strict)).toEqual({ ...unknown, reason: 'argocd-certificate' });
      expect(strict.outputs.summary).toContain('is not trusted');
      const insecure = await run({ ...client, 'argocd-insecure': 'true' });
      expect(seen(insecure)).toEqual(live);
      expect(insecure.annotations).toContainEqual(
        expect.objectContaining({ level: 'warning', message: expect.stringContaining('argocd-insecure') }),
      );
      expect(insecure.summary).toMatch(/^.*live.*\n\n> \[!CAUTION\]\n> The certificate of .* is not checked/);
    });

    it('is logged in to by the identity of the run, by the same certificates and through the proxy of the runner', async () => {
      const proxy = await startProxy();
      try {
        const env = { ...identity.env, https_proxy: proxy.url };
        const run = await fixture.run(
          { change, timeout: '60s', ...texts(), 'argocd-token': '', 'argocd-oidc': 'true' },
          { workspace: dir, env, timeout: 80_000 },
        );
        expect(seen(run)).toEqual(live);
        expect(fixture.argocd.logins.tokens).toHaveLength(1);
        expect(new Set(proxy.asked)).toEqual(new Set([new URL(fixture.argocd.url).host]));
      } finally {
        proxy.close();
      }
    });

    it('refuses who brings no certificate: one sentence that names the input', async () => {
      const result = await run({ 'argocd-ca': pki['ca.pem'], timeout: '2s' });
      expect(seen(result)).toEqual({ ...unknown, reason: 'argocd-unreachable' });
      expect(result.log).toContain('argocd-client-certificate');
    });

    it.each([
      ['a certificate without its key', () => ({ ...texts(), 'argocd-client-key': '' }), /argocd-client-key/],
      [
        'a key of another certificate',
        () => ({ ...texts(), 'argocd-client-key': pki['other.key'] }),
        /do not fit/,
      ],
      [
        'a file that is not there',
        () => ({ ...texts(), 'argocd-ca': 'missing.pem' }),
        /argocd-ca: neither PEM/,
      ],
    ])('%s is a wrong input', async (_, inputs, message) => {
      const result = await run(inputs());
      expect(seen(result)).toEqual({ ...unknown, reason: 'invalid-input' });
      expect(result.outputs.summary).toMatch(message);
    });

    it('text that only looks like a certificate is a wrong input', async () => {
      const broken = '-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n';
      await writeFile(join(dir, 'broken.pem'), broken);
      for (const ca of [broken, 'broken.pem']) {
        const result = await run({ ...texts(), 'argocd-ca': ca });
        expect(seen(result)).toEqual({ ...unknown, reason: 'invalid-input' });
      }
    });
  },
);
