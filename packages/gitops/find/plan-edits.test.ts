import { describe, expect, test } from 'vitest';
import { MAX_TEXT } from '../yaml/load.ts';
import { plan } from './plan-edits.testing.ts';

const pod = (image: string, name = 'a'): string =>
  `apiVersion: v1\nkind: Pod\nmetadata: {name: ${name}}\nspec:\n  containers:\n  - name: c\n    image: ${image}\n`;

describe('a place that holds its value already', () => {
  test('is in the plan with from equal to to, and nothing is written', () => {
    const planned = plan({ 'a.yaml': pod('nginx:1'), 'b.yaml': pod('"nginx:1"') }, ['nginx:1']);
    expect(planned.images[0]).toMatchObject({
      status: 'already',
      places: [{ path: 'a.yaml' }, { path: 'b.yaml' }],
    });
    for (const file of planned.files) {
      expect(file.after).toBe(file.before);
      expect(file.edits).toMatchObject([
        { from: 'nginx:1', to: 'nginx:1', image: 'docker.io/library/nginx:1' },
      ]);
    }
  });

  test('of several places some hold it: the image is updated', () => {
    const planned = plan({ 'a.yaml': `${pod('nginx:1')}---\n${pod('nginx:2', 'b')}` }, ['nginx:2']);
    expect(planned.images[0]?.status).toBe('updated');
    expect(planned.files[0]?.edits.map(({ from, to }) => from === to)).toEqual([false, true]);
  });

  test('an unquoted 1.10 is the number 1.1, so it does not hold the tag 1.10', () => {
    const planned = plan({ 'values.yaml': 'image: {repository: nginx, tag: 1.10}\n' }, ['nginx:1.10']);
    expect(planned.files[0]).toMatchObject({
      after: 'image: {repository: nginx, tag: "1.10"}\n',
      edits: [{ from: 1.1, to: '1.10' }],
    });
  });
});

describe('a digest that is not given', () => {
  const digest = `sha256:${'a'.repeat(64)}`;
  const files = (tag: string): [string, Record<string, string>][] => [
    ['a manifest', { 'a.yaml': pod(`nginx:${tag}@${digest}`) }],
    [
      'a kustomization',
      { 'kustomization.yaml': `images: [{name: nginx, newTag: "${tag}", digest: "${digest}"}]\n` },
    ],
    ['Helm values', { 'values.yaml': `image: {repository: nginx, tag: "${tag}", digest: "${digest}"}\n` }],
    ['Helm values in one text', { 'values.yaml': `image: {repository: nginx, tag: "${tag}@${digest}"}\n` }],
  ];

  test.each(files('1.2'))('stays beside the tag that is in place: %s', (_, given) => {
    const planned = plan(given, ['nginx:1.2']);
    expect(planned.images[0]?.status).toBe('already');
    expect(planned.files.every(({ before, after }) => before === after)).toBe(true);
  });

  test.each(files('1.1'))('is not left beside another tag: %s', (_, given) => {
    const [file] = plan(given, ['nginx:1.2']).files;
    expect(file?.after).toContain('1.2');
    expect(file?.after).not.toContain(digest);
  });
});

test('a JSON file stays JSON, whatever takes the place of a number, true, false or null', () => {
  const text = '{"tag": 5, "list": [true], "none": null, "flow": {}}';
  const set = ['a.json tag=v1', 'a.json list[0]=x', 'a.json none:="y"'];
  expect(plan({ 'a.json': text }, [], { set }).files[0]?.after).toBe(
    '{"tag": "v1", "list": ["x"], "none": "y", "flow": {}}',
  );
});

describe('set', () => {
  const text = `apiVersion: v1
kind: ConfigMap
metadata: {name: one}
data:
  a.b: old # keep
---
spec:
  replicas: 2
  containers:
  - {name: x, env: [{name: LEVEL, value: info}]}
  empty:
  on: yes
  mode: 0644
`;
  test.each([
    ['f.yaml data.a\\.b=new', 'a.b: old', 'a.b: new'],
    ['f.yaml#1 spec.replicas=3', 'replicas: 2', 'replicas: 3'],
    ['f.yaml#1 spec.replicas:="3"', 'replicas: 2', 'replicas: "3"'],
    ['f.yaml#1 spec.containers[name=x].env[0].value=1e3', 'value: info', 'value: "1e3"'],
    ['f.yaml#1 spec.containers.0.env[name=LEVEL].value=a,b', 'value: info', 'value: "a,b"'],
    ['f.yaml#1 spec.empty=x', 'empty:\n', 'empty: x\n'],
    ['f.yaml#1 spec.on=no', 'on: yes', 'on: no'],
    ['f.yaml#1 spec.mode=0755', 'mode: 0644', 'mode: 0755'],
    ['f.yaml#1 spec.replicas=010', 'replicas: 2', 'replicas: "010"'],
  ])('%s', (line, old, next) => {
    const planned = plan({ 'f.yaml': text }, [], { set: [line] });
    expect([planned.problems, planned.missing]).toEqual([[], []]);
    expect(planned.files[0]?.after).toBe(text.replace(old, next));
    expect(planned.files[0]?.edits[0]?.image).toBeUndefined();
  });

  test.each([
    ['f.yaml data.none=1', 'f.yaml: there is no data.none'],
    ['f.yaml#7 a=1', 'f.yaml: there is no document 7'],
    ['f.yaml#1 spec.containers[name=y].name=1', 'f.yaml: there is no spec.containers[name=y]'],
    ['g.yaml a=1', 'there is no file g.yaml'],
  ])('%s is not found, and nothing is created', (line, message) => {
    const planned = plan({ 'f.yaml': text }, [], { set: [line] });
    expect(planned).toMatchObject({ files: [], missing: [{ text: line, message }] });
  });

  test('a map is no value', () => {
    expect(plan({ 'f.yaml': text }, [], { set: ['f.yaml#1 spec=x'] }).problems).toMatchObject([
      { kind: 'input', code: 'not-a-value' },
    ]);
  });

  test('two values for one place are refused', () => {
    const planned = plan({ 'f.yaml': text }, [], { set: ['f.yaml data.a\\.b=x', 'f.yaml data.a\\.b=y'] });
    expect(planned.problems).toMatchObject([{ code: 'conflicting-values' }, { code: 'conflicting-values' }]);
    const mixed = plan({ 'p.yaml': pod('nginx:1') }, ['nginx:1'], {
      set: ['p.yaml spec.containers[0].image=nginx:2'],
    });
    expect(mixed.problems.map(({ code }) => code)).toEqual(['conflicting-values', 'conflicting-values']);
  });

  test('the same value by an image and by set is one change of the text', () => {
    const planned = plan({ 'p.yaml': pod('nginx:1') }, ['nginx:2'], {
      set: ['p.yaml spec.containers[0].image=nginx:2'],
    });
    expect([planned.problems, planned.files[0]?.after]).toEqual([[], pod('nginx:2')]);
  });
});

describe('a value that an anchor shares', () => {
  const image = (tail: string): string => `x: &i {repository: nginx, tag: &t a}\n${tail}`;
  test.each([
    ['every user gets the image', image('b: *i\nc: {<<: *i, pull: Always}\n'), ['nginx:b'], 'tag: &t b'],
    ['an overriding user is none', image('c: {<<: *i, tag: z}\n'), ['nginx:b'], 'tag: &t b'],
    [
      'two images that get the same tag',
      'a: {repository: nginx, tag: &t a}\nb: {repository: redis, tag: *t}\n',
      ['nginx:b', 'redis:b'],
      'tag: &t b',
    ],
    ['an anchor that nobody uses', 'a: {repository: nginx, tag: &t a}\n', ['nginx:b'], 'tag: &t b'],
    [
      'a tag defined elsewhere',
      'global: &t a\nb: {repository: nginx, tag: *t}\n',
      ['nginx:b'],
      'global: &t b',
    ],
  ])('is written where %s', (_, before, images, expected) => {
    const planned = plan({ 'values.yaml': before }, images);
    expect(planned.problems).toEqual([]);
    expect(planned.files[0]?.after).toContain(expected);
  });

  test.each([
    [
      'another image has the tag too',
      'a: {repository: nginx, tag: &t a}\nb: {repository: redis, tag: *t}\n',
      'a.tag',
    ],
    [
      'the other image defines it',
      'b: {repository: redis, tag: &t a}\na: {repository: nginx, tag: *t}\n',
      'a.tag',
    ],
    ['something else uses the tag', image('version: *t\n'), 'x.tag'],
    ['a merge gives the tag to another image', image('c: {<<: *i, repository: redis}\n'), 'x.tag'],
  ])('is refused where %s', (_, before, place) => {
    const planned = plan({ 'values.yaml': before }, ['nginx:b']);
    expect(planned.problems).toMatchObject([{ kind: 'refused', code: 'shared-value', place }]);
  });

  test.each([
    ['a label', '{name: a, labels: {v: &i "nginx:1"}}', 'image: *i'],
    ['a variable', '{name: a}', 'env: [{name: I, value: &i "nginx:1"}], image: *i'],
  ])('of a container is refused where the anchor stands at %s', (_, metadata, container) => {
    const before = `apiVersion: v1\nkind: Pod\nmetadata: ${metadata}\nspec: {containers: [{name: c, ${container}}]}\n`;
    expect(plan({ 'a.yaml': before }, ['nginx:2']).problems).toMatchObject([
      { kind: 'refused', code: 'shared-value', place: 'Pod/a container c' },
    ]);
  });

  test('set writes it at its anchor, and not by way of an alias or a merge', () => {
    const before = image('b: *i\nc: {<<: *i}\n');
    expect(plan({ 'v.yaml': before }, [], { set: ['v.yaml x.tag=b'] }).files[0]?.after).toBe(
      before.replace('&t a', '&t b'),
    );
    for (const path of ['b.tag', 'c.tag']) {
      const { problems } = plan({ 'v.yaml': before }, [], { set: [`v.yaml ${path}=b`] });
      expect(problems).toMatchObject([
        { kind: 'refused', code: 'shared-value', message: expect.stringContaining('&i') },
      ]);
    }
  });

  test('a file of aliases that multiply without end is not followed for ever', () => {
    const lines = ['a0: &a0 {repository: nginx, tag: a}'];
    for (let n = 1; n < 12; n += 1)
      lines.push(
        `a${n}: &a${n} [${Array(10)
          .fill(`*a${n - 1}`)
          .join(', ')}]`,
      );
    expect(plan({ 'values.yaml': lines.join('\n') }, ['nginx:b']).skipped).toMatchObject([
      { reason: 'too-large', message: expect.stringContaining('aliases') },
    ]);
  });

  test('an alias inside of what it stands for is not followed', () => {
    const before = 'a: &a\n  image: nginx:1\n  again: *a\n';
    expect(plan({ 'values.yaml': before }, ['nginx:2']).skipped[0]?.reason).toBe('too-large');
  });
});

describe('what must not be written is refused with its place', () => {
  test('a key that stands there twice', () => {
    const planned = plan({ 'a.yaml': `${pod('nginx:1')}    image: nginx:1\n` }, ['nginx:2']);
    expect(planned.problems).toMatchObject([
      { kind: 'refused', code: 'duplicate-key', path: 'a.yaml', place: 'Pod/a container c' },
    ]);
    const above = plan(
      { 'a.yaml': 'image: {repository: nginx, tag: a}\nimage: {repository: nginx, tag: a}\n' },
      ['nginx:2'],
    );
    expect(above.problems[0]?.code).toBe('duplicate-key');
  });

  test('an older version, unless it is allowed', () => {
    const files = { 'a.yaml': pod('nginx:1.27.0') };
    expect(plan(files, ['nginx:1.26.1']).problems).toMatchObject([
      {
        kind: 'refused',
        code: 'outdated',
        message: 'a.yaml, Pod/a container c: 1.26.1 is older than 1.27.0',
      },
    ]);
    expect(plan(files, ['nginx:1.26.1'], { allowDowngrade: true }).problems).toEqual([]);
  });
});

describe('a file that cannot be read', () => {
  const files: Record<string, string> = {
    'chart/templates/d.yaml': 'image: "nginx:1"\nreplicas: {{ .Values.replicas }}\n',
    'broken.yaml': 'nginx: a: b\n',
    'large.yaml': `nginx: ${'x'.repeat(MAX_TEXT)}`,
    'other.yaml': 'redis: a: b\n',
    'ok.yaml': pod('nginx:1'),
  };
  test('is skipped with the reason, if it could hold the image', () => {
    const planned = plan(files, ['nginx:2']);
    expect(planned.skipped.map(({ path, reason }) => [path, reason])).toEqual([
      ['chart/templates/d.yaml', 'template'],
      ['broken.yaml', 'not-yaml'],
      ['large.yaml', 'too-large'],
    ]);
    expect([planned.images[0]?.status, planned.problems]).toEqual(['updated', []]);
  });

  test.each([
    ['chart/templates/d.yaml', 'template'],
    ['broken.yaml', 'not-yaml'],
    ['other.yaml', 'not-yaml'],
  ])('is an error of the input, if the user named it: %s', (path, code) => {
    expect(plan(files, ['nginx:2'], { named: new Set([path]) }).problems).toMatchObject([
      { kind: 'input', code, path },
    ]);
    expect(plan(files, [], { set: [`${path} a=1`] }).problems).toMatchObject([{ kind: 'input', code, path }]);
  });
});

test('a default registry is that of references in files, not of the images asked for', () => {
  const files = { 'a.yaml': pod('nginx:1') };
  expect(plan(files, ['reg.example/nginx:2'], { defaultRegistry: 'reg.example' }).images[0]?.status).toBe(
    'updated',
  );
  expect(plan(files, ['nginx:2'], { defaultRegistry: 'reg.example' }).images[0]?.status).toBe('not-found');
});

test('two images in several files in one plan', () => {
  const planned = plan({ 'a.yaml': pod('nginx:1'), 'b.yaml': pod('redis:1'), 'c.yaml': pod('busybox:1') }, [
    'nginx:2',
    'redis:2',
    'none:1',
  ]);
  expect(planned.images.map(({ status }) => status)).toEqual(['updated', 'updated', 'not-found']);
  expect(planned.files.map(({ path }) => path)).toEqual(['a.yaml', 'b.yaml']);
});
