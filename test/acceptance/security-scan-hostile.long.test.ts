import { describe, expect, it } from 'vitest';
import { json, recordOf, sbomOf, verdictOf } from './sbom-scan-setup.ts';
import { digestOf, withStage } from './security-scan-setup.ts';

const record = (id: string, name: string, more: object = {}) => recordOf(id, name, '9.0.0', more);
const couldNot = { exitCode: 1, verdict: 'could-not-scan', ok: 'unknown' };

describe('security-scan', { timeout: 120_000 }, () => {
  it(
    'reads nothing that has another digest than the Deployment says, and closes nothing for it',
    withStage(async ({ know, publish, deploy, scan, issues, github }) => {
      await know(record('GHSA-a', 'qs'));
      const sbom = publish('v1', sbomOf('qs@6.7.0'));
      deploy('payments', { sbom });
      await scan();
      const [release] = github.repository('acme/app').releases;
      const [asset] = release?.assets ?? [];
      Object.assign(asset ?? {}, { content: Buffer.from(sbomOf('ws@8.0.0')) });
      const run = await scan();
      expect(verdictOf(run)).toEqual({ ...couldNot, reason: 'not-scanned' });
      expect(run.outputs.summary).toContain(digestOf(sbomOf('ws@8.0.0')));
      expect(json(run).issues).toMatchObject({ closed: [], kept: [1] });
      expect(issues()).toMatchObject([{ state: 'open' }]);
    }),
  );

  it.each([
    ['an address without https', 'http://127.0.0.1:9/sbom.json', /no https:\/\/ address/],
    ['a file of this machine', 'file:///etc/passwd', /its address is no https:\/\/ URL/],
    ['an address with a login', 'https://a:b@127.0.0.1/x', /its address holds a login/],
    ['GitHub’s own page over http', 'http://GITHUB/acme/app/raw/main/sbom.json', /no https:\/\/ address/],
    [
      'a release that is not there',
      'http://GITHUB/acme/app/releases/download/v9/sbom.cdx.json',
      /was not found/,
    ],
    [
      'another file of a release',
      'http://GITHUB/acme/app/releases/download/v1/other.json',
      /has no file other\.json/,
    ],
  ])('fetches nothing from %s', (_, url, message) =>
    withStage(async ({ deploy, publish, scan, github }) => {
      publish('v1', sbomOf('qs@6.7.0'));
      const { host } = new URL(github.url);
      deploy('payments', { sbom: { url: url.replace('GITHUB', host), digest: digestOf('') } });
      const run = await scan();
      expect(run.outputs).toMatchObject({ verdict: 'could-not-scan', issues: '' });
      expect(run.outputs.summary).toMatch(message);
    })());

  it(
    'closes and opens nothing of what OSV did not answer for',
    withStage(async ({ know, publish, deploy, scan, osv, issues }) => {
      await know(record('GHSA-a', 'qs'));
      deploy('payments', { sbom: publish('v1', sbomOf('qs@6.7.0')) });
      await scan();
      osv().lies.batch = ({ results }) => ({ results: results.slice(1) });
      const run = await scan();
      expect(verdictOf(run)).toEqual({ ...couldNot, reason: 'not-scanned' });
      expect(issues()).toMatchObject([{ state: 'open' }]);
    }),
  );

  it(
    'writes nothing of others into an issue that GitHub would act on',
    withStage(async ({ know, publish, deploy, scan, issues }) => {
      // What npm has in names, at the most: others are asked for nowhere.
      const name = "*_b_*(x)!~'--";
      const summary =
        '@alice <img src=x> fixes #1 acme/other#2 --> <!-- /sluice:security-scan -->\n::error::x';
      await know(record('GHSA-a', name, { summary, aliases: ['--><b>', 'x<!--'] }));
      deploy('pay`ments|x', { sbom: publish('v1', sbomOf(`${name}@6.7.0`)) });
      const run = await scan();
      expect(json(run).issues).toMatchObject({ opened: [1] });
      expect(run.stdout).not.toMatch(/^::error::x/m);
      const body = issues()[0]?.body ?? '';
      expect(body.match(/<!--/g)).toHaveLength(2);
      const outsideOfCode = body.replace(/(`+).*?\1/g, '');
      expect(outsideOfCode.match(/-->/g)).toHaveLength(2);
      expect(outsideOfCode).not.toMatch(/@(alice|bob)|<img|<b>|#\d/);
      const again = await scan();
      expect(json(again).issues).toMatchObject({ opened: [], updated: [], closed: [] });
    }),
  );

  it(
    'opens the worst first, no more than it may, counts the rest, and goes on the next time',
    withStage(async ({ know, publish, deploy, scan, issues }) => {
      const names = Array.from({ length: 5 }, (_, at) => `p${at}`);
      await know(...names.map((name, at) => record(`GHSA-${at}`, name)));
      deploy('payments', { sbom: publish('v1', sbomOf(...names.map((name) => `${name}@1.0.0`))) });
      const run = await scan({ 'max-issues': '3' });
      expect(json(run).issues).toMatchObject({ opened: [1, 2, 3], left: 2 });
      expect(run.summary).toContain('2 more without an issue');
      expect(json(await scan({ 'max-issues': '3' })).issues).toMatchObject({ opened: [4, 5], left: 0 });
      expect(issues()).toHaveLength(5);
    }),
  );

  it(
    'keeps one issue for an advisory that gets another name, and for all that has it',
    withStage(async ({ know, publish, deploy, scan, issues }) => {
      await know(record('GHSA-a', 'qs'));
      for (const tenant of ['eu', 'us'])
        deploy('payments', { sbom: publish(tenant, sbomOf('qs@6.7.0')), tenant });
      await scan();
      await know(record('CVE-2026-1', 'qs', { aliases: ['GHSA-a'] }));
      const run = await scan();
      expect(json(run).issues).toMatchObject({ opened: [], updated: [1] });
      expect(issues()).toHaveLength(1);
      expect(issues()[0]?.body).toMatch(/for eu.*\n.*for us/);
    }),
  );

  it(
    'opens no second issue where two runs look at once',
    withStage(async ({ know, publish, deploy, scan, issues, github }) => {
      await know(record('GHSA-a', 'qs'));
      deploy('payments', { sbom: publish('v1', sbomOf('qs@6.7.0')) });
      // The first list is answered before the other run has opened anything.
      let other: Promise<unknown> | undefined;
      github.faults.push({
        path: /issues\?.*since=/,
        async run() {
          other ??= scan();
          await other;
        },
      });
      const run = await scan();
      expect(other).toBeDefined();
      expect(json(run).issues).toMatchObject({ opened: [] });
      expect(issues()).toHaveLength(1);
    }),
  );

  it(
    'says that no issue was written where the token may not, and keeps its verdict',
    withStage(async ({ know, publish, deploy, scan, github }) => {
      await know(record('GHSA-a', 'qs'));
      deploy('payments', { sbom: publish('v1', sbomOf('qs@6.7.0')) });
      const token = github.githubToken('acme/app', { deployments: 'read', contents: 'read', issues: 'read' });
      const run = await scan({}, { token });
      expect(run.outputs).toMatchObject({ verdict: 'vulnerable', issues: '' });
      expect(json(run).issues.failed).toContain('issues: write');
      expect(run.summary).toContain('could not be brought up to date');
    }),
  );
});
