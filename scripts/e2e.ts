// `npm run e2e`: the built bundles against a real Argo CD over a real Kubernetes API, with the GitHub stand-in as Git
// server. Needs Go to build the real parts; without Go it says so and skips. Words after it choose scenarios by title.
import { startGitHub } from '@sluice/testbed/github/start';
import { goVersion } from '../test/e2e/rig/build.ts';
import { dockerStarts, podmanStarts, prepareImages } from '../test/e2e/rig/images.ts';
import { getLinters } from '../test/e2e/rig/linters.ts';
import { startRig } from '../test/e2e/rig/rig.ts';
import { buildScanners } from '../test/e2e/rig/scanners.ts';
import { runScenarios } from '../test/e2e/run-scenarios.ts';
import { again } from '../test/e2e/scenarios/again.ts';
import { deployers } from '../test/e2e/scenarios/deployers.ts';
import { ephemeral } from '../test/e2e/scenarios/ephemeral.ts';
import { events } from '../test/e2e/scenarios/events.ts';
import { failures } from '../test/e2e/scenarios/failures.ts';
import { imagesBy } from '../test/e2e/scenarios/images.ts';
import { layouts } from '../test/e2e/scenarios/layouts.ts';
import { linting } from '../test/e2e/scenarios/linting.ts';
import { operations } from '../test/e2e/scenarios/operations.ts';
import { outages } from '../test/e2e/scenarios/outages.ts';
import { permits } from '../test/e2e/scenarios/permits.ts';
import { previews } from '../test/e2e/scenarios/preview.ts';
import { pulls } from '../test/e2e/scenarios/pull-request.ts';
import { logins } from '../test/e2e/scenarios/registry-login.ts';
import { rendering } from '../test/e2e/scenarios/rendering.ts';
import { sboms } from '../test/e2e/scenarios/sbom.ts';
import { verified } from '../test/e2e/scenarios/verified.ts';
import { workflow } from '../test/e2e/scenarios/workflow.ts';
import { createStage } from '../test/e2e/stage.ts';

const words = process.argv.slice(2);
const byBuildah = imagesBy('buildah');
const byPodman = [...imagesBy('podman'), ...imagesBy('buildah-oci')];
const byDocker = imagesBy('docker');
const chosen = [
  ...rendering,
  ...operations,
  ...workflow,
  ...again,
  ...failures,
  ...layouts,
  ...previews,
  ...verified,
  ...permits,
  ...deployers,
  ...ephemeral,
  ...events,
  ...outages,
  ...sboms,
  ...byBuildah,
  ...byPodman,
  ...byDocker,
  ...pulls,
  ...logins,
  ...linting,
].filter(({ title }) => words.every((word) => title.includes(word)));
const closing = (passed: number, failed: number, skipped: number): void =>
  console.log(`\n${passed} passed, ${failed} failed, ${skipped} skipped`);

const go = await goVersion();
if (go === undefined) {
  console.log(
    'e2e needs Go 1.25 or newer to build Argo CD and the Kubernetes API server: https://go.dev/dl/',
  );
  closing(0, 0, chosen.length);
  process.exit(0);
}

const isAmong = (others: readonly { readonly title: string }[]): boolean =>
  chosen.some(({ title }) => others.some((one) => one.title === title));
// Before: a scenario has its time limit.
if (isAmong(sboms)) await buildScanners(go, console.log);
if (isAmong([...byBuildah, ...byPodman, ...byDocker, ...pulls, ...logins])) await prepareImages(console.log);
if (isAmong(linting)) await getLinters(go, console.log);
// A builder that this machine cannot run adds no scenarios: the same stories run by buildah everywhere.
const left: string[] = [];
for (const [name, those, starts] of [
  ['runc', byPodman, podmanStarts],
  ['docker', byDocker, dockerStarts],
] as const) {
  if (!isAmong(those) || (await starts())) continue;
  console.log(`${name} starts no container on this machine: the stories of images run without it.`);
  left.push(...those.map(({ title }) => title));
}
const scenarios = chosen.filter(({ title }) => !left.includes(title));
const begun = performance.now();
const rig = await startRig(go, console.log);
const github = await startGitHub({ root: rig.folder });
console.log(await rig.versions());
console.log(`Up after ${((performance.now() - begun) / 1000).toFixed(1)} s.\n`);
const counts = await runScenarios(scenarios, {
  // They mostly wait; two cores carry as many.
  width: 6,
  limit: 300,
  world: (index) => createStage(rig, github, `shop-${index + 1}`),
  evidence: ({ name }) => rig.lastLines(name),
});
for (const violation of github.violations) console.log(`GitHub would not take it: ${violation}`);
closing(counts.passed, counts.failed + (github.violations.length > 0 ? 1 : 0), 0);
// Ends everything that was started, too.
process.exit(counts.failed === 0 && counts.passed > 0 && github.violations.length === 0 ? 0 : 1);
