import { describe, expect, test } from 'vitest';
import { plan } from '../plan-edits.testing.ts';

const D1 = `sha256:${'a'.repeat(64)}`;
const D2 = `sha256:${'b'.repeat(64)}`;

describe('an entry of images in a kustomization', () => {
  test.each([
    [
      'a tag in double quotes',
      '- name: nginx # n\n  newTag: "1.25" # t\n',
      'nginx:1.27',
      '- name: nginx # n\n  newTag: "1.27" # t\n',
    ],
    [
      'a plain tag that needs quotes',
      '- name: nginx\n  newTag: v1\n',
      'nginx:1.10',
      '- name: nginx\n  newTag: "1.10"\n',
    ],
    [
      'a plain tag that needs none',
      '- name: nginx\n  newTag: v1\n',
      'nginx:v2',
      '- name: nginx\n  newTag: v2\n',
    ],
    [
      'newName tells the repository',
      '- name: app\n  newName: reg.example/app\n  newTag: v1\n',
      'reg.example/app:v2',
      '- name: app\n  newName: reg.example/app\n  newTag: v2\n',
    ],
    [
      'no tag yet: a line is added',
      'x:\n- name: nginx # n\n\ny: 1\n'.slice(3),
      'nginx:v2',
      '- name: nginx # n\n  newTag: "v2"\n\ny: 1\n',
    ],
    ['no tag yet, in flow style', '- {name: nginx}\n', 'nginx:v2', '- {name: nginx, newTag: "v2"}\n'],
    [
      'a digest found and not given goes with its line',
      `- name: nginx\n  newTag: v1\n  digest: ${D1}\n`,
      'nginx:v2',
      '- name: nginx\n  newTag: v2\n',
    ],
    [
      'a digest whose place a tag takes',
      `- name: nginx\n  digest: ${D1}\n`,
      'nginx:v2',
      '- name: nginx\n  newTag: "v2"\n',
    ],
    [
      'a digest with a comment becomes empty',
      `- name: nginx\n  newTag: v1\n  digest: ${D1} # {"$imagepolicy": "ns:nginx:digest"}\n`,
      'nginx:v2',
      '- name: nginx\n  newTag: v2\n  digest: "" # {"$imagepolicy": "ns:nginx:digest"}\n',
    ],
    [
      'a digest given is written',
      `- name: nginx\n  newTag: v1\n  digest: ${D1}\n`,
      `nginx:v2@${D2}`,
      `- name: nginx\n  newTag: v2\n  digest: ${D2}\n`,
    ],
    [
      'a digest given is added',
      '- name: nginx\n  newTag: v1\n',
      `nginx:v2@${D2}`,
      `- name: nginx\n  newTag: v2\n  digest: "${D2}"\n`,
    ],
    [
      'a tag found beside a digest given alone goes',
      '- name: nginx\n  newTag: v1\n',
      `nginx@${D2}`,
      `- name: nginx\n  digest: "${D2}"\n`,
    ],
    [
      'name=reference sets newName',
      '- name: nginx\n  newName: old.example/nginx\n  newTag: v1\n',
      'nginx=reg.example/nginx:v2',
      '- name: nginx\n  newName: reg.example/nginx\n  newTag: v2\n',
    ],
    [
      'name=reference adds newName',
      '- name: nginx\n  newTag: v1\n',
      'nginx=reg.example/nginx:v2',
      '- name: nginx\n  newTag: v2\n  newName: "reg.example/nginx"\n',
    ],
    [
      'name=reference keeps a newName that means the same',
      '- name: web\n  newName: docker.io/library/nginx\n  newTag: v1\n',
      'web=nginx:v2',
      '- name: web\n  newName: docker.io/library/nginx\n  newTag: v2\n',
    ],
  ])('%s', (_, before, image, after) => {
    const planned = plan({ 'base/kustomization.yaml': `kind: Kustomization\nimages:\n${before}` }, [image]);
    expect(planned.problems).toEqual([]);
    expect(planned.files[0]?.after).toBe(`kind: Kustomization\nimages:\n${after}`);
  });

  test('is found by its names only', () => {
    const files = {
      'kustomization.yaml':
        'images:\n- name: nginx\n  newName: reg.example/web\n  newTag: v1\n- newTag: v1\n',
    };
    expect(plan(files, ['nginx:v2']).images[0]?.status).toBe('not-found');
    expect(plan(files, ['other=reg.example/web:v2']).images[0]?.status).toBe('not-found');
  });

  test('is not found in a file of another name', () => {
    expect(plan({ 'images.yaml': 'images:\n- name: nginx\n  newTag: v1\n' }, ['nginx:v2']).files).toEqual([]);
  });
});

test('values that a kustomization hands to a chart are found by their shape', () => {
  const before = (tag: string): string =>
    `helmCharts:\n- name: redis\n  valuesInline: {image: {repository: redis, tag: "7"}}\n- name: web\n  valuesInline:\n    image:\n      repository: nginx\n      tag: "${tag}" # now\n    args: [nginx:1]\n`;
  const { files, images } = plan({ 'kustomization.yaml': before('1') }, ['nginx:2']);
  expect(files[0]?.after).toBe(before('2'));
  expect(images[0]?.places.map(({ place }) => place)).toEqual([
    'helmCharts[name=web].valuesInline.image.tag',
  ]);
});
