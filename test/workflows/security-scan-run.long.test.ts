import { jobEnvironment, runBundle } from '@sluice/testbed/runner';
import { callWorkflow } from '@sluice/testbed/workflows/run';
import type { WorkflowRun, World } from '@sluice/testbed/workflows/world';
import { describe, expect, test } from 'vitest';
import { withFixture } from '../acceptance/root-setup.ts';
import { recordOf, sbomOf } from '../acceptance/sbom-scan-setup.ts';
import { openStage, type Stage, securityBundle } from '../acceptance/security-scan-setup.ts';
import { asStandIn, deployments, results, ship, states, workflowOf } from './deploy-stage.ts';

const app = 'acme/app';

/** Calls security-scan.yml from `acme/app`; its token may do what the job asks for, and no more. */
async function daily({ osv }: Stage, github: Stage['github']): Promise<WorkflowRun> {
  const world: World = {
    github: {},
    token: (asked) => github.githubToken(app, asStandIn(asked)),
    async action({ uses, inputs, token }) {
      if (uses.startsWith('actions/checkout@')) return { passed: true };
      if (uses !== '$/actions/security-scan') throw new Error(`${uses} is not ours`);
      const run = await runBundle({ ...securityBundle, inputs, token, env: jobEnvironment(github, app) });
      return { passed: run.exitCode === 0, outputs: run.outputs };
    },
  };
  return callWorkflow(world, workflowOf('security-scan.yml'), { inputs: { 'osv-url': osv().url } });
}

describe.concurrent('deploy.yml with an SBOM, and security-scan.yml', { timeout: 120_000 }, () => {
  test('what a deployment names is what is scanned the day after', () =>
    withFixture(async (stage) => {
      const osv = await openStage(stage.github);
      try {
        await stage.deployed();
        const { url, digest } = osv.publish('v1', sbomOf('qs@6.7.0'));
        const inputs = { sbom: `${url}@${digest}`, scan: true, 'osv-url': osv.osv().url };
        expect(await ship(stage, { inputs })).toMatchObject({
          result: 'success',
          outputs: { verdict: 'live' },
        });
        expect(deployments(stage)[0]).toMatchObject({ payload: { sbom: { url, digest } } });
        expect(await daily(osv, stage.github)).toMatchObject({
          result: 'success',
          outputs: { verdict: 'clean', ok: 'true', issues: '' },
        });
        await osv.know(recordOf('GHSA-a', 'qs', '6.7.3'));
        expect(await daily(osv, stage.github)).toMatchObject({
          result: 'failure',
          outputs: { verdict: 'vulnerable', ok: 'false', issues: '1' },
        });
        stage.github.expectNoViolations();
      } finally {
        await osv.close();
      }
    }));

  test('what is vulnerable is not planned: nobody is asked, there is no Deployment, and no issue', () =>
    withFixture(async (stage) => {
      const osv = await openStage(stage.github);
      try {
        await osv.know(recordOf('GHSA-a', 'qs', '6.7.3'));
        const { url, digest } = osv.publish('v1', sbomOf('qs@6.7.0'));
        const gate = () => Promise.reject(new Error('nobody is asked'));
        const inputs = { sbom: `${url}@${digest}`, scan: true, 'osv-url': osv.osv().url };
        const run = await ship(stage, { inputs, gate });
        expect(results(run)).toEqual({ plan: 'failure', apply: 'skipped', close: 'skipped' });
        expect(deployments(stage).map(states)).toEqual([]);
        expect(osv.issues()).toEqual([]);
      } finally {
        await osv.close();
      }
    }));

  test.each([
    ['no SBOM', {}],
    ['an output that did not arrive', { sbom: '\n' }],
    ['two that did not', { sbom: '@sha256:' }],
  ])('a scan with %s fails the plan, also where what is deployed already is clean', (_, given) =>
    withFixture(async (stage) => {
      const osv = await openStage(stage.github);
      try {
        osv.deploy('ledger', { sbom: osv.publish('v1', sbomOf('ws@8.0.0')) });
        const gate = () => Promise.reject(new Error('nobody is asked'));
        const run = await ship(stage, { inputs: { ...given, scan: true, 'osv-url': osv.osv().url }, gate });
        expect(results(run)).toEqual({ plan: 'failure', apply: 'skipped', close: 'skipped' });
        expect(deployments(stage)).toHaveLength(1);
        expect(osv.issues()).toEqual([]);
      } finally {
        await osv.close();
      }
    }));
});
