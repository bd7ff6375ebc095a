import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { convertWorkflowTemplate, NoOperationTraceWriter, parseWorkflow } from '@actions/workflow-parser';
import { load } from 'js-yaml';
import { describe, expect, test } from 'vitest';
import { root } from './deploy-stage.ts';

const folder = path.join(root, '.github/workflows');

describe.each(readdirSync(folder))('%s', (name) => {
  const content = readFileSync(path.join(folder, name), 'utf8');

  test('is a workflow by the rules of GitHub’s own parser', async () => {
    const { context, value } = parseWorkflow({ name, content }, new NoOperationTraceWriter());
    expect(context.errors.getErrors()).toEqual([]);
    if (value === undefined) throw new Error('There is no workflow');
    expect((await convertWorkflowTemplate(context, value)).errors).toBeUndefined();
  });

  test('states its permissions, and uses each action at a commit, its own at the same one', () => {
    expect(load(content)).toHaveProperty('permissions');
    const used = [...content.matchAll(/^ +(?:- )?uses: (.*)$/gm)].map(([, one]) => one);
    expect(used.length).toBeGreaterThan(0);
    expect(used.filter((one) => !/^\$\/[\w./-]*$|@[0-9a-f]{40} # v[\d.]+$/.test(one ?? ''))).toEqual([]);
  });

  test('puts no expression into a shell', () => {
    const runs = [...JSON.stringify(load(content)).matchAll(/"run":"((?:[^"\\]|\\.)*)"/g)];
    expect(runs.filter(([, script]) => script?.includes('${{') === true)).toEqual([]);
  });
});
