import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { readEvent } from '@sluice/core/event-file';
import type { World } from '@sluice/core/run';
import { type BuildFailure, buildFailure } from './build-end.ts';
import { withLogins } from './builder-logins.ts';
import type { LocalImage } from './builders/types.ts';
import { chooseBuilder } from './choose-builder.ts';
import { decide } from './decide.ts';
import { placeOf } from './dockerfile-place.ts';
import { builderEnvironment } from './environment.ts';
import type { Gate } from './gate.ts';
import { givenImage } from './given-image.ts';
import { platformsOf } from './image/layout.ts';
import type { BuildInputs } from './inputs.ts';
import { saveImage } from './make-sbom.ts';
import { type BuildOutcome, buildOutcome } from './outcome.ts';
import type { BuildPaths } from './paths.ts';
import { missingPlatforms, platformToTry } from './platforms.ts';
import { runProgram } from './program.ts';
import { pushImage } from './push.ts';
import { scanImage } from './scan-image.ts';
import { trySmoke } from './smoke.ts';
import type { BuildStage, Stages } from './stages.ts';
import { temporaryTag } from './temporary-tag.ts';

/** Builds the image, or takes the one that is given; `paths` of the one that is built. */
export async function tryGate(
  inputs: BuildInputs,
  world: World,
  root: string,
  paths: BuildPaths | undefined,
): Promise<BuildOutcome> {
  const folder = await mkdtemp(join(world.context.tempDir, 'build-gate-'));
  const { log, signal } = world;
  try {
    const env = await withLogins(inputs['registry-credentials'], builderEnvironment(world.env), folder);
    const ports = { run: runProgram, env, root, folder, signal, say: (line: string) => log.info(line) };
    const builder = await chooseBuilder(inputs.builder, ports);
    log.info(`${builder.name} is there and works.`);
    const name = `sluice-build-gate-${randomBytes(6).toString('hex')}`;
    const gate: Gate = { inputs, world, builder, ports, name, platform: platformToTry(inputs.platforms) };
    const stages = paths === undefined ? await tryGiven(gate) : await tryBuilt(gate, paths);
    tell(stages, world);
    const subject =
      inputs.image === undefined ? `The image of ${paths?.dockerfile}` : `The image ${inputs.image.name}`;
    return buildOutcome(stages, { name: subject, limits: inputs });
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function tryBuilt(gate: Gate, paths: BuildPaths): Promise<Stages> {
  const { inputs, builder } = gate;
  const image: LocalImage = { name: `localhost/${gate.name}:latest`, isList: inputs.platforms.length > 1 };
  const begun = performance.now();
  try {
    const ended = await builder.build({
      ...{ context: paths.context, dockerfile: paths.dockerfile, target: inputs.target, name: image.name },
      ...{ platforms: inputs.platforms, arguments: inputs['build-args'], secrets: inputs.secrets },
    });
    const ms = performance.now() - begun;
    const failure = buildFailure(ended) ?? (await platformFailure(gate, image));
    if (failure === undefined) return await tryImage(gate, image, { type: 'built', ms });
    const place = placeOf(ended.lines, { file: paths.dockerfile, text: paths.text });
    const build: BuildStage = { type: 'failed', failure, place, lines: ended.lines, ms };
    return { builder: builder.name, build, smoke: [] };
  } finally {
    await builder.remove(image).catch(() => {});
  }
}

/** A builder may end well, and have built for another platform than was asked for. */
async function platformFailure(
  { inputs, builder, ports }: Gate,
  image: LocalImage,
): Promise<BuildFailure | undefined> {
  if (inputs.platforms.length === 0) return undefined;
  const folder = join(ports.folder, 'platforms');
  await saveImage(builder, image, folder);
  const built = await platformsOf(folder);
  await rm(folder, { recursive: true, force: true });
  const missing = missingPlatforms(inputs.platforms, built);
  if (missing.length === 0) return undefined;
  const words = `it built for ${built.join(', ') || 'no platform'}, and not for ${missing.join(', ')}`;
  return { reason: 'builder-failed', words };
}

async function tryGiven(gate: Gate): Promise<Stages> {
  const { image, stage } = await givenImage(gate);
  try {
    return await tryImage(gate, image, stage);
  } finally {
    // What was there before stays there.
    if (stage.type === 'given' && stage.isPulled) await gate.builder.remove(image).catch(() => {});
  }
}

/** What comes after the build: every stage that was asked for, so that one run tells of all; pushed is only what passed them all. */
async function tryImage(gate: Gate, image: LocalImage, build: BuildStage): Promise<Stages> {
  const { inputs, builder, ports, world } = gate;
  const smoke = await trySmoke(gate, image);
  const scanned = inputs.scan ? await scanImage(gate, image) : undefined;
  const stages: Stages = {
    ...{ builder: builder.name, build, smoke },
    ...(scanned?.sbom && { sbom: scanned.sbom }),
    ...(scanned && { scan: scanned.scan }),
  };
  const repository = inputs['push-to'];
  if (repository === undefined) return stages;
  const why =
    decide(stages).verdict !== 'passed'
      ? 'only what has passed is pushed'
      : inputs['dry-run']
        ? '`dry-run` is true'
        : undefined;
  if (why !== undefined) return { ...stages, push: { type: 'left-out', reference: repository, words: why } };
  const tag = temporaryTag(readEvent(world.env.GITHUB_EVENT_PATH), world.context.sha);
  const openClient = async () => {
    const { openRegistry } = await import('@sluice/gitops/images/registry');
    return openRegistry(inputs, world);
  };
  const order = { image, repository, tag, config: scanned?.config, folder: ports.folder };
  return { ...stages, push: await pushImage(builder, openClient, order) };
}

/** At the line of the Dockerfile, where the builder gives it. */
function tell({ build }: Stages, { log }: World): void {
  if (build.type !== 'failed' || build.place === undefined) return;
  log.error(`The build fails here: ${build.failure.words}`, build.place);
}
