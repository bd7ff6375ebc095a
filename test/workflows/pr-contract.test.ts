import { readFileSync } from 'node:fs';
import path from 'node:path';
import { textOf } from '@sluice/testbed/workflows/repository';
import { readWorkflow } from '@sluice/testbed/workflows/workflow-file';
import { load } from 'js-yaml';
import { describe, expect, test } from 'vitest';
import { readAction } from '../../scripts/contract-table.ts';
import { called, root, workflowOf } from './deploy-stage.ts';
import { at, callers } from './pr-stage.ts';

const actionOf = (uses: string) =>
  readAction(readFileSync(path.join(root, uses.replace(/^\$\//, ''), 'action.yml'), 'utf8'));

const files = [
  ['pr.yml', callers.caller, 'pr'],
  ['pr-closed.yml', callers.closing, 'closed'],
  ['pr.yml', callers.required, 'pr'],
] as const;

describe.each(['pr.yml', 'pr-closed.yml'])('%s', async (name) => {
  const text = textOf(workflowOf(name));
  const workflow = called(await readWorkflow(text));
  const steps = workflow.jobs.flatMap((job) => job.steps).filter(({ uses }) => uses.startsWith('$/'));

  test('gives each action only inputs that it has, and reads only outputs that it has', () => {
    for (const { id, uses, with: given } of steps) {
      const action = actionOf(uses);
      const known = action.inputs.map((input) => input.name);
      expect({ uses, unknown: Object.keys(given).filter((one) => !known.includes(one)) }).toEqual({
        uses,
        unknown: [],
      });
      const read = [...text.matchAll(new RegExp(`steps\\.${id}\\.outputs\\.([\\w-]+)`, 'g'))].map(
        ([, one]) => one,
      );
      const outputs = action.outputs.map((output) => output.name);
      expect({ uses, unknown: read.filter((one) => !outputs.includes(one ?? '')) }).toEqual({
        uses,
        unknown: [],
      });
    }
  });

  test('has the defaults of the actions, where it passes an input on', () => {
    const passed = steps.flatMap(({ uses, with: given }) => {
      const action = actionOf(uses);
      return Object.entries(given).flatMap(([name, value]) => {
        const [, input] = /^\$\{\{ inputs\.([\w-]+) \}\}$/.exec(value) ?? [];
        const own = action.inputs.find((one) => one.name === name)?.default ?? '';
        return input === undefined
          ? []
          : [[uses, name, own, String(workflow.inputs[input]?.default ?? '')] as const];
      });
    });
    expect(passed.length).toBeGreaterThan(10);
    expect(passed.filter(([, , own, ours]) => own !== ours)).toEqual([]);
  });

  test('names in its expressions only what exists, and every input and secret somewhere', () => {
    const own = [
      ...Object.keys(workflow.inputs).map((one) => `inputs.${one}`),
      ...Object.keys(workflow.secrets).map((one) => `secrets.${one}`),
    ];
    const outputs = workflow.jobs.flatMap(({ id, outputs: made }) =>
      Object.keys(made).flatMap((one) => [`needs.${id}.outputs.${one}`, `jobs.${id}.outputs.${one}`]),
    );
    const named: readonly string[] =
      text.match(/\b(?:inputs|secrets)\.[\w-]+|\b(?:needs|jobs)\.[\w-]+\.outputs\.[\w-]+/g) ?? [];
    expect(named.filter((one) => ![...own, ...outputs].includes(one))).toEqual([]);
    expect(own.filter((one) => !named.includes(one))).toEqual([]);
  });

  test('says what each permission is for, and runs no script', () => {
    expect(text).not.toMatch(/^ +(- )?run:/m);
    expect(/^ {6}[\w-]+: (read|write)$/m.test(text)).toBe(false);
    expect(load(text)).toMatchObject({ permissions: {} });
  });
});

describe.each(files)('the documented caller %# of %s', (name, text, job) => {
  test('grants the most that any job asks for, and no more: GitHub refuses the call with less', async () => {
    const { jobs } = called(await readWorkflow(textOf(workflowOf(name))));
    const most: Record<string, string> = {};
    for (const { permissions } of jobs) {
      for (const [scope, access] of Object.entries(Object(permissions))) {
        if (most[scope] !== 'write') most[scope] = String(access);
      }
    }
    expect(at(text, 'jobs', job, 'permissions')).toEqual(most);
    expect(at(text, 'permissions')).toEqual({});
  });
});
