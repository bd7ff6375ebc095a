import { readFileSync } from 'node:fs';
import path from 'node:path';
import { convertWorkflowTemplate, NoOperationTraceWriter, parseWorkflow } from '@actions/workflow-parser';
import { expressionsIn } from '@sluice/testbed/workflows/expression';
import { textOf } from '@sluice/testbed/workflows/repository';
import { callWorkflow } from '@sluice/testbed/workflows/run';
import { readWorkflow } from '@sluice/testbed/workflows/workflow-file';
import { load } from 'js-yaml';
import { describe, expect, test } from 'vitest';
import { readAction } from '../../scripts/contract-table.ts';
import { called, root, usesIn, workflowOf } from './deploy-stage.ts';

const text = textOf(workflowOf('deploy.yml'));
const workflow = called(await readWorkflow(text));
const action = readAction(readFileSync(path.join(root, 'action.yml'), 'utf8'));
const page = readFileSync(path.join(root, 'docs/deploy.md'), 'utf8');
const example = /```yaml\n([\s\S]*?)```/.exec(page)?.[1] ?? '';
const all = usesIn(workflow);
const steps = all.filter(({ uses }) => uses === '$/');
const scan = all.find(({ uses }) => uses === '$/actions/security-scan');
const cancels = all.find(({ uses }) => uses === '$/actions/cancel-superseded');
const canceller = readAction(readFileSync(path.join(root, 'actions/cancel-superseded/action.yml'), 'utf8'));
const scanner = readAction(readFileSync(path.join(root, 'actions/security-scan/action.yml'), 'utf8'));

/** Every `inputs.x`, `needs.x.outputs.y` … of the file. */
function referencesIn(content: string): readonly string[] {
  return expressionsIn(content).flatMap(
    (one) => one.match(/\b(inputs|secrets|needs|steps|jobs)\.[\w.-]+/g) ?? [],
  );
}

function declaredBy({ inputs, secrets, jobs }: typeof workflow): readonly string[] {
  return [
    ...Object.keys(inputs).map((name) => `inputs.${name}`),
    ...Object.keys(secrets).map((name) => `secrets.${name}`),
    ...jobs.flatMap(({ id, outputs }) =>
      Object.keys(outputs).flatMap((name) => [`needs.${id}.outputs.${name}`, `jobs.${id}.outputs.${name}`]),
    ),
    ...jobs.flatMap((job) =>
      job.steps.flatMap(({ id }) => action.outputs.map(({ name }) => `steps.${id}.outputs.${name}`)),
    ),
  ];
}

describe('deploy.yml', () => {
  test('names in its expressions only what exists, and every input and secret somewhere', () => {
    const [named, declared] = [referencesIn(text), declaredBy(workflow)];
    expect(named.filter((one) => !declared.includes(one))).toEqual([]);
    const own = declared.filter((one) => /^(inputs|secrets)\./.test(one));
    expect(own.filter((one) => !named.includes(one))).toEqual([]);
  });

  test('gives the root action only inputs that it has', () => {
    const known = action.inputs.map(({ name }) => name);
    expect(steps.flatMap((step) => Object.keys(step.with)).filter((name) => !known.includes(name))).toEqual(
      [],
    );
  });

  test('has the defaults of the root action, where it passes an input on', () => {
    const passed = action.inputs.filter(({ name }) => workflow.inputs[name]?.required === false);
    expect(passed.length).toBeGreaterThan(15);
    expect(passed.map(({ name }) => [name, String(workflow.inputs[name]?.default)])).toEqual(
      passed.map(({ name, default: value }) => [name, value ?? '']),
    );
  });

  test('scans with inputs that security-scan has, and by the same defaults', () => {
    const known = new Map(scanner.inputs.map(({ name, default: value }) => [name, value ?? '']));
    const passed = Object.keys(scan?.with ?? {});
    expect(passed.filter((name) => !known.has(name))).toEqual([]);
    const own = passed.filter((name) => workflow.inputs[name] !== undefined);
    expect(own).toEqual(expect.arrayContaining(['max-unmatched', 'vex', 'kev', 'fail-on-kev', 'epss']));
    expect(own.map((name) => [name, String(workflow.inputs[name]?.default)])).toEqual(
      own.map((name) => [name, known.get(name)]),
    );
  });

  test('cancels what is superseded after the plan and before the gate, and is held up by no failure of it', () => {
    const known = canceller.inputs.map(({ name }) => name);
    expect(Object.keys(cancels?.with ?? {}).filter((name) => !known.includes(name))).toEqual([]);
    const planned = workflow.jobs.find(({ id }) => id === 'plan')?.steps.map(({ uses }) => uses) ?? [];
    expect(planned.slice(-2)).toEqual(['$/', '$/actions/cancel-superseded']);
    expect(text).toMatch(/- if: \$\{\{ inputs\.cancel-superseded \}\}\n +continue-on-error: true\n/);
  });

  test('plans and applies with the same inputs: what is wrong is found before anybody is asked', () => {
    const [plan = {}, apply = {}] = steps.map((step) => step.with);
    const differs = (name: string): boolean => plan[name] !== apply[name];
    expect(Object.keys(plan).filter(differs)).toEqual(['deployment', 'partial', 'argocd-token']);
    // A token that may sync is no job's that nobody has approved.
    expect(plan['argocd-token']).toMatch(/ secrets\.argocd-read-token /);
    expect(Object.keys(apply).filter(differs).toSorted()).toEqual([
      ...['argocd-token', 'deployment-id', 'expect-plan'],
    ]);
  });

  test.each([
    ['an input that is missing', { project: 'shop' }, 'environment is required'],
    ['an input that it does not have', { images: 'a:1', image: 'a:1' }, 'image is not defined'],
    ['a text for a yes or no', { prune: 'true' }, 'prune is no boolean'],
  ])('takes no call with %s', async (_, inputs, message) => {
    const never = () => Promise.reject(new Error('nothing runs'));
    const run = callWorkflow({ github: {}, job: never }, workflowOf('deploy.yml'), { inputs });
    await expect(run).rejects.toThrow(message);
  });
});

describe('the example of docs/deploy.md', () => {
  test('calls deploy.yml as GitHub’s own parser wants it', async () => {
    const { context, value } = parseWorkflow(
      { name: 'ship.yml', content: example },
      new NoOperationTraceWriter(),
    );
    if (value === undefined) throw new Error('The example is no workflow');
    const files = { getFileContent: async () => ({ name: 'deploy.yml', content: text }) };
    const { errors } = await convertWorkflowTemplate(context, value, files, {
      fetchReusableWorkflowDepth: 1,
    });
    expect(errors).toBeUndefined();
  });

  test('grants what each job asks for: GitHub refuses the call otherwise', () => {
    expect(load(example)).toMatchObject({
      jobs: { deploy: { permissions: Object.assign({}, ...workflow.jobs.map((job) => job.permissions)) } },
    });
  });
});
