import { fileURLToPath } from 'node:url';
import { type GitHubStandIn, startGitHub } from '@sluice/testbed/github/start';
import { jobEnvironment, type RunOptions, type RunResult, runBundle } from '@sluice/testbed/runner';
import { expect } from 'vitest';

const action = fileURLToPath(new URL('../../actions/image-tag-bump', import.meta.url));

export const gitops = 'acme/gitops';
export const manifest = 'apps/shop/deployment.yaml';

/** A Deployment with Windows line ends, comments and a quoted value: only the image's bytes may change. */
export const deployment = (tag: string): string =>
  [
    'apiVersion: apps/v1',
    'kind: Deployment',
    'metadata: {name: shop, namespace: shop}   # keep',
    'spec:',
    '  template:',
    '    spec:',
    '      containers:',
    '        - name: web',
    `          image: "registry.example/shop:${tag}"  # the shop`,
    '        - name: worker',
    '          image: registry.example/worker:7',
    '',
  ].join('\r\n');

export interface Fixture extends AsyncDisposable {
  readonly github: GitHubStandIn;
  readonly token: string;
  run(inputs: Record<string, string>, more?: Partial<RunOptions>): Promise<RunResult>;
  /** A file of the GitOps repository as text. */
  text(path: string, ref?: string): Promise<string | undefined>;
}

/** The GitHub stand-in with a GitOps repository and another one for the application. */
export async function startFixture(files: Record<string, string | Uint8Array> = {}): Promise<Fixture> {
  const github = await startGitHub();
  await github.createRepository('acme/app', { 'README.md': '# app\n' });
  await github.createRepository(gitops, {
    'README.md': '# gitops\n',
    [manifest]: deployment('1.4.1'),
    'apps/pay/kustomization.yaml': 'images:\n  - name: pay\n    newTag: "2.0"\n',
    'charts/api/values.yaml': 'image:\n  repository: registry.example/api\n  tag: v1\nreplicas: 2\n',
    ...files,
  });
  const token = github.createToken();
  return {
    github,
    token,
    run: (inputs, more = {}) =>
      runBundle({
        action,
        token,
        ...more,
        inputs: { repository: gitops, ...inputs },
        env: jobEnvironment(github, 'acme/app', { GITHUB_RUN_ID: '42', ...more.env }),
      }),
    text: async (path, ref = 'main') => (await github.readFile(gitops, ref, path))?.toString('utf8'),
    async [Symbol.asyncDispose]() {
      await github.close();
    },
  };
}

/** The JSON of an output. */
export function json(result: RunResult, name: 'change' | 'result'): Record<string, unknown> {
  const value: unknown = JSON.parse(result.outputs[name] ?? '');
  if (typeof value !== 'object' || value === null) throw new Error(`${name} is no object`);
  return { ...value };
}

/** The log as a person sees it: the runner takes the masks out. */
export function shownLog(result: RunResult): string {
  return result.log.replace(/^::add-mask::.*\n/gm, '');
}

/** The outputs that every run writes. */
export const everyOutput = [
  'verdict',
  'ok',
  'reason',
  'summary',
  'result',
  'changed',
  'commit-sha',
  'branch',
  'pull-request-number',
  'pull-request-url',
  'change',
  'plan-digest',
];

/** A failed run: one annotation with the sentence, all outputs, exit code 1, and nothing committed. */
export async function expectFailure(
  fixture: Fixture,
  result: RunResult,
  wanted: { verdict: string; reason: string; says: RegExp },
): Promise<void> {
  const errors = result.annotations.filter(({ level }) => level === 'error');
  expect({ exitCode: result.exitCode, ...result.outputs, errors: errors.length }).toMatchObject({
    exitCode: 1,
    verdict: wanted.verdict,
    reason: wanted.reason,
    changed: 'false',
    errors: 1,
  });
  expect(Object.keys(result.outputs)).toEqual(expect.arrayContaining(everyOutput));
  expect(errors[0]?.message).toMatch(wanted.says);
  expect(result.summary).not.toBe('');
  expect(shownLog(result)).not.toContain(fixture.token);
  expect(
    (await fixture.github.log(gitops)).filter(({ message }) => message.includes('Sluice-Change')),
  ).toEqual([]);
}

/** Runs one test with a fixture of its own, so that tests may run side by side; then asks whether GitHub's rules were kept. */
export async function withFixture(test: (fixture: Fixture) => Promise<void>): Promise<void> {
  await using fixture = await startFixture();
  await test(fixture);
  fixture.github.expectNoViolations();
}
