import { runs } from '@sluice/testbed/runs';
import fc from 'fast-check';
import { load } from 'js-yaml';
import { expect, test } from 'vitest';
import { plan } from '../plan-edits.testing.ts';

/** The texts of patches, with `IMAGE` for the image. */
const content = fc.constantFrom(
  '- op: replace # why\n  path: /spec/template/spec/containers/0/image\n  value: IMAGE\n',
  '# a comment\n- op: add\n  path: /spec/template/spec/containers/-\n  value:\n    image: "IMAGE"\n    name: app\n',
  '[{"op": "replace", "path": "/spec/containers/0/image", "value": "IMAGE"}]',
  "apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: any}\nspec:\n  template:\n    # it's here\n\n    spec:\n      containers:\n      - image: 'IMAGE'\n        name: app\n",
  'spec:\n  template:\n    spec:\n      containers: [{name: app, image: IMAGE}, {name: b, image: "redis:1"}]',
);
const target = fc.constantFrom(
  '{kind: Deployment, name: shop}',
  '{kind: Deployment, labelSelector: "a=b"}',
  '{name: "s.*"}',
);
const indented = (text: string): string => text.replace(/^(?=.)/gm, '      ');

/** Each way in which YAML can hold such a text. */
const form = fc.constantFrom<(text: string) => string>(
  (text) => `|${text.endsWith('\n') ? '' : '-'} # literal\n${indented(text.trimEnd())}`,
  (text) => `|+\n${indented(text.trimEnd())}\n\n`,
  (text) => JSON.stringify(text),
  (text) => JSON.stringify(text).replaceAll('/', '\\/'),
  (text) => (text.includes('\n') ? JSON.stringify(text) : `'${text.replaceAll("'", "''")}'`),
  (text) => (text.includes('\n') ? JSON.stringify(text) : `>-\n${indented(text.replaceAll(', ', ',\n'))}`),
);
const tag = fc.constantFrom('1.10', 'v2', '2@sha256:'.padEnd(73, 'a'));

const patch = fc.tuple(content, form, target).map(([text, write, to]) => {
  const written = write(text);
  return `- patch: ${written}\n  target: ${to}\n`;
});

test('whatever holds a patch, only the image in it changes, and a second time nothing', () => {
  fc.assert(
    fc.property(
      fc.array(patch, { minLength: 1, maxLength: 3 }),
      fc.constantFrom('\n', '\r\n'),
      fc.boolean(),
      tag,
      (patches, eol, ends, version) => {
        const text = `# top\npatches:\n${patches.join('')}${ends ? 'namespace: x\n' : ''}`.replaceAll(
          '\n',
          eol,
        );
        const [before, wanted] = ['registry.example/shop:1', `registry.example/shop:${version}`];
        const source = text.replaceAll('IMAGE', before);
        const planned = plan({ 'k/kustomization.yaml': source }, [wanted], { allowDowngrade: true });
        expect(planned.problems).toEqual([]);
        const after = planned.files[0]?.after ?? '';
        expect(after).toBe(
          source.replaceAll(/registry\.example(\\?)\/shop:1/g, `registry.example$1/shop:${version}`),
        );
        expect(load(after)).toEqual(JSON.parse(JSON.stringify(load(source)).replaceAll(before, wanted)));
        const again = plan({ 'k/kustomization.yaml': after }, [wanted]);
        expect([again.files[0]?.after, again.images[0]?.status]).toEqual([after, 'already']);
      },
    ),
    { numRuns: runs(500) },
  );
});
