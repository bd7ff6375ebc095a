import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { cpSync, mkdirSync, writeFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { PullRequest, WorkflowRun } from '@sluice/testbed/github/types';
import { jobEnvironment } from '@sluice/testbed/runner';
import { dump, load } from 'js-yaml';
import { type ActRun, runAct } from './rig/act.ts';
import type { ImageRig } from './rig/images.ts';
import { at } from './rig/json.ts';
import { publish, published } from './rig/published.ts';
import type { Inputs, Stage } from './stage.ts';

/** A team's own repository with pull requests, whose workflows call pr.yml and pr-closed.yml as documented. */
export interface PullCaller {
  readonly name: string;
  /** Opens a pull request; its head has these files and the program that its Dockerfile copies. */
  pull(number: number, files: Inputs): Promise<PullRequest>;
  /** Runs the documented caller for an action on it; `closed` the other one. */
  run(pull: PullRequest, action: string): Promise<ActRun>;
  /** Puts the checks of the last run on GitHub, which does so by itself. */
  report(pull: PullRequest, checks: Readonly<Record<string, 'success' | 'skipped'>>): void;
}

const path = '.github/workflows/pr.yml';

export async function createPullCaller(stage: Stage, images: ImageRig, inputs: Inputs): Promise<PullCaller> {
  const { rig, github } = stage;
  const gitops = `acme/${stage.name}`;
  const name = `${gitops}-app`;
  await github.createRepository(name, { 'README.md': '# The application\n' });
  const app = github.createApp({ owner: 'acme', repositories: [gitops], permissions: { contents: 'write' } });
  const asked = { actions: 'read', checks: 'read', contents: 'read', statuses: 'read' } as const;
  const secrets = {
    GITHUB_TOKEN: github.githubToken(name, { ...asked, deployments: 'write', pull_requests: 'write' }),
    GITOPS_APP_KEY: app.privateKey,
    ARGOCD_TOKEN: rig.argocd.token,
  };
  const sluice = join(rig.folder, `${stage.name}-sluice`);
  mkdirSync(sluice);
  await publish(sluice);
  let runs = 3000;
  return {
    name,
    async pull(number, files) {
      const head = `feature/${number}`;
      const headSha = await github.commitFiles(name, head, files);
      const [baseSha, now] = [await github.head(name), Date.now()];
      const pull: PullRequest = {
        ...{ number, author: 'ann', head, base: 'main', createdAt: now, updatedAt: now, headSha, baseSha },
        ...{
          title: 'x',
          body: null,
          state: 'open',
          draft: false,
          labels: [],
          reviewers: [],
          teamReviewers: [],
        },
      };
      github.repository(name).pulls.set(number, pull);
      return pull;
    },
    report({ headSha }, checks) {
      const { checkRuns } = github.repository(name);
      const status = 'completed';
      for (const [check, conclusion] of Object.entries(checks)) {
        const id = checkRuns.length + 1;
        const said = { title: '', summary: '', text: null, at: Date.now() };
        checkRuns.push({
          ...{ id, app: 'github-actions', name: check, headSha, runId: runs, status, conclusion, ...said },
        });
      }
    },
    async run(pull, action) {
      const runId = ++runs;
      const folder = join(rig.folder, `${stage.name}-${runId}`);
      const clone = join(folder, 'clone');
      mkdirSync(folder);
      const dir = github.repository(name).dir;
      await promisify(execFile)('git', ['clone', '--quiet', '--branch', pull.head, dir, clone]);
      cpSync(images.probe, join(clone, 'probe'));
      mkdirSync(join(clone, '.github', 'workflows'), { recursive: true });
      writeFileSync(join(clone, path), await callingWorkflow(action, inputs));
      const known = knownRun(pull, runId);
      github.repository(name).runs.push(known);
      const ended = await runAct(rig.act, {
        ...{ clone, folder, secrets, workflow: path },
        event: { name: 'pull_request', payload: payloadOf(pull, action, name) },
        variables: { GITOPS_APP_ID: `${app.id}` },
        env: {
          ...jobEnvironment(github, name, { GITHUB_RUN_ID: `${runId}` }),
          GITHUB_WORKFLOW_REF: `${name}/${path}@refs/pull/${pull.number}/merge`,
          GITHUB_WORKFLOW_SHA: pull.headSha,
          ...images.env,
          SHA_REF: pull.headSha,
        },
        repositories: { [published]: sluice, ...stubs(folder) },
      });
      known.status = 'completed';
      known.conclusion = ended.exitCode === 0 ? 'success' : 'failure';
      return ended;
    },
  };
}

/** The run as GitHub knows it while it is in progress: which job called the workflow stands in the names of its jobs. */
const knownRun = ({ head, headSha }: PullRequest, id: number): WorkflowRun => ({
  ...{ id, name: 'pr', path, event: 'pull_request', headBranch: head, headSha, actor: 'ann' },
  ...{ createdAt: Date.now(), status: 'in_progress', conclusion: null },
  jobs: [{ id: id * 10, name: 'pr / built', status: 'in_progress', conclusion: null }],
});

/** act fetches what a composite action uses before it asks whether the step runs: this one does not. */
function stubs(folder: string): Inputs {
  const stub = join(folder, 'codeql');
  mkdirSync(join(stub, 'upload-sarif'), { recursive: true });
  const action = { name: 'stub', runs: { using: 'composite', steps: [{ run: 'exit 1', shell: 'bash' }] } };
  writeFileSync(join(stub, 'upload-sarif', 'action.yml'), dump(action));
  return { 'github/codeql-action@99df26d4f13ea111d4ec1a7dddef6063f76b97e9': stub };
}

function payloadOf(pull: PullRequest, action: string, name: string): object {
  const repository = { full_name: name };
  const head = { ref: pull.head, sha: pull.headSha, repo: repository };
  const base = { ref: pull.base, sha: pull.baseSha, repo: repository };
  return { action, number: pull.number, repository, pull_request: { ...pull, head, base } };
}

/** The example of docs/pull-request-checks.md with other inputs; the second one for `closed`. */
async function callingWorkflow(action: string, inputs: Inputs): Promise<string> {
  const page = await readFile(join(import.meta.dirname, '../../docs/pull-request-checks.md'), 'utf8');
  const examples = [...page.matchAll(/```yaml\n(name: [\s\S]*?)```/g)].map(([, text = '']) => load(text));
  const [workflow, job] = action === 'closed' ? [examples[1], 'closed'] : [examples[0], 'pr'];
  const call = { ...objectAt(workflow, 'jobs', job) };
  const given = { ...objectAt(call, 'with'), ...inputs };
  const known = action === 'closed' ? Object.keys(objectAt(call, 'with')) : Object.keys(given);
  call.with = Object.fromEntries(Object.entries(given).filter(([name]) => known.includes(name)));
  return dump({ ...objectAt(workflow), jobs: { [job]: call } });
}

function objectAt(value: unknown, ...place: readonly string[]): Record<string, unknown> {
  const found = place.length === 0 ? value : at(value, ...place);
  assert.ok(typeof found === 'object' && found !== null, `the page has no ${place.join('.')}`);
  return { ...found };
}
