import { describe, expect, test } from 'vitest';
import { plan } from '../plan-edits.testing.ts';

const D1 = `sha256:${'a'.repeat(64)}`;

describe('Helm values named by helm-values', () => {
  test.each([
    ['a bare tag', 'app:\n  version: 1.9\n', 'values.yaml: app.version', 'app:\n  version: "1.27"\n'],
    ['a whole reference', 'app:\n  from: nginx:1.9\n', 'values.yaml: app.from', 'app:\n  from: nginx:1.27\n'],
    [
      'a repository without a tag',
      'app:\n  from: docker.io/nginx\n',
      'values.yaml: app.from',
      'app:\n  from: docker.io/nginx:1.27\n',
    ],
    [
      'a name alone, which is no tag',
      'app:\n  from: nginx\n',
      'values.yaml: app.from',
      'app:\n  from: nginx:1.27\n',
    ],
    [
      'repository and tag',
      'a: {name: nginx, v: "1"}\nb: {name: redis, v: "1"}\n',
      'values.yaml: a.name / a.v',
      'a: {name: nginx, v: "1.27"}\nb: {name: redis, v: "1"}\n',
    ],
    [
      'a digest beside the tag',
      `a: {name: nginx, v: "1", digest: ${D1}}\n`,
      'values.yaml: a.name / a.v',
      'a: {name: nginx, v: "1.27", digest: ""}\n',
    ],
    [
      'a key with dots in it, with and without escapes',
      'app.image.name: nginx\nx: {app.image.v: "1", app: {image: {x: 1}}}\n',
      'values.yaml: app\\.image\\.name / x.app.image.v',
      'app.image.name: nginx\nx: {app.image.v: "1.27", app: {image: {x: 1}}}\n',
    ],
    [
      'an element of a list',
      'apps: [{name: a, v: "1"}, {name: nginx, v: "1"}]\n',
      'values.yaml: apps[name=nginx].name / apps.1.v',
      'apps: [{name: a, v: "1"}, {name: nginx, v: "1.27"}]\n',
    ],
    [
      'the repository and the digest beside a key with dots',
      `image.repository: nginx\nimage.tag: "1"\nimage.digest: ${D1}\n`,
      'values.yaml: image.tag',
      'image.repository: nginx\nimage.tag: "1.27"\nimage.digest: ""\n',
    ],
    [
      'what the shape finds as well is one edit',
      'image: {repository: nginx, tag: a}\n',
      'values.yaml: image.tag',
      'image: {repository: nginx, tag: "1.27"}\n',
    ],
  ])('%s', (_, before, line, after) => {
    const planned = plan({ 'values.yaml': before }, ['nginx:1.27'], { helm: [line] });
    expect(planned.problems).toEqual([]);
    expect(planned.files[0]?.after).toBe(after);
    expect(planned.files[0]?.edits.every(({ image }) => image === 'docker.io/library/nginx:1.27')).toBe(true);
  });

  test('a bare tag could be of any of several images: an error, unless a repository stands beside it', () => {
    const files = { 'values.yaml': 'version: "1"\nimage: {repository: redis, tag: "1"}\n' };
    expect(plan(files, ['nginx:2', 'redis:3'], { helm: ['values.yaml: version'] }).problems).toMatchObject([
      { kind: 'input', code: 'ambiguous-image' },
    ]);
    const beside = plan(files, ['nginx:2', 'redis:3'], { helm: ['values.yaml: image.tag'] });
    expect([beside.problems, beside.images.map(({ status }) => status)]).toEqual([
      [],
      ['not-found', 'updated'],
    ]);
  });

  test.each([
    'values.yaml: app.tag',
    'other.yaml: app.tag',
    'values.yaml: app.name / app.x',
  ])('%s leads nowhere', (line) => {
    const planned = plan({ 'values.yaml': 'app:\n  name: nginx\n' }, ['nginx:2'], { helm: [line] });
    expect(planned.missing).toMatchObject([{ text: line }]);
    expect(planned.files).toEqual([]);
  });

  test('another image there is left alone', () => {
    expect(
      plan({ 'values.yaml': 'app: redis:1\n' }, ['nginx:2'], { helm: ['values.yaml: app'] }),
    ).toMatchObject({ files: [], problems: [] });
  });
});

test('another tag in a values file beside is told, with the line that would set it', () => {
  const files = {
    'c/values.yaml': 'image: {repository: nginx, tag: a}\n',
    'c/values-prod.yaml': 'image: {tag: c}\n',
    'c/values-test.yaml': 'image: {tag: b}\n',
    'c/values-cache.yaml': 'image: {repository: redis, tag: c}\n',
    'd/values-prod.yaml': 'image: {tag: c}\n',
  };
  expect(plan(files, ['nginx:b']).skipped).toEqual([
    {
      path: 'c/values-prod.yaml',
      reason: 'unknown-kind',
      message:
        'it holds another image.tag, which c/values.yaml has of an image that is set: `helm-values` needs the line `c/values-prod.yaml: image.tag` if it is of that image',
    },
  ]);
  expect(plan(files, ['nginx:b'], { helm: ['c/values-prod.yaml: image.tag'] }).skipped).toEqual([]);
});
