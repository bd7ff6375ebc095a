import { describe, expect, it } from 'vitest';
import { headline } from '../bump/subject.ts';
import type { ChangedFile } from '../change.ts';
import { parseImageEntry } from '../entries.ts';
import { pullRequestBranch, pullRequestText, withoutRun } from '../pull-request/pull-request-text.ts';
import { commitMessage } from './commit-message.ts';
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
    ['Set a 1, b 1, c 1 and 2 more', { images: images('a:1', 'b:1', 'c:1', 'd:1', 'e:1'), files: [] }],
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

  it('hides nothing that a value or a name holds', () => {
    const subject = { images: [], files: [file('\u001b[31m1', '2')], project: 'a\u202eb' };
    const shown = { headline: 'Set a\\u202eb: 1 value', body: 'values.yaml: image.tag: \\u001b[31m1 -> 2' };
    expect(commitMessage(subject, {})).toEqual(shown);
    expect(pullRequestText(subject, {}, { title: '', body: '' }).title).toBe(shown.headline);
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

describe('templates', () => {
  const subject = {
    images: images('r.example/web:1.4.2', 'r.example/worker:2'),
    files: [file('1', '2')],
    project: 'my_shop',
    environment: 'production',
    actor: 'octocat',
    runUrl: 'https://github.example/acme/app/actions/runs/42/attempts/1',
    target: { repository: 'acme/gitops', url: 'https://github.example/acme/gitops', branch: 'main' },
  };

  it('make the message of a commit', () => {
    const given = '{{ project }} {{ tag }} ({{ actor }})\n\n{{ changes }}\n\n{{ image-list }}\n{{ run-url }}';
    expect(commitMessage(subject, { project: 'my_shop' }, given)).toEqual({
      headline: 'my_shop 1.4.2, 2 (octocat)',
      body: [
        '- values.yaml: image.tag: 1 -> 2',
        '',
        '- r.example/web:1.4.2',
        '- r.example/worker:2',
        subject.runUrl,
        '',
        'Sluice-Project: my_shop',
      ].join('\n'),
    });
  });

  it('make title and body of a pull request, in which a value is no Markdown', () => {
    const text = pullRequestText(
      subject,
      {},
      {
        title: 'Deploy {{ project }}',
        body: '## {{ project }}\n\n{{ table }}\n\n[run]({{ run-url }})',
      },
    );
    expect(text.title).toBe('Deploy my_shop');
    expect(text.body.split('\n')).toEqual([
      '## my\\_shop',
      '',
      '| file | place | from | to |',
      '| --- | --- | --- | --- |',
      '| [`values.yaml`](https://github.example/acme/gitops/blob/main/values.yaml) | `image.tag` | `1` | `2` |',
      '',
      `[run](${subject.runUrl})`,
    ]);
  });

  it('let no value become a line or a trailer, neither of the headline', () => {
    const hostile = { ...subject, project: 'x\nSluice-Tenant: eu\u202e', actor: 'Sluice-Tenant: eu' };
    const { headline: first, body } = commitMessage(hostile, {}, '{{ actor }}\n\n{{ project }}\n{{ actor }}');
    expect(first).toBe('Sluice-Tenant : eu');
    expect(parseTrailers(`${first}\n\n${body}`)).toEqual({});
    expect(body).toContain('x Sluice-Tenant: eu\\u202e');
    const text = pullRequestText(hostile, {}, { title: '{{ actor }} {{ project }}', body: '{{ project }}' });
    expect(parseTrailers(`${text.title}\n\n${text.body}`)).toEqual({});
    expect(text.title).not.toMatch(/[\n\u202e]/);
  });

  it('fit: a title of 256 characters, a body of 65,536', () => {
    const many = Array.from({ length: 4000 }, (_, index) => ({
      place: { type: 'value' as const, document: 0, path: `services.service-${index}.image` },
      from: 'a',
      to: 'b',
    }));
    const large = { ...subject, files: [{ path: 'values.yaml', edits: many }], project: 'x'.repeat(99) };
    const text = pullRequestText(
      large,
      { project: 'shop' },
      {
        title: '{{ project }}{{ project }}{{ project }}',
        body: `${'line of text\n'.repeat(6000)}{{ table }}`,
      },
    );
    expect(text.title.length).toBeLessThanOrEqual(256);
    expect(text.body.length).toBeLessThanOrEqual(65_536);
    expect(text.body).toMatch(/line of text\n\n…\n\nSluice-Project: shop$/);
  });
});

it('of a pull request tells why it is one, and which run made it; another run writes the same', () => {
  const body = (run: number) =>
    pullRequestText(
      {
        images: [],
        files: [file('1', '2')],
        refusal: 'GH013: *Changes* must be made through a pull request. @team',
        runUrl: `https://github.example/acme/app/actions/runs/${run}/attempts/1`,
      },
      { run: `acme/app/${run}/1` },
      { title: '', body: '' },
    ).body;
  expect(body(42)).toContain('refused by the rules of the branch: GH013: \\*Changes\\* must be');
  expect(body(42)).not.toContain('@team');
  expect(body(42)).toContain('[this run](https://github.example/acme/app/actions/runs/42/attempts/1)');
  expect(body(42)).not.toBe(body(43));
  expect(withoutRun(body(42).replaceAll('\n', '\r\n'))).toBe(withoutRun(body(43)));
});
