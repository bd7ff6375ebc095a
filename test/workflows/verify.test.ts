import { readFileSync } from 'node:fs';
import path from 'node:path';
import { convertWorkflowTemplate, NoOperationTraceWriter, parseWorkflow } from '@actions/workflow-parser';
import { interpolate } from '@sluice/testbed/workflows/expression';
import { callWorkflow } from '@sluice/testbed/workflows/run';
import { readWorkflow } from '@sluice/testbed/workflows/workflow-file';
import type { World } from '@sluice/testbed/workflows/world';
import { load } from 'js-yaml';
import { describe, expect, test } from 'vitest';
import { readAction } from '../../scripts/contract-table.ts';
import { called, root, usesIn, workflowOf } from './deploy-stage.ts';

const files = {
  'deploy.yml': readFileSync(path.join(root, '.github/workflows/deploy.yml'), 'utf8'),
  'verify.yml': readFileSync(path.join(root, '.github/workflows/verify.yml'), 'utf8'),
};
const workflow = called(await readWorkflow(files['verify.yml']));
const action = readAction(readFileSync(path.join(root, 'action.yml'), 'utf8'));
const page = readFileSync(path.join(root, 'docs/event-mode.md'), 'utf8');
const examples = [...page.matchAll(/```yaml\n(name: [\s\S]*?)```/g)].map(([, text = '']) => text);
const [step] = usesIn(workflow);

/** What the step of verify.yml is given by a call. */
async function given(inputs: Readonly<Record<string, string | boolean>>): Promise<Record<string, string>> {
  let seen = {};
  const world: World = {
    github: {},
    token: () => 'job-token',
    action(start) {
      seen = start.inputs;
      return { passed: true, outputs: { verdict: 'live' } };
    },
  };
  await callWorkflow(world, workflowOf('verify.yml'), { inputs });
  return seen;
}

describe('verify.yml', () => {
  test('gives the root action only inputs that it has, each of its own, and with the same defaults', () => {
    const known = new Map(action.inputs.map(({ name, default: value }) => [name, value ?? '']));
    expect(Object.keys(step?.with ?? {}).filter((name) => !known.has(name))).toEqual([]);
    const passed = Object.entries(workflow.inputs).filter(([name]) => known.has(name));
    expect(passed.map(([name, spec]) => [name, String(spec.default)])).toEqual(
      passed.map(([name]) => [name, known.get(name)]),
    );
    const unused = [...Object.keys(workflow.inputs), ...Object.keys(workflow.secrets)].filter(
      (name) => !files['verify.yml'].match(new RegExp(`\\$\\{\\{[^}]*(inputs|secrets)\\.${name}\\b`)),
    );
    expect(unused).toEqual([]);
  });

  test('looks at what an event is about, or at all where it is to sweep', async () => {
    expect(await given({})).toMatchObject({ deployment: 'verify', token: 'job-token' });
    expect(await given({ sweep: true })).toMatchObject({ deployment: 'sweep' });
  });
});

describe('the examples of docs/event-mode.md', () => {
  test('are a deploying and a verifying workflow', () => {
    expect(examples.map((text) => Object.keys(Object(load(text)).jobs))).toEqual([['deploy'], ['verify']]);
  });

  test.each(examples)('call ours as GitHub’s own parser wants it (%#)', async (content) => {
    const { context, value } = parseWorkflow({ name: 'caller.yml', content }, new NoOperationTraceWriter());
    expect(context.errors.getErrors()).toEqual([]);
    if (value === undefined) throw new Error('The example is no workflow');
    const name = content.includes('verify.yml') ? 'verify.yml' : 'deploy.yml';
    const provider = { getFileContent: async () => ({ name, content: files[name] }) };
    const options = { fetchReusableWorkflowDepth: 1 };
    expect((await convertWorkflowTemplate(context, value, provider, options)).errors).toBeUndefined();
  });

  test('queue the sweep by itself, what Argo CD says by its commit, and nobody else with either', () => {
    const verify = load(examples.find((text) => text.includes('verify.yml')) ?? '');
    const { group } = Object(verify).concurrency;
    const groupOf = (event_name: string, event: object): string =>
      interpolate(group, { github: { event_name, event, run_id: '7' } });
    expect(groupOf('schedule', {})).toBe('verify-sweep');
    expect(groupOf('status', { sha: 'abc', context: 'argocd/argocd/pay' })).toBe('verify-abc');
    expect(groupOf('check_run', { check_run: { head_sha: 'abc', name: 'argocd/x' } })).toBe('verify-abc');
    expect(groupOf('repository_dispatch', { client_payload: { report: { revision: 'abc' } } })).toBe(
      'verify-abc',
    );
    expect(groupOf('status', { sha: 'abc', context: 'ci/lint' })).toBe('verify-7');
    expect(groupOf('check_run', { check_run: { head_sha: 'abc', name: 'lint' } })).toBe('verify-7');
  });

  test('grant what the job asks for: GitHub refuses the call otherwise', () => {
    const verify = examples.find((text) => text.includes('verify.yml')) ?? '';
    expect(load(verify)).toMatchObject({ jobs: { verify: { permissions: workflow.jobs[0]?.permissions } } });
  });
});
