import { describe, expect, test } from 'vitest';
import { plan } from '../plan-edits.testing.ts';

const D1 = `sha256:${'a'.repeat(64)}`;
const D2 = `sha256:${'b'.repeat(64)}`;

describe('Helm values found by their shape', () => {
  test.each([
    [
      'a map',
      'image:\n  repository: nginx\n  tag: "1.25" # t\n',
      'nginx:1.27',
      'image:\n  repository: nginx\n  tag: "1.27" # t\n',
      ['image.tag'],
    ],
    [
      'a plain tag is always a string',
      'image:\n  repository: nginx\n  tag: 1.9\n',
      'nginx:1.10',
      'image:\n  repository: nginx\n  tag: "1.10"\n',
      ['image.tag'],
    ],
    [
      'a registry of its own',
      'image: {registry: docker.io, repository: bitnami/nginx, tag: a}\n',
      'bitnami/nginx:b',
      'image: {registry: docker.io, repository: bitnami/nginx, tag: b}\n',
      ['image.tag'],
    ],
    [
      'an empty registry',
      'image: {registry: "", repository: nginx, tag: a}\n',
      'nginx:b',
      'image: {registry: "", repository: nginx, tag: b}\n',
      ['image.tag'],
    ],
    [
      'a registry that is null',
      'image: {registry: null, repository: bitnami/nginx, tag: a}\n',
      'bitnami/nginx:b',
      'image: {registry: null, repository: bitnami/nginx, tag: b}\n',
      ['image.tag'],
    ],
    [
      'a tag with a digest in it, and none given',
      `image: {repository: nginx, tag: "a@${D1}"}\n`,
      'nginx:b',
      'image: {repository: nginx, tag: "b"}\n',
      ['image.tag'],
    ],
    [
      'a tag with a digest in it, and both given',
      `image: {repository: nginx, tag: "a@${D1}"}\n`,
      `nginx:b@${D2}`,
      `image: {repository: nginx, tag: "b@${D2}"}\n`,
      ['image.tag'],
    ],
    [
      'a tag with a digest in it, and a digest given',
      `image: {repository: nginx, tag: "a@${D1}"}\n`,
      `nginx@${D2}`,
      `image: {repository: nginx, tag: "a@${D2}"}\n`,
      ['image.tag'],
    ],
    [
      'empty documents around the values',
      '---\nimage: nginx:a\n---\n',
      'nginx:b',
      '---\nimage: nginx:b\n---\n',
      ['image'],
    ],
    [
      'an empty tag',
      'image:\n  repository: nginx\n  tag: ""\n',
      'nginx:b',
      'image:\n  repository: nginx\n  tag: "b"\n',
      ['image.tag'],
    ],
    [
      'a tag that is not there yet',
      'image:\n  repository: nginx\n  tag: # appVersion\n',
      'nginx:b',
      'image:\n  repository: nginx\n  tag: b # appVersion\n',
      ['image.tag'],
    ],
    [
      'a digest given',
      'image: {repository: nginx, tag: a, digest: ""}\n',
      `nginx:b@${D2}`,
      `image: {repository: nginx, tag: b, digest: "${D2}"}\n`,
      ['image.tag', 'image.digest'],
    ],
    [
      'a digest not given',
      `image: {repository: nginx, tag: a, digest: ${D1}}\n`,
      'nginx:b',
      'image: {repository: nginx, tag: b, digest: ""}\n',
      ['image.tag', 'image.digest'],
    ],
    [
      'an empty digest',
      'image: {repository: nginx, tag: a, digest: }\n',
      'nginx:b',
      'image: {repository: nginx, tag: b, digest: }\n',
      ['image.tag'],
    ],
    ['a single string', 'image: "nginx:a"\n', 'nginx:b', 'image: "nginx:b"\n', ['image']],
    [
      'keys that end in image',
      'proxyImage: nginx:a\nnginx: nginx:a\n',
      'nginx:b',
      'proxyImage: nginx:b\nnginx: nginx:a\n',
      ['proxyImage'],
    ],
    [
      'a map or list of images',
      'images:\n  web: nginx:a\nx: {images: [nginx:a]}\n',
      'nginx:b',
      'images:\n  web: nginx:b\nx: {images: [nginx:b]}\n',
      ['images.web', 'x.images[=nginx]'],
    ],
    [
      'elements are addressed by name',
      'extra:\n- name: a\n  image: nginx:a\n- image: {repository: nginx, tag: a}\n',
      'nginx:b',
      'extra:\n- name: a\n  image: nginx:b\n- image: {repository: nginx, tag: b}\n',
      ['extra[name=a].image', 'extra[1].image.tag'],
    ],
    [
      'a name and a tag of an image',
      'image: {name: nginx, tag: a}\n',
      'nginx:b',
      'image: {name: nginx, tag: b}\n',
      ['image.tag'],
    ],
    [
      'keys that begin alike',
      'imageRepository: nginx\nimageTag: a\nproxyImageName: nginx\nproxyImageTag: a\ninit_image_repository: nginx\ninit_image_tag: a\n',
      'nginx:b',
      'imageRepository: nginx\nimageTag: b\nproxyImageName: nginx\nproxyImageTag: b\ninit_image_repository: nginx\ninit_image_tag: b\n',
      ['imageTag', 'proxyImageTag', 'init_image_tag'],
    ],
    [
      'keys with dots in them',
      'image.repository: nginx\nimage.tag: a\n',
      'nginx:b',
      'image.repository: nginx\nimage.tag: b\n',
      ['image\\.tag'],
    ],
    [
      'an image without a tag, which stands beside it',
      'image: nginx\nimageTag: a\nweb: {image: nginx, tag: a}\n',
      'nginx:b',
      'image: nginx\nimageTag: b\nweb: {image: nginx, tag: b}\n',
      ['imageTag', 'web.tag'],
    ],
    [
      "a registry for all, in place of a map's own",
      'global: {imageRegistry: "r.example:5000"}\nweb: {image: {registry: docker.io, repository: acme/web, tag: a}}\nnginx: {repository: acme/web, tag: a}\n',
      'r.example:5000/acme/web:b',
      'global: {imageRegistry: "r.example:5000"}\nweb: {image: {registry: docker.io, repository: acme/web, tag: b}}\nnginx: {repository: acme/web, tag: a}\n',
      ['web.image.tag'],
    ],
    [
      'an empty registry for all, which is none',
      'global: {imageRegistry: ""}\nimage: {registry: ghcr.io, repository: acme/web, tag: a}\n',
      'ghcr.io/acme/web:b',
      'global: {imageRegistry: ""}\nimage: {registry: ghcr.io, repository: acme/web, tag: b}\n',
      ['image.tag'],
    ],
    [
      'a hash that is pinned beside the tag goes with the tag',
      `image: {repository: nginx, tag: a, sha: ${'a'.repeat(64)}}\n`,
      'nginx:b',
      'image: {repository: nginx, tag: b, sha: ""}\n',
      ['image.tag', 'image.sha'],
    ],
    [
      'a hash is written without its algorithm where one stands so, or none yet',
      `a: {repository: nginx, tag: a, sha: ""}\nb: {repository: nginx, tag: a, digest: ${'a'.repeat(64)}}\n`,
      `nginx:b@sha256:${'b'.repeat(64)}`,
      `a: {repository: nginx, tag: b, sha: "${'b'.repeat(64)}"}\nb: {repository: nginx, tag: b, digest: ${'b'.repeat(64)}}\n`,
      ['a.tag', 'a.sha', 'b.tag', 'b.digest'],
    ],
    [
      'a commit is no hash of an image',
      'image: {repository: nginx, tag: a, sha: 3f9a1c2}\n',
      'nginx:b',
      'image: {repository: nginx, tag: b, sha: 3f9a1c2}\n',
      ['image.tag'],
    ],
    [
      'an image beside the name of an element',
      'images: [{name: web, image: nginx, tag: a}]\n',
      'nginx:b',
      'images: [{name: web, image: nginx, tag: b}]\n',
      ['images[name=web].tag'],
    ],
    ['at the root', 'repository: nginx\ntag: a\n', 'nginx:b', 'repository: nginx\ntag: b\n', ['tag']],
  ])('%s', (_, before, image, after, places) => {
    const planned = plan({ 'values.yaml': before }, [image]);
    expect(planned.problems).toEqual([]);
    expect(planned.files[0]?.after).toBe(after);
    expect(planned.images[0]?.places.map(({ place }) => place)).toEqual(places);
  });

  test.each([
    ['another repository', 'image: {repository: redis, tag: nginx}\n'],
    ['another registry', 'image: {registry: ghcr.io, repository: nginx, tag: a}\n'],
    ['a version, which is that of a chart', 'dependencies: [{name: nginx, repository: nginx, version: a}]\n'],
    ['a name that may be of anything', 'web: {name: nginx, tag: a}\n'],
    [
      'a repository that a chart may put a name behind',
      'image: {repository: docker.io/library, name: nginx, tag: a}\n',
    ],
    ['a tag alone', 'nginx: {tag: a}\nimage: {tag: a}\n'],
    ['a tag of another name', 'image: nginx\nwebTag: a\n'],
    ['several documents are no values', 'image: nginx:a\n---\nimage: nginx:a\n'],
    ['a repository that is none', 'image: {repository: "nginx {{ x }}", tag: a}\n'],
  ])('%s is left alone', (_, before) => {
    expect(plan({ 'values.yaml': before }, ['nginx:b']).files).toEqual([]);
  });

  test.each([
    ['a variable', `"\${TAG}"`, '${'],
    ['what a chart fills in', '"{{ .Chart.AppVersion }}"', '{{'],
  ])('%s in place of a tag is left alone and told', (_, tag, mark) => {
    const planned = plan({ 'values.yaml': `image: {repository: nginx, tag: ${tag}}\n` }, ['nginx:b']);
    expect([planned.files, planned.skipped]).toEqual([
      [],
      [
        {
          path: 'values.yaml',
          reason: 'expression',
          message: `image.tag has an expression (\`${mark}\`), which is left alone`,
        },
      ],
    ]);
  });

  test('a reference with a variable is told, and the one beside it is set', () => {
    const before = `a: {image: "nginx:\${TAG}"}\nb: {image: nginx:a}\n`;
    const { files, skipped } = plan({ 'values.yaml': before }, ['nginx:b']);
    expect(files[0]?.after).toBe(before.replace('nginx:a', 'nginx:b'));
    expect(skipped).toMatchObject([
      { reason: 'expression', message: expect.stringMatching(/^a\.image has an expression/) },
    ]);
  });

  test('a digest given where there is no place for it is refused', () => {
    const { problems } = plan({ 'values.yaml': 'image: {repository: nginx, tag: a}\n' }, [`nginx:b@${D2}`]);
    expect(problems).toMatchObject([{ kind: 'refused', code: 'no-such-field', place: 'image.tag' }]);
  });
});
