import { runs } from '@sluice/testbed/runs';
import fc from 'fast-check';
import { loadAll } from 'js-yaml';
import { expect, test } from 'vitest';
import { applySplices } from '../splice.ts';
import { appendItems, type Item } from './append.ts';
import { parseYaml } from './tree.ts';

const images = fc.constantFrom(
  '',
  'images:\n',
  'images: []\n',
  'images: [] # none\n',
  'images: null\n',
  'images:\n- name: a\n  newTag: "1"\n',
  'images:\n  - name: a # first\n    newTag: "1" # tag\n',
  'images:\n-   name: a\n    newTag: 1.0\n# behind\n',
  'images:\n- {name: a, newTag: "1"}\n',
  'images:\n- {name: a,\n   newTag: "1"\n  }\n',
  'images: [{name: a, newTag: "1"}]\n',
  'images:\n- name: a\n  newTag: |-\n    1\n',
  'images: none\n',
);
const other = fc.constantFrom(
  '',
  '# a comment\n',
  'resources:\n- a.yaml\n',
  'resources:\n  - a.yaml\n\n',
  'resources: []\n',
  'patches:\n- patch: |-\n    - op: remove\n      path: /a\n',
  'namespace: x\n',
  'commonLabels: {a: b}\n',
);
const wrap = fc.constantFrom<(text: string) => string>(
  (text) => text,
  (text) => `---\n${text}`,
  (text) => `${text}---\n`,
  (text) => `\ufeff${text}`,
  (text) => text.replace(/\n$/, ''),
  (text) => text.replaceAll('\n', '\r\n'),
  (text) => toJson(text, 2),
  (text) => toJson(text, 0),
);
const items = fc.array(
  fc.constantFrom<Item>(
    [
      ['name', 'nginx'],
      ['newTag', '1.10'],
    ],
    [
      ['digest', 'sha256:a'],
      ['name', 'registry.example:5000/x'],
      ['newName', 'y'],
    ],
    [
      ['name', 'b'],
      ['newTag', 'v1'],
    ],
  ),
  { minLength: 1, maxLength: 2 },
);

const keyOf = (text: string): string | undefined => /^\w+/m.exec(text)?.[0];

function toJson(text: string, space: number): string {
  return `${JSON.stringify(read(text), null, space)}\n`;
}

function read(text: string): Record<string, unknown> {
  const [value] = loadAll(text);
  return typeof value === 'object' && value !== null ? { ...value } : {};
}

test('what is appended is there in every reader, and nothing else changes', () => {
  let appended = 0;
  fc.assert(
    fc.property(other, images, other, wrap, items, (before, list, after, form, added) => {
      const text = form(keyOf(before) === keyOf(after) ? before + list : before + list + after);
      const parsed = parseYaml(text);
      fc.pre(parsed.ok);
      if (!parsed.ok) return;
      const splice = appendItems(text, parsed.documents, 'images', added);
      if (splice === undefined) return;
      appended += 1;
      const result = applySplices(text, [splice]);
      const had = read(text);
      const found = Array.isArray(had.images) ? had.images : [];
      expect(read(result)).toEqual({
        ...had,
        images: [...found, ...added.map((item) => Object.fromEntries(item))],
      });
      // Only of `images: []` anything goes.
      expect(text.slice(splice.start, splice.end).replace(/^\s*:\s*/, '')).toMatch(/^(?:\[\s*\]|null)?$/);
    }),
    { numRuns: runs(4000) },
  );
  expect(appended).toBeGreaterThan(runs(2500));
});
