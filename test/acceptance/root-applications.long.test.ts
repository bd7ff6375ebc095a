import { fileURLToPath } from 'node:url';
import { startArgoCd } from '@sluice/testbed/argocd/stand-in';
import { startGitHub } from '@sluice/testbed/github/start';
import { jobEnvironment, runBundle } from '@sluice/testbed/runner';
import { expect, test } from 'vitest';

const action = fileURLToPath(new URL('../..', import.meta.url));

const pod = (name: string, tag: string): string =>
  `apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: ${name}}\nspec:\n  selector: {matchLabels: {app: ${name}}}\n  template:\n    metadata: {labels: {app: ${name}}}\n    spec:\n      containers:\n        - name: app\n          image: registry.example/${name}:${tag}\n`;

test('the one step changes annotated Applications in two repositories, and waits until both are live', async () => {
  const github = await startGitHub();
  const argocd = await startArgoCd({ gitBase: github.root });
  try {
    await github.createRepository('acme/app', { 'README.md': '# app\n' });
    const names = ['web', 'worker'];
    for (const name of names) {
      await github.createRepository(`acme/${name}`, {
        'production/a.yaml': pod(name, '1.0.0'),
        'qa/a.yaml': pod(name, '1.0.0'),
      });
      for (const environment of ['production', 'qa']) {
        await argocd.createApplication({
          name: `${name}-${environment}`,
          repoURL: `${github.url}/acme/${name}.git`,
          path: environment,
          automated: true,
          deployed: true,
          annotations: { 'sluice.dev/project': 'shop', 'sluice.dev/environment': environment },
        });
      }
    }
    const result = await runBundle({
      action,
      token: github.githubToken('acme/app'),
      timeout: 90_000,
      env: jobEnvironment(github, 'acme/app', { GITHUB_RUN_ID: '42' }),
      inputs: {
        images: names.map((name) => `registry.example/${name}:1.1.0`).join('\n'),
        ...{ 'applications-from': 'argocd', project: 'shop', environment: 'production' },
        ...{ 'argocd-server': argocd.url, 'argocd-token': argocd.token({ actions: ['get', 'sync'] }) },
        ...{ settle: '1s', timeout: '45s' },
        token: github.createToken({
          repositories: names.map((name) => `acme/${name}`),
          permissions: { contents: 'write' },
        }),
      },
    });
    expect(result).toMatchObject({ exitCode: 0, outputs: { verdict: 'live', ok: 'true' } });
    for (const name of names) {
      const text = async (path: string) => (await github.readFile(`acme/${name}`, 'main', path))?.toString();
      expect(await text('production/a.yaml')).toBe(pod(name, '1.1.0'));
      expect(await text('qa/a.yaml')).toBe(pod(name, '1.0.0'));
      expect(argocd.liveImages(`${name}-production`)).toEqual([`registry.example/${name}:1.1.0`]);
      expect(argocd.liveImages(`${name}-qa`)).toEqual([`registry.example/${name}:1.0.0`]);
    }
    github.expectNoViolations();
    expect(argocd.violations).toEqual([]);
  } finally {
    await argocd.close();
    await github.close();
  }
});
