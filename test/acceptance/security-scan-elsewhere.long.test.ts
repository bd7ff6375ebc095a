import { rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { certificate } from './argo-sync-wait-setup.ts';
import { json, recordOf, sbomOf, verdictOf } from './sbom-scan-setup.ts';
import { digestOf, withStage } from './security-scan-setup.ts';

const clean = { exitCode: 0, verdict: 'clean', ok: 'true', reason: 'nothing-found' };
const notScanned = { exitCode: 1, verdict: 'could-not-scan', ok: 'unknown', reason: 'not-scanned' };
const other = 'acme/other';
const reads = { deployments: 'read', contents: 'read' } as const;

describe('security-scan of other repositories', { timeout: 120_000 }, () => {
  it(
    'reads their Deployments and releases by an App, and writes issues at home',
    withStage(async ({ github, know, publish, deploy, scan, issues }) => {
      const app = github.createApp({ owner: 'acme', repositories: [other], permissions: reads });
      const login = { 'app-id': String(app.id), 'app-private-key': app.privateKey };
      await know(recordOf('GHSA-a', 'qs', '6.7.3'));
      deploy('ledger', { sbom: publish('v1', sbomOf('qs@6.7.0'), other), repository: other });
      deploy('payments', { sbom: publish('v1', sbomOf('ws@8.0.0')) });
      const run = await scan({ 'deployment-repositories': `acme/app\n${other}`, ...login });
      expect(json(run)).toMatchObject({
        verdict: 'vulnerable',
        deployments: [
          { repository: 'acme/app', verdict: 'clean' },
          { repository: other, verdict: 'vulnerable' },
        ],
        issues: { opened: [1] },
      });
      expect(issues()).toHaveLength(1);
      expect(github.repository(other).issues.size).toBe(0);
    }),
  );

  it(
    'is not clean, and closes nothing, where one of them cannot be read',
    withStage(async ({ know, publish, deploy, scan, issues, github }) => {
      const token = github.createToken({ permissions: reads, repositories: [other] });
      const both = { 'deployment-repositories': `acme/app\n${other}` };
      await know(recordOf('GHSA-a', 'qs', '6.7.3'));
      deploy('ledger', { sbom: publish('v1', sbomOf('qs@6.7.0'), other), repository: other });
      deploy('payments', { sbom: publish('v1', sbomOf('ws@8.0.0')) });
      expect(json(await scan({ ...both, 'deployment-token': token }))).toMatchObject({
        issues: { opened: [1] },
      });
      const run = await scan(both);
      expect(verdictOf(run)).toEqual(notScanned);
      expect(run.outputs.summary).toContain(other);
      expect(json(run).issues).toMatchObject({ closed: [], kept: [1] });
      expect(issues()).toMatchObject([{ state: 'open' }]);
    }),
  );
});

describe('security-scan of an SBOM on another server', { timeout: 120_000 }, () => {
  let server: Server;
  let origin: string;
  let file: string;
  let extra: Readonly<Record<string, string>>;
  const asked: (string | undefined)[] = [];
  const content = sbomOf('qs@6.7.0');

  beforeEach(async () => {
    asked.length = 0;
    const { key, cert } = await certificate();
    server = createServer({ key, cert }, (request, response) => {
      asked.push(request.headers.authorization);
      response.end(content);
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const address = server.address();
    if (address === null || typeof address === 'string') throw new Error('The server has no port');
    origin = `https://127.0.0.1:${address.port}`;
    file = join(tmpdir(), `authority-${address.port}.pem`);
    writeFileSync(file, cert);
    extra = { NODE_EXTRA_CA_CERTS: file };
  });
  afterEach(() => {
    server.closeAllConnections();
    server.close();
    rmSync(file);
  });

  it(
    'is sent no token, whether an address leads there or GitHub does',
    withStage(async ({ github, publish, deploy, scan }) => {
      deploy('payments', { sbom: { url: `${origin}/sbom.json`, digest: digestOf(content) } });
      expect(verdictOf(await scan({}, { env: extra }))).toEqual(clean);
      const sbom = publish('v1', content);
      Object.assign(github.repository('acme/app').releases[0]?.assets[0] ?? {}, {
        location: `${origin}/a?s=1`,
      });
      deploy('payments', { sbom });
      expect(verdictOf(await scan({}, { env: extra }))).toEqual(clean);
      expect(asked).toEqual([undefined, undefined]);
    }),
  );

  it(
    'can be scanned by itself: no Deployment is read, and no issue is written',
    withStage(async ({ github, know, scan, issues }) => {
      const sbom = `${origin}/sbom.json@${digestOf(content)}`;
      expect(verdictOf(await scan({ sbom }, { env: extra }))).toEqual(clean);
      await know(recordOf('GHSA-a', 'qs', '6.7.3'));
      const run = await scan({ sbom }, { env: extra, token: '' });
      expect(run.outputs).toMatchObject({ verdict: 'vulnerable', findings: '1', issues: '' });
      expect(run.outputs.summary).toContain('The SBOM has 1 vulnerability that counts: GHSA-a in ');
      expect(github.requests).toEqual([]);
      expect(issues()).toEqual([]);
    }),
  );
});

describe('security-scan', { timeout: 120_000 }, () => {
  it(
    'heeds the allow-list of the repository where it runs, closes what it allows, and writes nothing where it is dry',
    withStage(async ({ know, publish, deploy, put, scan, issues, comments }) => {
      await know(recordOf('GHSA-a', 'qs', '6.7.3'));
      deploy('payments', { sbom: publish('v1', sbomOf('qs@6.7.0')) });
      expect(json(await scan({ 'dry-run': 'true' }))).toMatchObject({ issues: { opened: [] } });
      expect(issues()).toEqual([]);
      await scan();
      const entry = { id: 'GHSA-a', package: 'qs', reason: 'only in tests', expires: '2999-12-31' };
      put('.github/sluice-allow.yml', JSON.stringify([entry]));
      const run = await scan();
      expect(verdictOf(run)).toEqual({ ...clean, reason: 'none-counts' });
      expect(json(run).issues).toMatchObject({ closed: [1] });
      expect(comments()).toEqual([expect.stringContaining('allowed: `only in tests`')]);
    }),
  );

  it(
    'goes by what is active: the newest of each project and tenant that ended with success, and what has begun since',
    withStage(async ({ publish, deploy, scan }) => {
      const sbom = publish('v1', sbomOf('ws@8.0.0'));
      deploy('a');
      const ids = [
        deploy('a', { sbom }),
        deploy('a', { sbom, tenant: 'eu' }),
        deploy('b', { sbom, states: ['success'] }),
      ];
      deploy('b', { states: ['in_progress'] });
      const begun = deploy('b', { sbom, states: ['in_progress', 'failure'] });
      deploy('b', { states: ['queued', 'failure'] });
      deploy('c', { states: ['success', 'inactive'] });
      deploy('d', { environment: 'staging' });
      deploy('e', { states: ['queued', 'failure'] });
      const run = await scan();
      expect(verdictOf(run)).toEqual(clean);
      const { deployments } = json(run);
      expect(deployments.map(({ id }: { id: number }) => id).toSorted()).toEqual([...ids, begun]);
      expect(run.stdout).toContain('2 projects have Deployments, none of them active: not scanned');
      expect(run.stdout).toMatch(
        /^acme\/app e in production: failure\nacme\/app c in production: inactive$/m,
      );
    }),
  );
});
