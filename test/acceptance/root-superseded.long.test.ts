import { testClient } from '@sluice/testbed/github/test-client';
import { expect, it } from 'vitest';
import { type Fixture, gitops, unverified, withFixture } from './root-setup.ts';

/** The Deployment that a plan has queued. */
async function planned(fixture: Fixture): Promise<string> {
  const run = await fixture.run({ ...unverified, verify: 'healthy', deployment: 'queue' });
  return run.outputs['deployment-id'] ?? '';
}

const deploymentOf = ({ github }: Fixture, id: string) => {
  const found = github.repository('acme/app').deployments.get(Number(id));
  if (found === undefined) throw new Error(`There is no Deployment ${id}`);
  return found;
};

async function supersede({ github }: Fixture, id: string): Promise<void> {
  const client = testClient(github, github.githubToken('acme/app'));
  await client.rest('POST', `/repos/acme/app/deployments/${id}/statuses`, {
    ...{ state: 'inactive', description: 'Superseded by run 99: a newer deployment.', auto_inactive: false },
  });
}

it.concurrent('a superseded deployment stops before its first write, green, with the verdict superseded', () =>
  withFixture(async (fixture) => {
    await fixture.deployed();
    const id = await planned(fixture);
    await supersede(fixture, id);
    const head = await fixture.github.head(gitops);
    const run = await fixture.run({ 'deployment-id': id });
    expect(run).toMatchObject({
      exitCode: 0,
      outputs: { verdict: 'superseded', ok: 'unknown', reason: 'gave-way' },
    });
    expect(run.summary).toContain('/actions/runs/99)');
    expect(await fixture.github.head(gitops)).toBe(head);
    expect(await fixture.ours()).toEqual([]);
    expect(deploymentOf(fixture, id).statuses.at(-1)).toMatchObject({
      state: 'inactive',
      description: 'Superseded by run 99: nothing was changed.',
    });
  }));

it.concurrent.each([{ commit: 'pull-request' }, { 'commit-method': 'git' }])('also with %j', (inputs) =>
  withFixture(async (fixture) => {
    await fixture.deployed();
    const id = await planned(fixture);
    await supersede(fixture, id);
    const run = await fixture.run({ ...inputs, 'deployment-id': id });
    expect(run).toMatchObject({ exitCode: 0, outputs: { verdict: 'superseded', reason: 'gave-way' } });
    expect(await fixture.ours()).toEqual([]);
    expect(fixture.github.repository(gitops).pulls.size).toBe(0);
  }));
