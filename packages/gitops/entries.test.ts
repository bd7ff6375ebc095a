import { describe, expect, test } from 'vitest';
import { checkImageEntries, parseAssignment, parseHelmValues, parseImageEntry } from './entries.ts';

const DIGEST = `sha256:${'a'.repeat(64)}`;

describe('a line of images', () => {
  test.each([
    ['nginx:1.27', undefined, 'docker.io/library/nginx:1.27'],
    [`ghcr.io/a/b:1@${DIGEST}`, undefined, `ghcr.io/a/b:1@${DIGEST}`],
    [`ghcr.io/a/b@${DIGEST}`, undefined, `ghcr.io/a/b@${DIGEST}`],
    ['nginx=registry.example/nginx:1.27', 'nginx', 'registry.example/nginx:1.27'],
    ['localhost:5000/app:1', undefined, 'localhost:5000/app:1'],
  ])('%s', (line, name, image) => {
    const entry = parseImageEntry(line);
    expect([entry.name, entry.image, entry.text]).toEqual([name, image, line]);
  });

  test.each([
    ['registry:5000/app', /names no tag and no digest/],
    ['nginx', /names no tag and no digest/],
    ['', /is not an image reference/],
    ['nginx:1 semver:1.x', /names a version and a policy/],
    [`nginx@${DIGEST} semver:1.x`, /names a version and a policy/],
    ['nginx latest', /allowed: semver:<range>, newest:<regex>/],
    ['nginx semver:latest', /a range of semantic versions/],
    ['nginx newest:(', /a regular expression/],
    ['=nginx:1', /has no name before/],
    ['Acme/App:1', /capitals/],
  ])('%j is refused', (line, message) => {
    expect(() => parseImageEntry(line)).toThrow(message);
  });

  test.each([
    ['nginx semver:>=1.27 <2', undefined, 'docker.io/library/nginx', 'semver'],
    ['web=ghcr.io/acme/web  newest:^main-', 'web', 'ghcr.io/acme/web', 'newest'],
    ['localhost:5000/app numeric:^b(\\d+)=x$', undefined, 'localhost:5000/app', 'numeric'],
    ['nginx alphabetical:', undefined, 'docker.io/library/nginx', 'alphabetical'],
  ])('with a policy: %s', (line, name, image, type) => {
    const entry = parseImageEntry(line);
    expect(entry).toMatchObject({ text: line, image, policy: { type } });
    expect(entry.name).toBe(name);
  });

  test('two versions of one repository are refused, whatever its spelling; the same twice is not', () => {
    const entries = (lines: string[]) => lines.map(parseImageEntry);
    expect(() => checkImageEntries(entries(['nginx:1', 'docker.io/library/nginx:2']))).toThrow(
      /different versions/,
    );
    expect(() => checkImageEntries(entries(['nginx:1', `nginx:1@${DIGEST}`]))).toThrow(/different versions/);
    expect(() => checkImageEntries(entries(['nginx:1', 'docker.io/nginx:1', 'redis:2']))).not.toThrow();
    expect(() => checkImageEntries(entries(['nginx semver:1', 'nginx semver:2']))).toThrow(
      /different versions/,
    );
    expect(() => checkImageEntries(entries(['nginx semver:1', 'docker.io/nginx semver:1']))).not.toThrow();
  });
});

describe('a line of set', () => {
  test.each([
    ['values.yaml image.tag=1.10', 'values.yaml', 0, { type: 'text', text: '1.10' }],
    ['./a/b.yaml#2 spec.replicas=3', 'a/b.yaml', 2, { type: 'text', text: '3' }],
    ['a.yaml x:=3', 'a.yaml', 0, { type: 'json', value: 3 }],
    ['a.yaml x:="3"', 'a.yaml', 0, { type: 'json', value: '3' }],
    ['a.yaml x:=null', 'a.yaml', 0, { type: 'json', value: null }],
    ['a.yaml x=', 'a.yaml', 0, { type: 'text', text: '' }],
    ['a.yaml x=a=b := c', 'a.yaml', 0, { type: 'text', text: 'a=b := c' }],
    ['"my file.yaml"#1 x=1', 'my file.yaml', 1, { type: 'text', text: '1' }],
    ['"a#1.yaml" x=1', 'a#1.yaml', 0, { type: 'text', text: '1' }],
    ['a#b.yaml x=1', 'a#b.yaml', 0, { type: 'text', text: '1' }],
  ])('%s', (line, file, document, value) => {
    expect(parseAssignment(line)).toMatchObject({ text: line, file, document, value });
  });

  test.each([
    ['values.yaml', /a space must follow/],
    ['values.yaml image.tag', /no "=" or ":="/],
    ['values.yaml =x', /a key is empty/],
    ['a.yaml x:=', /is not JSON/],
    ['a.yaml x:={"a":1}', /only a string, a number, true, false or null/],
    ['a.yaml x:=1e999', /only a string, a number/],
    ['"a.yaml x=1', /broken JSON string/],
    [' x=1', /begins with no file/],
  ])('%j is refused', (line, message) => {
    expect(() => parseAssignment(line)).toThrow(message);
  });
});

describe('a line of helm-values', () => {
  test('one path, or a path each for repository and tag', () => {
    expect(parseHelmValues('values.yaml: image.tag')).toMatchObject({
      file: 'values.yaml',
      path: [{ key: 'image' }, { key: 'tag' }],
    });
    expect(parseHelmValues('"my values.yaml": image.name / image.version')).toMatchObject({
      file: 'my values.yaml',
      repositoryPath: [{ key: 'image' }, { key: 'name' }],
      path: [{ key: 'image' }, { key: 'version' }],
    });
  });

  test.each([
    'values.yaml',
    'values.yaml:',
    'values.yaml image.tag',
    'v.yaml: a / b / c',
    ': a',
  ])('%j is refused', (line) => {
    expect(() => parseHelmValues(line)).toThrow();
  });
});
