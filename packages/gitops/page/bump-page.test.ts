import { parseInputs } from '@sluice/core/contract';
import { expect, test } from 'vitest';
import { planOn } from '../bump/bump-plan.ts';
import { bumpStatement } from '../bump/bump-statement.ts';
import type { Snapshot } from '../git/repository.ts';
import { bumpInputs } from '../inputs.ts';
import { bumpPage } from './bump-page.ts';

const target = { repository: 'acme/gitops', url: 'https://github.example/acme/gitops', branch: 'main' };
const pod = (tag: string) =>
  `apiVersion: v1\nkind: Pod\nmetadata: { name: web }\nspec:\n  containers:\n    - name: web\n      image: registry.example/web:${tag}\n`;

async function pageOf(files: Readonly<Record<string, string>>, images: string): Promise<string> {
  const snapshot: Snapshot = {
    commit: 'c'.repeat(40),
    list: async () => Object.keys(files).map((path) => ({ path, mode: '100644' })),
    read: async (paths) => new Map(paths.map((path) => [path, files[path] ?? ''])),
  };
  const inputs = parseInputs(bumpInputs, { INPUT_IMAGES: images });
  const plan = await planOn(inputs, target, snapshot);
  const applied = { type: 'settled', plan } as const;
  return bumpPage(bumpStatement(inputs, applied, target), applied, target);
}

test('one place that is refused, or one image that is not found: the headline says it, and no table again', async () => {
  const refused = await pageOf({ 'a.yaml': pod('2.0.0') }, 'registry.example/web:1.0.0');
  expect(refused).toMatch(/^\*\*Refused: a\.yaml, /);
  const lost = await pageOf({ 'a.yaml': pod('2.0.0') }, 'registry.example/other:1');
  expect(lost).toMatch(/^\*\*Not found: No place in \. names registry\.example\/other:1\.\*\*/);
  for (const page of [refused, lost]) {
    expect(page).not.toMatch(/\| why \|/);
    expect(page).toContain('Nothing was written.');
  }
});

test('several: what is refused is called so, and what is left out stands apart', async () => {
  const page = await pageOf(
    {
      'a.yaml': pod('2.0.0'),
      'b.yaml': pod('3.0.0'),
      'c.yaml': 'image: registry.example/web:{{ .Values.tag }}\n',
    },
    'registry.example/web:1.0.0',
  );
  expect(page).toContain('| refused | why |\n| --- | --- |\n| `a.yaml` |');
  expect(page).toContain('| `b.yaml` |');
  expect(page).toContain('| left out | why |\n| --- | --- |\n| `c.yaml` |');
});
