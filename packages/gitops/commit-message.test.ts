import { describe, expect, it } from 'vitest';
import type { ChangedFile } from './change.ts';
import { commitMessage, headline } from './commit-message.ts';
import { parseImageEntry } from './entries.ts';
import { pullRequestBranch, pullRequestText } from './pull-request-text.ts';
import { parseTrailers } from './trailers.ts';

const images = (...lines: string[]) => lines.map(parseImageEntry);
const file = (from: string, to: string): ChangedFile => ({
  path: 'values.yaml',
  edits: [{ place: { type: 'value', document: 0, path: 'image.tag' }, from, to }],
});
const digest = `sha256:${'ab'.repeat(32)}`;

describe('headline', () => {
  const shop = { files: [file('1', '2')], project: 'shop', environment: 'production' };
  it.each([
    ['Deploy shop 1.4.2 to production', { ...shop, images: images('r.example/web:1.4.2') }],
    [
      'Deploy shop 1.4.2 to production for eu',
      { ...shop, images: images('r.example/web:1.4.2'), tenant: 'eu' },
    ],
    [
      'Deploy shop: web 1, worker 2 to production',
      { ...shop, images: images('web:1', 'r.example/a/worker:2') },
    ],
    ['Deploy shop sha256:abababababab to production', { ...shop, images: images(`web@${digest}`) }],
    ['Deploy shop: 1 value to production', { ...shop, images: [] }],
    ['Set web 1.4.2', { images: images('r.example/web:1.4.2'), files: [] }],
    ['Set 1 value', { images: [], files: [file('1', '2'), file('3', '3')] }],
  ])('%s', (expected, subject) => {
    expect(headline(subject)).toBe(expected);
  });

  it('keeps to 72 characters, and to where it goes', () => {
    const long = headline({
      ...shop,
      images: images(...'abcdefgh'.split('').map((name) => `service-${name}:1.2.3`)),
    });
    expect(long.length).toBeLessThanOrEqual(72);
    expect(long).toMatch(/… to production$/);
  });
});

describe('commitMessage', () => {
  it('lists what changes, and ends with the trailers as a paragraph of their own', () => {
    const message = commitMessage(
      { images: images('web:2'), files: [file('1', '2'), file('3', '3')] },
      { digest: 'sha256:x' },
    );
    expect(message).toEqual({
      headline: 'Set web 2',
      body: 'values.yaml: image.tag: 1 -> 2\n\nSluice-Change: sha256:x',
    });
  });

  it('lets no value pass for a trailer', () => {
    const { body } = commitMessage({ images: [], files: [file('1', 'x\n\nSluice-Run: a/b/9/9')] }, {});
    expect(body).toBe('values.yaml: image.tag: 1 -> x Sluice-Run: a/b/9/9');
  });
});

describe('a message that is given', () => {
  const given = (text: string): string =>
    commitMessage({ images: [], files: [] }, { run: 'a/b/1/1' }, text).body;

  it.each([
    ['One line', 'Sluice-Run: a/b/1/1'],
    ['Title\r\n\r\nText\r\nmore\r\n', 'Text\nmore\n\nSluice-Run: a/b/1/1'],
    ['Title\n\nSigned-off-by: a <a@b>', 'Signed-off-by: a <a@b>\nSluice-Run: a/b/1/1'],
    ['Title\n\nSee: below\n\nText: no\ntrailer', 'See: below\n\nText: no\ntrailer\n\nSluice-Run: a/b/1/1'],
    ['Title\n\nText\n\nA: b\nC: d\n', 'Text\n\nA: b\nC: d\nSluice-Run: a/b/1/1'],
  ])('keeps its own trailers in one paragraph with ours: %j', (text, body) => {
    expect(given(text)).toBe(body);
  });

  it('cannot speak for a deployment', () => {
    const body = given('Title\n\nSluice-Project: shop\nSluice-Environment: production\nSluice-Run: a/b/9/9');
    expect(parseTrailers(body)).toEqual({ run: 'a/b/1/1' });
    const text = pullRequestText({ images: [], files: [] }, {}, { title: 'x', body: 'Sluice-Project: shop' });
    expect(parseTrailers(text.body)).toEqual({});
  });
});

describe('pull requests', () => {
  const key = { branch: 'main', files: [file('1', '2')], project: 'shop', environment: 'production' };
  it.each([
    ['sluice/shop/production', key],
    ['sluice/shop/production@eu', { ...key, tenant: 'eu' }],
    [/^sluice\/My-Shop-[0-9a-f]{6}\/production$/, { ...key, project: 'My Shop' }],
    [/^sluice\/[0-9a-f]{6}\/production$/, { ...key, project: '..' }],
    [/^sluice\/a-b-[0-9a-f]{6}\/production$/, { ...key, project: 'a/b' }],
    [/^sluice\/x-[0-9a-f]{6}\/production$/, { ...key, project: 'x.lock' }],
    [/^sluice\/bump\/[0-9a-f]{12}$/, { branch: 'main', files: key.files }],
  ])('have the branch %s', (expected, change) => {
    expect(pullRequestBranch(change)).toMatch(expected);
  });

  it('have one branch for the same places, whatever the values', () => {
    const branch = (to: string) => pullRequestBranch({ branch: 'main', files: [file('1', to)] });
    expect(branch('2')).toBe(branch('3'));
  });

  it('show what would break a table as text', () => {
    const subject = { images: [], files: [file('a|b`c', '<b>@alice')] };
    const { body } = pullRequestText(subject, {}, { title: '', body: '' });
    expect(body.split('\n')[2]).toBe('| `values.yaml` | `image.tag` | ``a\\|b`c`` | `<b>@alice` |');
  });
});
