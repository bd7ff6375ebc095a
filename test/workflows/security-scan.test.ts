import { readFileSync } from 'node:fs';
import path from 'node:path';
import { convertWorkflowTemplate, NoOperationTraceWriter, parseWorkflow } from '@actions/workflow-parser';
import { readWorkflow } from '@sluice/testbed/workflows/workflow-file';
import { load } from 'js-yaml';
import { describe, expect, test } from 'vitest';
import { readAction } from '../../scripts/contract-table.ts';
import { called, root } from './deploy-stage.ts';

const text = readFileSync(path.join(root, '.github/workflows/security-scan.yml'), 'utf8');
const workflow = called(await readWorkflow(text));
const action = readAction(readFileSync(path.join(root, 'actions/security-scan/action.yml'), 'utf8'));
const page = readFileSync(path.join(root, 'docs/security-scan.md'), 'utf8');
/** Those that call it; others are of workflows of one's own. */
const examples = [...page.matchAll(/```yaml\n(name: [\s\S]*?)```/g)]
  .map(([, example = '']) => example)
  .filter((example) => example.includes('/workflows/security-scan.yml@'));
const [job] = workflow.jobs;
const step = job?.steps.find(({ id }) => id === 'scan');

describe('security-scan.yml', () => {
  test('gives the action only inputs that it has, each of its own, and with the same defaults', () => {
    const known = new Map(action.inputs.map(({ name, default: value }) => [name, value ?? '']));
    expect(Object.keys(step?.with ?? {}).filter((name) => !known.has(name))).toEqual([]);
    const passed = Object.entries(workflow.inputs).filter(([name]) => known.has(name));
    expect(passed.length).toBeGreaterThan(15);
    expect(passed.map(([name, spec]) => [name, String(spec.default)])).toEqual(
      passed.map(([name]) => [name, known.get(name)]),
    );
    const unused = [...Object.keys(workflow.inputs), ...Object.keys(workflow.secrets)].filter(
      (name) => !text.match(new RegExp(`\\$\\{\\{[^}]*(inputs|secrets)\\.${name}\\b`)),
    );
    expect(unused).toEqual([]);
  });

  test('asks for no more than it needs, says what for, and runs one at a time', () => {
    expect(job?.permissions).toEqual({ contents: 'read', deployments: 'read', issues: 'write' });
    expect(text.match(/^ {6}\w+: (read|write) # .{20,}$/gm)).toHaveLength(3);
    expect(load(text)).toMatchObject({
      permissions: {},
      jobs: { scan: { concurrency: { group: expect.stringContaining('inputs.label') } } },
    });
  });
});

describe('the examples of docs/security-scan.md', () => {
  test('run every day and on demand', () => {
    expect(examples).toHaveLength(2);
    for (const example of examples) {
      const { on } = Object(load(example));
      expect(Object.keys(on)).toEqual(['schedule', 'workflow_dispatch']);
      expect(on.schedule).toEqual([{ cron: expect.stringMatching(/^\d+ \d+ \* \* \*$/) }]);
    }
  });

  test.each(
    examples,
  )('call it as GitHub’s own parser wants it, and grant what it asks for (%#)', async (content) => {
    const { context, value } = parseWorkflow({ name: 'caller.yml', content }, new NoOperationTraceWriter());
    expect(context.errors.getErrors()).toEqual([]);
    if (value === undefined) throw new Error('The example is no workflow');
    const files = { getFileContent: async () => ({ name: 'security-scan.yml', content: text }) };
    const options = { fetchReusableWorkflowDepth: 1 };
    expect((await convertWorkflowTemplate(context, value, files, options)).errors).toBeUndefined();
    expect(load(content)).toMatchObject({ jobs: { scan: { permissions: job?.permissions } } });
  });
});
