import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
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
