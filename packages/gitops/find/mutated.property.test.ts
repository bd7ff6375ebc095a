import { runs } from '@sluice/testbed/runs';
import fc from 'fast-check';
import { loadAll, type Schema, YAML11_SCHEMA } from 'js-yaml';
import { expect, test } from 'vitest';
import { plan } from './plan-edits.testing.ts';

const pod =
  'spec:\n  containers:\n  - name: c # nginx:1\n    image: "nginx:1"\n  - {name: d, image: nginx:1}\n';
const sound: Readonly<Record<string, string>> = {
  'pod.yaml': `apiVersion: v1\nkind: Pod\nmetadata: {name: p}\n${pod}---\n# next\napiVersion: v1\nkind: Pod\nmetadata: &m\n  name: q\n  labels: {a: &i nginx:1}\n${pod.replace('"nginx:1"', '*i')}`,
  'pod.json': `{"apiVersion": "v1", "kind": "List", "items": [\n\t{"apiVersion": "v1", "kind": "Pod", "metadata": {"name": "p"}, "spec": {"containers": [{"name": "c", "image": "nginx:1"}]}}]}`,
  'kustomization.yaml': `images:\n- name: nginx\n  newTag: "1"\n- {newName: nginx, name: web, newTag: '1', digest: ""}\npatches:\n- patch: |-\n    kind: Pod\n    metadata: {name: p}\n    ${pod.replaceAll('\n', '\n    ').trimEnd()}\n- patch: "- op: replace\\n  path: /spec/containers/0/image\\n  value: nginx:1\\n"\n  target: {kind: Pod}\n`,
  'values.yaml': `a: &a\n  image: {repository: nginx, tag: 1.0}\nb:\n  <<: *a\n  image:\n    repository: nginx\n    tag: >-\n      1\n    digest:\nsidecarImage: 'nginx:1'\nlist:\n- image: nginx:1\n`,
  'app.yaml': `apiVersion: argoproj.io/v1alpha1\nkind: Application\nmetadata: {name: a}\nspec:\n  source:\n    helm:\n      values: |2\n        image:\n          repository: nginx\n          tag: "1"\n      parameters: [{name: image.repository, value: nginx}, {name: image.tag, value: "1"}]\n    kustomize: {images: [web=nginx:1]}\n`,
};

/** What a hand that slips types, and what only an attacker does. */
const piece = fc.oneof(
  fc.constantFrom(...'\n \t:-#"\'{}[]|>&*!?,%@`=~\\\ufeff\u0000\u2028é🚀0aA'),
  fc.constantFrom(
    ...[
      '\r\n',
      '\r',
      '---\n',
      '...\n',
      '- ',
      '  ',
      '<<: *a',
      '{{ x }}',
      '{{',
      'nginx',
      'nginx:1',
      '&a ',
      '*a',
      '!!str ',
      '? ',
      ': ',
      '\\n',
      'null',
      '|\n',
      'image: ',
      'tag: ',
    ],
  ),
);
const slip = fc.record({
  at: fc.nat(),
  cut: fc.nat(6),
  text: fc.array(piece, { maxLength: 3 }).map((all) => all.join('')),
});

function slipped(text: string, slips: readonly { at: number; cut: number; text: string }[]): string {
  return slips.reduce((now, { at, cut, text: more }) => {
    const start = now.length === 0 ? 0 : at % now.length;
    return now.slice(0, start) + more + now.slice(start + cut);
  }, text);
}

/** The documents as another reader sees them; undefined where it sees none. */
function readBy(text: string, options: { readonly schema?: Schema }): unknown {
  try {
    return loadAll(text, { ...options });
  } catch {
    return undefined;
  }
}

function changes(from: unknown, to: unknown, path = ''): string[] {
  if (typeof from === 'object' && from !== null && typeof to === 'object' && to !== null) {
    const [a, b] = [new Map(Object.entries(from)), new Map(Object.entries(to))];
    return [...new Set([...a.keys(), ...b.keys()])].flatMap((key) =>
      changes(a.get(key), b.get(key), `${path}/${key}`),
    );
  }
  return Object.is(from, to) ? [] : [`${path}: ${JSON.stringify(from)} -> ${JSON.stringify(to)}`];
}

test.each(
  Object.keys(sound),
)('however %s is spoilt: what is edited is a value, and what is not understood stays', (path) => {
  const property = fc.property(fc.array(slip, { minLength: 1, maxLength: 4 }), (slips) => {
    const text = slipped(sound[path] ?? '', slips);
    const { files, problems } = plan({ [path]: text }, ['nginx:v9.9']);
    const [file] = problems.length === 0 ? files : [];
    for (const options of [{}, { schema: YAML11_SCHEMA }]) {
      const before = readBy(text, options);
      if (file === undefined || before === undefined) continue;
      const after = readBy(file.after, options);
      expect(after, 'can be read as before').toBeDefined();
      for (const change of changes(before, after)) expect(change).toMatch(/ -> ".*v9\.9|\/digest: /s);
    }
    if (file === undefined) return;
    const again = plan({ [path]: file.after }, ['nginx:v9.9']);
    expect(again.files[0]?.after).toBe(file.after);
  });
  fc.assert(property, { numRuns: runs(300) });
});

test.each([
  ['an empty key in values', 'values.yaml', '"":\n  image: {repository: nginx, tag: "1"}\n'],
  [
    'an empty key in a patch',
    'patch.yaml',
    '- op: add\n  path: /spec\n  value: {"": {containers: [{name: c, image: "nginx:1"}]}}\n',
  ],
])('%s: no path leads through it, and nothing is found', (_, path, text) => {
  expect(plan({ [path]: text }, ['nginx:2'])).toMatchObject({ files: [], images: [{ status: 'not-found' }] });
});

test.each([
  [
    'an anchor that is a key',
    'pod.yaml',
    'apiVersion: v1\nkind: Pod\nmetadata: {name: p, labels: {&i nginx:1 : x}}\nspec: {containers: [{name: c, image: *i}]}\n',
    'shared-value',
  ],
  [
    'a last key without text',
    'kustomization.yaml',
    'images:\n- name: nginx\n  newTag: "1"\n  : x\n',
    'no-such-field',
  ],
])('%s is refused', (_, path, text, code) => {
  const image = `nginx@sha256:${'a'.repeat(64)}`;
  expect(plan({ [path]: text }, [image]).problems).toMatchObject([{ kind: 'refused', code }]);
});
