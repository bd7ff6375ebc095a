import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { type Fixture, withFixture } from './image-tag-bump-setup.ts';

/** A renderer that writes whatever stands in the folder that it is given, and what it sees of its environment to a file. */
const renderer = `#!/bin/sh
[ "$1" = build ] && folder="$2" || folder="$3"
env > "$PROBE_DIR/environment"
echo "$0 $*" >> "$PROBE_DIR/calls"
cat "$folder"/*.yaml | grep -v '^resources' | sed "s/^kind: Kustomization/kind: Skipped/"
for base in $(sed -n 's/^resources: \\[\\(.*\\)\\]/\\1/p' "$folder/kustomization.yaml" 2>/dev/null); do
  [ -d "$folder/$base" ] && { echo ---; cat "$folder/$base"/deployment.yaml; }
done
exit 0
`;

const deployment = (tag: string) =>
  `apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: pay, namespace: pay}\nspec:\n  template:\n    spec:\n      containers:\n        - {name: pay, image: "registry.example/pay:${tag}"}\n`;

const tree = {
  'apps/pay/kustomization.yaml': 'namespace: pay\n',
  'pay/base/kustomization.yaml': 'resources: [deployment.yaml]\n',
  'pay/base/deployment.yaml': deployment('1'),
  'pay/eu/kustomization.yaml': 'resources: [../base]\n',
  'pay/remote/kustomization.yaml': 'resources: [../base, "https://example.com/x?ref=main"]\n',
  'chart/Chart.yaml': 'apiVersion: v2\nname: pay\nversion: 1.0.0\n',
  'chart/values.yaml': 'image:\n  repository: registry.example/chart\n  tag: "1"\n',
  'chart/templates/deployment.yaml': 'image: {{ .Values.image.tag }}\n',
};

/** Runs it with programs of these names first on the PATH. */
async function withTools(
  tools: Readonly<Record<string, string>>,
  test: (stage: { run: Fixture['run']; bin: string; fixture: Fixture }) => Promise<void>,
): Promise<void> {
  const bin = mkdtempSync(join(tmpdir(), 'tools-'));
  try {
    for (const [name, script] of Object.entries(tools)) {
      writeFileSync(join(bin, name), script.replaceAll('$PROBE_DIR', bin));
      chmodSync(join(bin, name), 0o755);
    }
    await withFixture(async (fixture) => {
      await fixture.github.commitFiles('acme/gitops', 'main', tree);
      const run: Fixture['run'] = (inputs, more) =>
        fixture.run(
          { images: 'registry.example/pay:2', path: 'pay', 'dry-run': 'true', ...inputs },
          { ...more, env: { PATH: `${bin}:/usr/bin:/bin`, CANARY: 'do-not-hand-on', ...more?.env } },
        );
      await test({ run, bin, fixture });
    });
  } finally {
    rmSync(bin, { recursive: true, force: true });
  }
}

describe.concurrent('with kustomize on the PATH', { timeout: 60_000 }, () => {
  it('a dry run shows what every folder that takes the file in renders to, before and after', () =>
    withTools({ kustomize: renderer }, async ({ run, bin }) => {
      const { readFileSync } = await import('node:fs');
      const result = await run({});
      expect(result.outputs).toMatchObject({ verdict: 'updated', reason: 'dry-run' });
      expect(result.summary).toContain(
        'Rendered by kustomize: <code>pay/eu</code> · 1 object changes</summary>',
      );
      expect(result.summary).toMatch(
        /-\s+image: registry\.example\/pay:1\n\+\s+image: registry\.example\/pay:2\n/,
      );
      expect(result.summary).toContain(
        'Not rendered by kustomize: `pay/remote`: it takes https://example.com/x?ref=main from elsewhere',
      );
      expect(result.summary).not.toContain('<code>pay/base</code>');
      expect(readFileSync(join(bin, 'calls'), 'utf8').trim().split('\n')).toHaveLength(2);
      const environment = readFileSync(join(bin, 'environment'), 'utf8');
      expect(environment).toMatch(/^HOME=.*\/home$/m);
      expect(environment).not.toMatch(/do-not-hand-on|GITHUB_|INPUT_|ACTIONS_/);
    }));

  it('what it says when it fails is a sentence, and the verdict stays', () =>
    withTools(
      {
        kustomize: '#!/bin/sh\necho "Error: accumulating resources: no <b>matches</b> @alice" >&2\nexit 1\n',
      },
      async ({ run }) => {
        const result = await run({});
        expect({ exitCode: result.exitCode, ...result.outputs }).toMatchObject({
          exitCode: 0,
          verdict: 'updated',
        });
        expect(result.summary).toContain(
          'Not rendered by kustomize: `pay/eu`: Error: accumulating resources: no &lt;b&gt;matches&lt;/b&gt; @&#8203;alice',
        );
        expect(result.annotations).toEqual([]);
      },
    ));

  it('what it writes is read only up to 10 MB', () =>
    withTools({ kustomize: '#!/bin/sh\nyes "a: b" | head -c 20000000\n' }, async ({ run }) => {
      const result = await run({});
      expect(result.outputs.verdict).toBe('updated');
      expect(result.summary).toMatch(
        /Not rendered by kustomize: `pay\/eu`: kustomize wrote more than 10485760 bytes/,
      );
    }));

  it('nothing is rendered with `render: never`, nor in a run that writes with `auto`', () =>
    withTools({ kustomize: renderer }, async ({ run }) => {
      expect((await run({ render: 'never' })).summary).not.toContain('Rendered');
      expect((await run({ 'dry-run': 'false' })).summary).not.toContain('Rendered');
    }));
});

describe.concurrent('with Helm on the PATH', { timeout: 60_000 }, () => {
  it('a chart whose values changed is rendered under a name that no file decides', () =>
    withTools(
      { helm: '#!/bin/sh\necho "$*" >> "$PROBE_DIR/calls"\ncat chart/values.yaml\n' },
      async ({ run, bin }) => {
        const { readFileSync } = await import('node:fs');
        const result = await run({ images: 'registry.example/chart:2', path: 'chart' });
        expect(result.summary).toContain('Rendered by helm: <code>chart</code> · 1 object changes');
        expect(readFileSync(join(bin, 'calls'), 'utf8')).toBe('template preview ./chart\n'.repeat(2));
      },
    ));

  it('without it `auto` says nothing, and `always` says what is missing', () =>
    withTools({}, async ({ run }) => {
      const chart = { images: 'registry.example/chart:2', path: 'chart' };
      expect((await run(chart)).summary).not.toMatch(/[Rr]endered/);
      const always = await run({ ...chart, render: 'always', 'dry-run': 'false' });
      expect(always.outputs.verdict).toBe('updated');
      expect(always.summary).toContain('_Not rendered: `helm` is not on the PATH of the runner._');
    }));
});
