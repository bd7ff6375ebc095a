import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { checkCalls } from '@sluice/testbed/workflows/call-check';
import { readWorkflow } from '@sluice/testbed/workflows/workflow-file';
import { loadAll } from 'js-yaml';
import { expect, test } from 'vitest';
import { readAction } from '../../scripts/contract-table.ts';
import { called, root } from './deploy-stage.ts';

const text = (file: string): string => readFileSync(path.join(root, file), 'utf8');
const folder = (name: string): readonly string[] => readdirSync(path.join(root, name));
const pages = [
  'README.md',
  ...folder('actions').map((name) => `actions/${name}/README.md`),
  ...folder('docs')
    .filter((name) => name.endsWith('.md'))
    .map((name) => `docs/${name}`),
];
const ours = 'sluice-delivery/sluice';
const inputsOf = async (uses: string): Promise<readonly string[]> => {
  const place = uses.slice(ours.length).replace(/@.*$/, '').replace(/^\//, '');
  if (place.endsWith('.yml')) return Object.keys(called(await readWorkflow(text(place))).inputs);
  return readAction(text(path.join(place, 'action.yml'))).inputs.map(({ name }) => name);
};

/** All that calls one of ours, however deep in an example it stands. */
function callsIn(value: unknown): readonly { readonly uses: string; readonly given: readonly string[] }[] {
  if (Array.isArray(value)) return value.flatMap(callsIn);
  if (typeof value !== 'object' || value === null) return [];
  const uses: unknown = Reflect.get(value, 'uses');
  const own =
    typeof uses === 'string' && uses.startsWith(ours)
      ? [{ uses, given: Object.keys(Object(Reflect.get(value, 'with'))) }]
      : [];
  return [...own, ...Object.values(value).flatMap(callsIn)];
}

test.each(pages)('the examples of %s are YAML, and give only inputs that there are', async (page) => {
  const examples = [...text(page).matchAll(/```yaml\n([\s\S]*?)```/g)].flatMap(([, example = '']) =>
    loadAll(example),
  );
  for (const { uses, given } of examples.flatMap(callsIn)) {
    const known = await inputsOf(uses);
    expect({ uses, unknown: given.filter((name) => !known.includes(name)) }).toEqual({ uses, unknown: [] });
  }
});

/** Whole workflows, as a caller copies them. Where each job needs one that is left out, it is a piece. */
const workflows = pages.flatMap((page) =>
  [...text(page).matchAll(/```yaml\n([\s\S]*?)```/g)]
    .map(([, example = '']) => example)
    .filter((example) => /^on:/m.test(example) && /^jobs:/m.test(example))
    .filter((example) =>
      loadAll(example).some((one) => jobsOf(one).some((job) => !Reflect.has(job, 'needs'))),
    )
    .map((example, index) => ({ page, number: index + 1, example })),
);
function jobsOf(workflow: unknown): readonly object[] {
  return Object.values(Object(Reflect.get(Object(workflow), 'jobs'))).map(Object);
}

/** What GitHub checks before it starts a job. */
async function startedBy(example: string): Promise<void> {
  const repository = { name: ours, ref: 'v1', folder: root };
  const world = { github: {}, repositories: () => repository };
  await checkCalls(world, { repository, path: 'caller.yml' }, await readWorkflow(example), undefined);
}

test.each(
  workflows,
)('GitHub starts workflow $number of $page: each call has what it requires, and may do it', ({ example }) =>
  startedBy(example));

test.each([
  ['', ''],
  [', also where nothing is to be cancelled', '      cancel-superseded: false\n'],
])('without the permission to cancel, GitHub starts nothing of deploy.yml%s', async (_, more) => {
  const [{ example } = { example: '' }] = workflows.filter(({ page }) => page === 'docs/deploy.md');
  const less = example.replace(/^ +actions: write.*\n/m, '').replace(/^ {4}with:\n/m, `    with:\n${more}`);
  expect(less).not.toBe(example);
  await expect(startedBy(less)).rejects.toThrow("The nested job 'plan' is requesting 'actions: write");
});
