import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { expectFailure, type Fixture, gitops, startFixture } from './image-tag-bump-setup.ts';

// One repository for all: none of these runs may change anything in it.
let fixture: Fixture;
let head: string;

beforeAll(async () => {
  fixture = await startFixture();
  head = await fixture.github.commitFiles(gitops, 'main', {
    'docs/notes.txt': 'notes',
    'broken/a.yaml': 'a: [1\nb: }',
    'broken/latin.yaml': Buffer.from('image: registry.example/shop:1 # ä', 'latin1'),
    link: { content: 'apps', mode: '120000' },
  });
});
afterAll(async () => {
  expect(await fixture.github.head(gitops)).toBe(head);
  fixture.github.expectNoViolations();
  await fixture[Symbol.asyncDispose]();
});

const shop = { images: 'registry.example/shop:1.4.2' };

describe.concurrent('wrong inputs: one error that lists them, all outputs, nothing changed', () => {
  const cases = [
    ['no images and no set', {}, 'invalid-input', /give `images` or `set`/],
    [
      'an image without a tag',
      { images: 'registry.example/shop' },
      'invalid-input',
      /images: "registry\.example\/shop"/,
    ],
    [
      'a word that commit does not know',
      { ...shop, commit: 'push' },
      'invalid-input',
      /commit: "push": allowed: direct/,
    ],
    [
      'two wrong at once',
      { images: 'a', commit: 'b' },
      'invalid-input',
      /2 problems in the inputs:\s(- )?images.*commit/s,
    ],
    ['a path that leads out', { ...shop, path: 'apps/../..' }, 'invalid-input', /path: "apps\/\.\.\/\.\."/],
    ['an absolute path', { ...shop, path: '/etc' }, 'invalid-input', /relative to the repository/],
    ['set with a path that leads out', { set: '../a.yaml x=1' }, 'invalid-input', /inside the repository/],
    [
      'a path that is not there',
      { ...shop, path: 'none' },
      'path-not-found',
      /no file or folder "none" in acme\/gitops/,
    ],
    [
      'a file that is no manifest',
      { ...shop, path: 'README.md' },
      'not-a-manifest',
      /"README\.md" is neither/,
    ],
    ['a folder without manifests', { ...shop, path: 'docs' }, 'no-manifests', /"docs" holds no YAML/],
    ['a symbolic link', { ...shop, path: 'link' }, 'path-not-found', /symbolic links are not followed/],
    ['a file that is not YAML', { ...shop, path: 'broken/a.yaml' }, 'not-yaml', /broken\/a\.yaml/],
    ['a field of a file that is not YAML', { set: 'broken/a.yaml a=1' }, 'not-yaml', /broken\/a\.yaml/],
    ['a file that is not UTF-8', { ...shop, path: 'broken/latin.yaml' }, 'not-utf8', /not UTF-8/],
    ['a branch that is not there', { ...shop, branch: 'none' }, 'branch-not-found', /no branch "none"/],
    ['half an App', { ...shop, 'app-id': '7' }, 'invalid-input', /only one of/i],
    ['a tenant alone', { images: 'a:1', tenant: 'eu' }, 'invalid-input', /`tenant`/],
  ] as const;
  it.each(cases)('%s', async (_, inputs, reason, says) => {
    await expectFailure(fixture, await fixture.run({ ...inputs }), { verdict: 'unknown', reason, says });
  });
});
