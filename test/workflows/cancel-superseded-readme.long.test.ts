import { readFileSync } from 'node:fs';
import path from 'node:path';
import { jobEnvironment, runBundle } from '@sluice/testbed/runner';
import { runWorkflow } from '@sluice/testbed/workflows/run';
import type { WorkflowRun } from '@sluice/testbed/workflows/world';
import { expect, test, vi } from 'vitest';
import { supersedeBundle } from '../acceptance/cancel-superseded-setup.ts';
import { action, type Fixture, gitops, payments, withFixture } from '../acceptance/root-setup.ts';
import { asStandIn, deployments, results, root, states } from './deploy-stage.ts';

vi.setConfig({ testTimeout: 300_000 });

const app = 'acme/app';
const built = process.env.SLUICE_BUNDLES;
const page = readFileSync(path.join(root, 'actions/cancel-superseded/README.md'), 'utf8');
const [example = ''] = [...page.matchAll(/```yaml\n([\s\S]*?)```/g)].map(([, text = '']) => text);

/** Runs the workflow of the README, with the project, the GitOps repository and the Argo CD of the stand-ins in place of those that it names. */
async function release(
  { github, argocd, argocdToken }: Fixture,
  id: number,
  gate: () => Promise<'approved' | 'cancelled'>,
): Promise<WorkflowRun> {
  const { project, environment, path: folder, images } = payments;
  const token = github.createToken({
    permissions: { contents: 'write', pull_requests: 'write' },
    repositories: [gitops],
  });
  const put: Readonly<Record<string, string>> = {
    ...{ project, environment, images, token, path: folder, repository: gitops },
    ...{ 'argocd-server': argocd.url, 'argocd-token': argocdToken, 'app-id': '', 'app-private-key': '' },
    ...{ 'pull-request-app-id': '', 'pull-request-app-private-key': '' },
  };
  const world = {
    github: { ref_name: 'v1.4.2' },
    vars: { GITOPS_APP_ID: '1' },
    secrets: { GITOPS_APP_KEY: 'key', ARGOCD_TOKEN: argocdToken },
    gate,
    token: (asked: Parameters<typeof asStandIn>[0]) => github.githubToken(app, asStandIn(asked)),
    async action(start: {
      readonly uses: string;
      readonly inputs: Readonly<Record<string, string>>;
      readonly token: string;
    }) {
      const isCancel = start.uses === 'sluice-delivery/sluice/actions/cancel-superseded@v1';
      expect(isCancel ? '' : start.uses).toBe(isCancel ? '' : 'sluice-delivery/sluice@v1');
      const own = Object.keys(put).filter((name) => name in start.inputs || (name === 'token' && !isCancel));
      const inputs = { ...start.inputs, ...Object.fromEntries(own.map((name) => [name, put[name] ?? ''])) };
      const env = jobEnvironment(github, app, {
        GITHUB_RUN_ID: String(id),
        GITHUB_SHA: await github.head(app),
      });
      const given = { inputs, token: start.token, env };
      const bundle = built === undefined ? {} : { bundle: path.join(built, 'root.js') };
      const run = await runBundle(
        isCancel ? { ...supersedeBundle, ...given } : { action, ...bundle, ...given },
      );
      return { passed: run.exitCode === 0, outputs: run.outputs };
    },
  };
  const repository = { name: app, ref: 'main', folder: root, files: { 'release.yml': example } };
  return runWorkflow(world, { repository, path: 'release.yml' });
}

test('the workflow of the README: the newer run cancels the older one that waits for its approval, and deploys', () =>
  withFixture(async (stage) => {
    await stage.deployed();
    const { runs } = stage.github.repository(app);
    for (const id of [1001, 1002]) {
      runs.push({
        ...{ id, name: 'release', path: '.github/workflows/release.yml', event: 'push', headBranch: 'v1' },
        ...{ headSha: 'a'.repeat(40), actor: 'alice', createdAt: 0, status: 'in_progress', conclusion: null },
      });
    }
    const older = await release(stage, 1001, async () => {
      const [first] = runs;
      if (first !== undefined) first.status = 'waiting';
      const newer = await release(stage, 1002, async () => 'approved');
      expect(results(newer)).toEqual({ plan: 'success', apply: 'success' });
      return first?.conclusion === 'cancelled' ? 'cancelled' : 'approved';
    });
    expect(results(older)).toEqual({ plan: 'success', apply: 'cancelled' });
    expect(deployments(stage).map((one) => states(one).at(-1))).toEqual(['inactive', 'success']);
  }));
