import { readFileSync } from 'node:fs';
import path from 'node:path';
import { NoOperationTraceWriter, parseWorkflow } from '@actions/workflow-parser';
import { load } from 'js-yaml';
import { expect, test } from 'vitest';
import { readAction } from '../../scripts/contract-table.ts';

const root = path.resolve(import.meta.dirname, '../..');
const text = readFileSync(path.join(root, '.github/workflows/deploy.yml'), 'utf8');

test('deploy.yml is a workflow by the rules of GitHub’s own parser', () => {
  const { context } = parseWorkflow({ name: 'deploy.yml', content: text }, new NoOperationTraceWriter());
  expect(context.errors.getErrors()).toEqual([]);
});

test('every step passes only inputs that the root action has', () => {
  const known = new Set(
    readAction(readFileSync(path.join(root, 'action.yml'), 'utf8')).inputs.map(({ name }) => name),
  );
  const passed = [...JSON.stringify(load(text)).matchAll(/"with":\{([^}]*(?:\}\}[^}]*)*)\}/g)].flatMap(
    ([, body]) => [...(body ?? '').matchAll(/"([a-z-]+)":"/g)].map(([, name]) => name ?? ''),
  );
  expect(passed.length).toBeGreaterThan(20);
  expect(passed.filter((name) => !known.has(name))).toEqual([]);
});
