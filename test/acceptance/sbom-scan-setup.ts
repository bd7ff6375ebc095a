import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type RunOptions, type RunResult, runBundle } from '@sluice/testbed/runner';
import { afterEach, beforeEach } from 'vitest';

const action = fileURLToPath(new URL('../../actions/sbom-scan', import.meta.url));
/** Another build than the committed one: the folder of its bundles. */
const built = process.env.SLUICE_BUNDLES;

interface Listed {
  readonly name: string;
  readonly version?: string;
  readonly purl?: string;
  readonly dependsOn?: readonly string[];
}

/** A CycloneDX document of npm packages, `name@version`, on which `shop` depends, or of components as they are given. */
export function sbomOf(...packages: readonly (string | Listed)[]): string {
  const components = packages.map((one) => (typeof one === 'string' ? npm(one) : one));
  return JSON.stringify({
    bomFormat: 'CycloneDX',
    specVersion: '1.6',
    version: 1,
    metadata: { component: { type: 'application', name: 'shop', version: '1.4.2', 'bom-ref': 'shop' } },
    components: components.map(({ dependsOn: _, ...one }) => ({
      type: 'library',
      'bom-ref': one.name,
      ...one,
    })),
    dependencies: [
      { ref: 'shop', dependsOn: components.map(({ name }) => name) },
      ...components.map(({ name, dependsOn = [] }) => ({ ref: name, dependsOn })),
    ],
  });
}

function npm(text: string): Listed {
  const at = text.lastIndexOf('@');
  const [name, version] = [text.slice(0, at), text.slice(at + 1)];
  return { name, version, purl: `pkg:npm/${encodeURIComponent(name)}@${version}` };
}

/** An OSV record of an npm package that is mended in `fixed`. */
export function recordOf(id: string, name: string, fixed: string, more: object = {}) {
  return {
    schema_version: '1.6.0',
    id,
    // A database that nobody has changed for long is a warning.
    modified: new Date().toISOString(),
    published: '2026-08-01T00:00:00Z',
    summary: `${name} does harm`,
    severity: [{ type: 'CVSS_V3', score: 'CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H' }],
    affected: [
      {
        package: { ecosystem: 'npm', name },
        ranges: [{ type: 'SEMVER', events: [{ introduced: '0' }, { fixed }] }],
      },
    ],
    ...more,
  };
}

/** `CVSS:3.1`, low: 2.0 or so. */
export const low = [{ type: 'CVSS_V3', score: 'CVSS:3.1/AV:P/AC:H/PR:H/UI:R/S:U/C:L/I:N/A:N' }];

/** A workspace for each test of a file, and the action run in it. */
export function scanOfEach() {
  let workspace: string;
  beforeEach(() => {
    workspace = mkdtempSync(join(tmpdir(), 'workspace-'));
  });
  afterEach(() => rmSync(workspace, { recursive: true, force: true }));
  return {
    put(path: string, content: string | object): void {
      mkdirSync(dirname(join(workspace, path)), { recursive: true });
      writeFileSync(join(workspace, path), typeof content === 'string' ? content : JSON.stringify(content));
    },
    program(path: string, script: string): void {
      mkdirSync(dirname(join(workspace, path)), { recursive: true });
      writeFileSync(join(workspace, path), script);
      chmodSync(join(workspace, path), 0o755);
    },
    read: (path: string): string => readFileSync(join(workspace, path), 'utf8'),
    path: (path: string): string => join(workspace, path),
    /** With `source: database` and `database: osv` where nothing else is given. */
    scan: (
      inputs: Readonly<Record<string, string>> = {},
      more: Partial<RunOptions> = {},
    ): Promise<RunResult> =>
      runBundle({
        action,
        workspace,
        ...(built === undefined ? {} : { bundle: join(built, 'sbom-scan.js') }),
        inputs: {
          sbom: 'sbom.cdx.json',
          ...(inputs.source === undefined ? { source: 'database', database: 'osv' } : {}),
          ...inputs,
        },
        ...more,
      }),
  };
}

/** What of a result a test is about. */
export const verdictOf = ({ exitCode, outputs }: RunResult) => ({
  exitCode,
  verdict: outputs.verdict,
  ok: outputs.ok,
  reason: outputs.reason,
});

export const json = ({ outputs }: RunResult) => JSON.parse(outputs.result ?? '');
