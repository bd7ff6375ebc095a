import { describe, expect, test } from 'vitest';
import { evaluateChange } from '../../contains.ts';
import { parseImageTemplate } from '../../image-replace-paths.ts';
import { plan } from '../plan-edits.testing.ts';

const D1 = `sha256:${'a'.repeat(64)}`;
const D2 = `sha256:${'b'.repeat(64)}`;
const PAIR = '{{ .Values.a }}:{{ .Values.b }}';

describe('image-replace-paths put an image together from values', () => {
  test.each([
    ['a name and a tag', PAIR, 'nginx:b', 'a: nginx\nb: 1.0 # t\n', 'a: nginx\nb: b # t\n', ['b']],
    ['one value', '{{.Values.web}}', 'nginx:b', 'web: "nginx:a"\n', 'web: "nginx:b"\n', ['web']],
    ['one value without a tag', '{{.Values.web}}', 'nginx:b', 'web: nginx\n', 'web: nginx:b\n', ['web']],
    [
      'a registry and the rest',
      '{{ .Values.a }}/{{ .Values.b }}',
      'r.example:5000/x/nginx:b',
      'a: r.example:5000\nb: x/nginx:a\n',
      'a: r.example:5000\nb: x/nginx:b\n',
      ['b'],
    ],
    [
      'a registry with a port in the template',
      'r.example:5000/x/{{ .Values.a }}:{{ .Values.b }}',
      'r.example:5000/x/nginx:b',
      'a: nginx\nb: a\n',
      'a: nginx\nb: b\n',
      ['b'],
    ],
    [
      'a name that stands in the template alone',
      'r.example/shop:{{ .Values.tag }}',
      'r.example/shop:b',
      'tag: a\n',
      'tag: b\n',
      ['tag'],
    ],
    [
      'a tag with its colon',
      '{{ .Values.a }}{{ .Values.b }}',
      'nginx:b',
      'a: nginx\nb: ":a"\n',
      'a: nginx\nb: ":b"\n',
      ['b'],
    ],
    ['an empty tag', PAIR, 'nginx:b', 'a: nginx\nb: ""\n', 'a: nginx\nb: "b"\n', ['b']],
    ['a tag that is not there yet', PAIR, 'nginx:b', 'a: nginx\nb:\n', 'a: nginx\nb: b\n', ['b']],
    [
      'a tag with a digest in it',
      PAIR,
      `nginx:b@${D2}`,
      `a: nginx\nb: a@${D1}\n`,
      `a: nginx\nb: b@${D2}\n`,
      ['b'],
    ],
    [
      'a tag with a digest in it, and none given',
      PAIR,
      'nginx:b',
      `a: nginx\nb: a@${D1}\n`,
      'a: nginx\nb: b\n',
      ['b'],
    ],
    [
      'a tag and a digest',
      '{{ .Values.a }}:{{ .Values.b }}@{{ .Values.c }}',
      `nginx:b@${D2}`,
      `a: nginx\nb: a\nc: ${D1}\n`,
      `a: nginx\nb: b\nc: ${D2}\n`,
      ['b', 'c'],
    ],
    [
      'a digest alone',
      '{{ .Values.a }}@{{ .Values.b }}',
      `nginx@${D2}`,
      `a: nginx\nb: ${D1}\n`,
      `a: nginx\nb: ${D2}\n`,
      ['b'],
    ],
    [
      'paths into maps and lists',
      '{{ .Values.x.0.name }}:{{ .Values.y[name=web].tag }}',
      'nginx:b',
      'x: [{name: nginx}]\ny: [{name: db, tag: a}, {name: web, tag: a}]\n',
      'x: [{name: nginx}]\ny: [{name: db, tag: a}, {name: web, tag: b}]\n',
      ['y[name=web].tag'],
    ],
    [
      'keys with dots in them',
      '{{ .Values.image.name }}:{{ .Values.x.image.tag }}',
      'nginx:b',
      'image.name: nginx\nx: {image.tag: a}\n',
      'image.name: nginx\nx: {image.tag: b}\n',
      ['x.image\\.tag'],
    ],
    [
      'of a key with dots and two keys the two, as Helm reads it',
      '{{ .Values.image.name }}:{{ .Values.image.tag }}',
      'nginx:b',
      'image.tag: x\nimage: {name: nginx, tag: a}\n',
      'image.tag: x\nimage: {name: nginx, tag: b}\n',
      ['image.tag'],
    ],
  ])('%s', (_, template, image, before, after, places) => {
    const planned = plan({ 'values.yaml': before }, [image], { templates: [template], allowDowngrade: true });
    expect(planned.problems).toEqual([]);
    expect(planned.files[0]?.after).toBe(after);
    expect(planned.images[0]?.places.map(({ place }) => place)).toEqual(places);
    const change = { files: [{ path: 'values.yaml', edits: planned.files[0]?.edits ?? [] }] };
    expect(evaluateChange(change, new Map([['values.yaml', after]])).contained).toBe(true);
    expect(evaluateChange(change, new Map([['values.yaml', before]])).contained).toBe(false);
    const again = plan({ 'values.yaml': after }, [image], { templates: [template] });
    expect([again.files[0]?.after, again.images[0]?.status]).toEqual([after, 'already']);
  });

  test.each([
    ['another image', PAIR, 'a: redis\nb: nginx\n'],
    ['a value that is not there', PAIR, 'a: nginx\n'],
    ['a value that is a map', PAIR, 'a: nginx\nb: {c: 1}\n'],
    ['what is no image', '{{ .Values.a }}', 'a: this is not nginx\n'],
    ['a version that stands in the template', '{{ .Values.a }}:1.0', 'a: nginx\n'],
    [
      'a version in the middle of the values',
      '{{ .Values.a }}:{{ .Values.b }}-{{ .Values.c }}',
      'a: nginx\nb: a\nc: alpine\n',
    ],
    ['a list that is looked up as a map', PAIR, '- nginx\n'],
  ])('%s is left alone', (_, template, before) => {
    expect(plan({ 'values.yaml': before }, ['nginx:b'], { templates: [template] }).files).toEqual([]);
  });

  test('what a template and the shape both find is one edit, also where an anchor shares it', () => {
    const before = 'x: &i {repository: nginx, tag: a}\nimage: *i\n';
    const templates = ['{{ .Values.x.repository }}:{{ .Values.x.tag }}'];
    const planned = plan({ 'values.yaml': 'image: {repository: nginx, tag: &t a}\n' }, ['nginx:b'], {
      templates: ['{{ .Values.image.repository }}:{{ .Values.image.tag }}'],
    });
    expect([planned.problems, planned.files[0]?.edits.length]).toEqual([[], 1]);
    expect(plan({ 'values.yaml': before }, ['nginx:b'], { templates }).problems).toEqual([]);
  });

  test('several templates find several images, in the values of an Application too', () => {
    const values = (tag: string) => `{web: nginx, v: ${tag}, db: "redis:${tag}"}`;
    const application = (tag: string) =>
      `apiVersion: argoproj.io/v1alpha1\nkind: Application\nmetadata: {name: a}\nspec: {source: {helm: {valuesObject: ${values(tag)}}}}\n`;
    const templates = ['{{ .Values.web }}:{{ .Values.v }}', '{{ .Values.db }}'];
    const planned = plan(
      { 'values.yaml': `${values('a')}\n`, 'app.yaml': application('a') },
      ['nginx:b', 'redis:b'],
      {
        templates,
      },
    );
    expect(planned.files.map(({ after }) => after)).toEqual([`${values('b')}\n`, application('b')]);
  });
});

test.each([
  ['nothing of a value', 'nginx:1.27'],
  ['a function', '{{ .Values.a | quote }}'],
  ['a default', '{{ default "x" .Values.a }}'],
  ['another object', '{{ .Chart.AppVersion }}:{{ .Values.a }}'],
  ['an empty line', ''],
  ['a broken path', '{{ .Values.a..b }}'],
])('a template with %s is an input error', (_, line) => {
  expect(() => parseImageTemplate(line)).toThrow(expect.objectContaining({ kind: 'input' }));
});
