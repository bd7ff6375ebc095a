import type { RunResult } from '@sluice/testbed/runner';
import { readAction } from '@sluice/testbed/runner-action';
import { afterAll, beforeAll, expect, describe as group, it } from 'vitest';
import { seen } from './argo-sync-wait-setup.ts';
import { action, type Fixture, gitops, image, startFixture } from './root-setup.ts';

// One stage for all: none of these runs may change anything in it.
let fixture: Fixture;
let head: string;

beforeAll(async () => {
  fixture = await startFixture();
  await fixture.deployed();
  head = await fixture.commit({ 'docs/notes.txt': 'notes', 'broken/a.yaml': 'a: [1\nb: }' });
});
afterAll(async () => {
  expect(await fixture.github.head(gitops)).toBe(head);
  expect(fixture.github.repository(gitops).pulls.size).toBe(0);
  expect(fixture.github.repository('acme/app').deployments.size).toBe(0);
  expect(fixture.argocd.requests.filter(({ method }) => method === 'POST')).toEqual([]);
  fixture.github.expectNoViolations();
  expect(fixture.argocd.violations).toEqual([]);
  await fixture[Symbol.asyncDispose]();
});

const { outputs: everyOutput } = readAction(`${action}/action.yml`);

/** One clear error: exit 1, all outputs, one annotation with the sentence, a page, and no token anywhere. */
function expectError(run: RunResult, reason: string, says: RegExp): void {
  expect(seen(run)).toEqual({ exitCode: 1, verdict: 'unknown', reason, ok: 'unknown' });
  expect(Object.keys(run.outputs).toSorted()).toEqual(everyOutput.toSorted());
  expect(run.outputs).toMatchObject({ changed: 'false', 'commit-sha': '', revision: '' });
  expect(JSON.parse(run.outputs.result ?? '')).toMatchObject({
    schema: 'sluice.root.v1',
    verdict: 'unknown',
    reason,
  });
  const errors = run.annotations.filter(({ level }) => level === 'error');
  expect(errors).toHaveLength(1);
  expect(errors[0]?.message).toMatch(says);
  expect(run.outputs.summary).toMatch(/^[^\n]+$/);
  expect(run.summary).toMatch(/^\*\*/);
  const shown = `${run.log.replace(/^::add-mask::.*$/gm, '')}${run.summary}${Object.values(run.outputs).join('\n')}`;
  for (const secret of [fixture.token, fixture.argocdToken]) expect(shown).not.toContain(secret);
}

// Each wrong input costs no run of its own: the error lists them all.
group.concurrent('wrong inputs: one error that lists them', { timeout: 120_000 }, () => {
  it.each([
    [
      'malformed, and wrong together only',
      {
        ...{ images: 'registry.example/shop', path: '../x', sync: 'maybe', timeout: '90', verify: 'yes' },
        ...{ 'deployment-id': 'x', 'dry-run': 'maybe', project: '', tenant: 'eu', 'app-id': '7' },
        ...{ 'expect-plan': 'sha256:1', 'fail-on-verdict': 'nonsense', deployment: 'queue' },
        'argocd-server': 'https://a.example\nhttps://b.example',
      },
      [
        ...['images: "registry.example/shop"', 'path: "../x"', 'timeout: "90"', 'deployment-id: "x"'],
        ...[
          'sync: "maybe": allowed: never, when-manual, always',
          'verify: "yes": allowed: healthy, merged, committed',
        ],
        ...[
          'dry-run: "maybe": allowed: true, false',
          'expect-plan: "sha256:1"',
          'fail-on-verdict: "nonsense"',
        ],
        ...[
          'allowed: `name=URL` for each',
          '`tenant` is given without',
          'only one of `app-id` and `app-private-key`',
        ],
        'give `project` and `environment`',
      ],
    ],
    [
      'missing, and at odds with each other',
      {
        ...{ images: '', 'argocd-server': '', 'argocd-token': '', commit: 'none', 'deployment-id': '7' },
        ...{ environment: '', path: '/etc', settle: '10', mode: 'sometimes', prune: 'yes' },
      },
      [
        ...[
          'give `images` or `set`',
          '`argocd-server` is needed',
          '`argocd-token` (or `argocd-oidc: true`, or `argocd-username` and `argocd-password`) is needed',
          '`commit: none`',
        ],
        ...['say `verify: committed`', 'path: "/etc"', 'settle: "10": allowed: a duration with its unit'],
        ...[
          'give `project` and `environment`',
          'mode: "sometimes": allowed: wait, event, once',
          'prune: "yes"',
        ],
      ],
    ],
    ['a certificate that is none', { 'argocd-ca': 'nothing' }, ['argocd-ca', 'PEM']],
  ])('%s', async (_, inputs, says) => {
    const run = await fixture.run(inputs);
    expectError(run, 'invalid-input', /\nCorrect the `with:` block|argocd-ca/);
    for (const words of says) expect(run.outputs.summary).toContain(words);
  });
});

group.concurrent('wrong for this repository', { timeout: 120_000 }, () => {
  it.each([
    ['a file that is not YAML', { path: 'broken/a.yaml' }, 'not-yaml', /broken\/a\.yaml/],
    ['a folder without manifests', { path: 'docs' }, 'no-manifests', /"docs" holds no YAML/],
  ])('%s', async (_, inputs, reason, says) => {
    expectError(await fixture.run(inputs), reason, says);
  });

  it.each([
    ['nothing matches', { images: 'registry.example/other:1' }, 'not-found', 'image-not-found'],
    ['an older version', { images: image('1.3.8') }, 'refused', 'outdated'],
  ])('%s: no success, and nothing is written', async (_, inputs, verdict, reason) => {
    const run = await fixture.run(inputs);
    expect(seen(run)).toEqual({ exitCode: 1, verdict, reason, ok: 'false' });
    expect(run.outputs).toMatchObject({ changed: 'false', 'commit-sha': '' });
    expect(run.annotations).toHaveLength(1);
  });
});

group.concurrent(
  'servers and tokens: one sentence that says which permission or setting',
  { timeout: 120_000 },
  () => {
    it.each([
      [
        'an Argo CD that is not there',
        { 'argocd-server': 'http://127.0.0.1:9', timeout: '2s' },
        'argocd-unreachable',
        /127\.0\.0\.1:9/,
      ],
      [
        'an unknown token of Argo CD',
        { 'argocd-token': 'nonsense' },
        'argocd-token',
        /does not accept argocd-token/,
      ],
      ['an unknown application', { applications: 'nobody' }, 'no-application', /no Application `nobody`/],
      [
        'too few applications',
        { expect: '2' },
        'too-few-applications',
        /Found 1 of the 2 applications that `expect` asks for: payments/,
      ],
      ['an unknown token of GitHub', { token: 'ghs_nothing' }, 'bad-credentials', /acme\/gitops/],
      ['a repository that is not there', { repository: 'acme/none' }, 'not-visible', /acme\/none/],
    ])('%s', async (_, inputs, reason, says) => {
      expectError(await fixture.run(inputs), reason, says);
    });
  },
);
