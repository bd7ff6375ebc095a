import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { Deployment } from '@sluice/testbed/github/types';
import { jobEnvironment } from '@sluice/testbed/runner';
import { dump, load } from 'js-yaml';
import { type ActRun, runAct } from './rig/act.ts';
import { at } from './rig/json.ts';
import { publish, published } from './rig/published.ts';
import type { Inputs, Stage } from './stage.ts';

/** A team's own repository, whose workflow calls deploy.yml. */
export interface Caller {
  readonly name: string;
  /** Pushes a workflow that deploys with these inputs, and runs it. */
  ship(inputs: Inputs, runId: number): Promise<ShipRun>;
  /** The GitHub Deployments that there are, oldest first. */
  deployments(): readonly Deployment[];
}

export interface ShipRun extends ActRun {
  /** What deploy.yml put out; empty when it was red, because act then runs no further job. */
  readonly outputs: Inputs;
}

const path = '.github/workflows/ship.yml';

/** The caller of a scenario. Its GitHub App reaches the GitOps repository, and its own token what deploy.yml asks for. */
export async function createCaller(stage: Stage): Promise<Caller> {
  const { rig, github } = stage;
  const gitops = `acme/${stage.name}`;
  const name = `${gitops}-app`;
  await github.createRepository(name, { 'README.md': '# The application\n' });
  const app = github.createApp({
    owner: 'acme',
    repositories: [gitops],
    permissions: { contents: 'write' },
  });
  const secrets = {
    GITHUB_TOKEN: github.githubToken(name, { contents: 'read', deployments: 'write' }),
    GITOPS_APP_KEY: app.privateKey,
    ARGOCD_TOKEN: rig.argocd.token,
  };
  const usual: Inputs = {
    repository: gitops,
    'argocd-server': rig.argocd.url,
    timeout: '60s',
    settle: '1s',
    'degraded-grace': '3s',
  };
  return {
    name,
    async ship(inputs, runId) {
      await github.commitFiles(name, 'main', { [path]: await callingWorkflow({ ...usual, ...inputs }) });
      const folder = join(rig.folder, `${stage.name}-${runId}`);
      mkdirSync(folder);
      const [clone, sluice] = [join(folder, 'clone'), join(folder, 'sluice')];
      await promisify(execFile)('git', ['clone', '--quiet', github.repository(name).dir, clone]);
      await publish(sluice);
      const run = await runAct(rig.act, {
        ...{ clone, folder, secrets, workflow: path },
        variables: { GITOPS_APP_ID: `${app.id}` },
        env: jobEnvironment(github, name, { GITHUB_RUN_ID: `${runId}` }),
        repositories: { [published]: sluice },
      });
      return { ...run, outputs: reported(run) };
    },
    deployments: () => [...github.repository(name).deployments.values()],
  };
}

/** The example of docs/deploy.md with other inputs, and a job after it that prints what deploy.yml has put out. */
async function callingWorkflow(inputs: Inputs): Promise<string> {
  const page = await readFile(join(import.meta.dirname, '../../docs/deploy.md'), 'utf8');
  const example = load(/```yaml\n([\s\S]*?)```/.exec(page)?.[1] ?? '');
  const deploy = { ...objectAt(example, 'jobs', 'deploy') };
  const report = {
    needs: 'deploy',
    'runs-on': 'ubuntu-latest',
    env: { OUTPUTS: expression('toJSON(needs.deploy.outputs)') },
    steps: [{ run: 'echo "$OUTPUTS"' }],
  };
  deploy.with = { ...objectAt(deploy, 'with'), ...inputs };
  return dump({ name: 'ship', on: 'push', jobs: { deploy, report } });
}

const expression = (text: string): string => `$\{{ ${text} }}`;

function objectAt(value: unknown, ...path: readonly string[]): Record<string, unknown> {
  const found = at(value, ...path);
  assert.ok(typeof found === 'object' && found !== null, `docs/deploy.md has no ${path.join('.')}`);
  return { ...found };
}

function reported(run: ActRun): Inputs {
  const printed: unknown = JSON.parse(run.jobs.get('report')?.printed.join('\n') ?? '{}');
  assert.ok(typeof printed === 'object' && printed !== null, run.log);
  return Object.fromEntries(Object.entries(printed).map(([name, value]) => [name, String(value)]));
}
