import { describe, expect, it } from 'vitest';
import { json, recordOf, sbomOf, verdictOf } from './sbom-scan-setup.ts';
import { app, withStage } from './security-scan-setup.ts';

const bad = recordOf('GHSA-a', 'qs', '6.7.3');

describe('security-scan and issues of others', { timeout: 60_000 }, () => {
  it(
    'leaves an issue with a copied mark alone, takes it for none of ours, and says so',
    withStage(async ({ github, know, publish, deploy, scan, issues, comments }) => {
      await know(bad);
      deploy('payments', { sbom: publish('v1', sbomOf('qs@6.7.0')) });
      await scan();
      const { body } = issues()[0] ?? {};
      const labels = ['sluice-security'];
      github.repository(app).issues.clear();
      github.repository(app).issues.set(77, {
        ...{ number: 77, author: 'mallory', createdAt: Date.now(), updatedAt: Date.now(), labels },
        ...{ title: 'Mine', body: body ?? '', state: 'open', stateReason: null },
      });
      const run = await scan();
      expect(json(run).issues).toMatchObject({ opened: [2], updated: [], closed: [] });
      expect(run.annotations.map(({ message }) => message)).toContainEqual(
        'Left alone, because they are not by github-actions[bot], as which the token writes: #77. Where another token has opened them, close them by hand.',
      );
      // Our own is found from now on: there is no third one.
      expect(json(await scan()).issues).toMatchObject({ opened: [], closed: [] });
      deploy('payments', { sbom: publish('v2', sbomOf('qs@6.7.3')) });
      expect(json(await scan()).issues).toMatchObject({ closed: [2] });
      expect(issues()).toMatchObject([{ author: 'mallory', state: 'open', body }, { state: 'closed' }]);
      expect(comments()).toHaveLength(1);
    }),
  );
});

it(
  'security-scan closes the issue of a package that was removed, though something else cannot be looked up',
  withStage(async ({ know, publish, deploy, scan }) => {
    await know(bad);
    deploy('payments', { sbom: publish('v1', sbomOf('qs@6.7.0', { name: 'busybox' })) });
    expect(json(await scan()).issues).toMatchObject({ opened: [1] });
    deploy('payments', { sbom: publish('v2', sbomOf('ws@8.0.0', { name: 'busybox' })) });
    const run = await scan();
    expect(verdictOf(run)).toMatchObject({ verdict: 'clean' });
    expect(json(run).issues).toMatchObject({ closed: [1], kept: [] });
  }),
  60_000,
);

describe('security-scan of several Deployments', { timeout: 60_000 }, () => {
  it(
    'asks for what they have in common once',
    withStage(async ({ know, publish, deploy, scan, osv }) => {
      await know(bad);
      deploy('payments', { sbom: publish('v1', sbomOf('qs@6.7.0', 'ws@8.0.0')) });
      deploy('ledger', { sbom: publish('v2', sbomOf('qs@6.7.0')) });
      const run = await scan();
      expect(json(run)).toMatchObject({
        deployments: [{ verdict: 'vulnerable' }, { verdict: 'vulnerable' }],
        findings: [{ where: ['ledger in production', 'payments in production'] }],
      });
      // In the first batch, and no package in two.
      expect(osv().batches).toHaveLength(1);
    }),
  );

  it(
    'leaves the others their verdict where the database cannot answer for one',
    withStage(async ({ publish, deploy, scan, put }) => {
      put('osv.json', JSON.stringify(bad));
      const gem = { name: 'rack', version: '2.0.0', purl: 'pkg:gem/rack@2.0.0' };
      for (const name of ['a', 'b', 'c'])
        deploy(name, {
          sbom: publish(name, name === 'b' ? sbomOf(gem) : sbomOf('qs@6.7.0', `${name}@1.0.0`)),
        });
      const run = await scan({ source: 'database', database: 'osv.json', 'osv-url': '' });
      expect(verdictOf(run)).toMatchObject({ verdict: 'vulnerable' });
      expect(json(run).deployments).toMatchObject([
        { project: 'b', verdict: 'could-not-scan', sentence: expect.stringContaining('RubyGems') },
        { project: 'c', verdict: 'vulnerable' },
        { project: 'a', verdict: 'vulnerable' },
      ]);
    }),
  );
});
