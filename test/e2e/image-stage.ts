import assert from 'node:assert/strict';
import { join } from 'node:path';
import { type RunResult, runBundle } from '@sluice/testbed/runner';
import { dockerEnvironment, type ImageRig, startImages } from './rig/images.ts';
import type { Scenario } from './run-scenarios.ts';

const action = join(import.meta.dirname, '..', '..', 'actions', 'build-gate', 'run');
const head = '0a1b2c3d4e5f60718293a4b5c6d7e8f901234567';
// The whole commit: a label's run names the image by it.
export const tag = `pr-12-${head}`;
export const dockerfile = 'FROM scratch\nCOPY probe /probe\nUSER 1000:1000\nENTRYPOINT ["/probe"]\n';

/** Go's own library, mended in a version that nobody has yet, or long ago. */
export const record = (fixed: string): string =>
  JSON.stringify({
    id: 'GO-2026-0001',
    modified: '2026-08-21T00:00:00Z',
    summary: 'A vulnerability of the test',
    severity: [{ type: 'CVSS_V3', score: 'CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H' }],
    affected: [
      {
        package: { ecosystem: 'Go', name: 'stdlib' },
        ranges: [{ type: 'SEMVER', events: [{ introduced: '0' }, { fixed }] }],
      },
    ],
  });

type Inputs = Readonly<Record<string, string>>;

export interface World {
  readonly rig: ImageRig;
  readonly workspace: string;
  /** build-gate in a run of a pull request, pushing to `team/shop`. */
  readonly gate: (inputs: Inputs, env?: Inputs) => Promise<RunResult>;
}

/** What happens, whichever builder it is. */
interface Story {
  readonly title: string;
  readonly run: (world: World) => Promise<void>;
  readonly files: Inputs;
  /** Of these builders alone. */
  readonly only: readonly RealBuilder[];
}

export const story = (
  title: string,
  run: Story['run'],
  files: Inputs = {},
  only: readonly RealBuilder[] = ['buildah', 'buildah-oci', 'podman', 'docker'],
): Story => ({ title, run, files, only });

/** Buildah with its own isolation, and with runc. */
export type RealBuilder = 'buildah' | 'buildah-oci' | 'podman' | 'docker';

const inputOf = (builder: RealBuilder): string => (builder === 'buildah-oci' ? 'buildah' : builder);

function environmentOf(builder: RealBuilder, { env }: ImageRig): Inputs {
  if (builder === 'docker') return dockerEnvironment();
  return builder === 'buildah-oci' ? { ...env, BUILDAH_ISOLATION: 'oci', BUILDAH_RUNTIME: 'runc' } : env;
}

/** A story with a registry and a storage of its own. */
export const scenarioOf =
  (builder: RealBuilder) =>
  ({ title, run, files }: Story): Scenario<unknown> => ({
    title: `${builder}: ${title}`,
    async run() {
      await using rig = await startImages();
      const given = { Dockerfile: dockerfile, 'osv.json': record('1.2.0'), ...files };
      const workspace = await rig.workspace(given);
      const gate: World['gate'] = (inputs, env = {}) =>
        runBundle({
          action,
          workspace,
          inputs: {
            ...{ builder: inputOf(builder), source: 'database', database: 'osv.json' },
            ...{ 'push-to': `${rig.registry}/team/shop`, ...inputs },
          },
          event: { pull_request: { number: 12, head: { sha: head } } },
          env: { ...environmentOf(builder, rig), ...env },
          timeout: 200_000,
          ...bundle,
        });
      await run({ rig, workspace, gate });
    },
  });

/** Another build than the committed one: the folder of its bundles. */
const built = process.env.SLUICE_BUNDLES;
const bundle = built === undefined ? {} : { bundle: join(built, 'build-gate.js') };

export function expectEnd(run: RunResult, verdict: string, reason: string): void {
  assert.deepEqual([run.outputs.verdict, run.outputs.reason], [verdict, reason], run.log);
  assert.equal(run.exitCode, verdict === 'passed' ? 0 : 1);
}

/** It failed, said why, and nothing is in the registry. */
export async function expectNothing(
  { rig }: World,
  run: RunResult,
  reason: string,
  says: RegExp,
): Promise<void> {
  expectEnd(run, 'failed', reason);
  assert.match(run.outputs.summary ?? '', says);
  assert.deepEqual([run.outputs.image, run.outputs.digest], ['', '']);
  assert.deepEqual(await rig.tags('team/shop'), []);
}
