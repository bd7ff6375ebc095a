import type { LocalImage, SmokeEnd } from './builders/types.ts';
import type { Gate } from './gate.ts';
import { ownPlatform, samePlatform } from './platforms.ts';
import { short, smokeSentence } from './sentence.ts';
import type { SmokeStage } from './stages.ts';

/** Runs each smoke command in a container of its own, one after the other; one that fails does not keep the next from being tried. */
export async function trySmoke(gate: Gate, image: LocalImage): Promise<readonly SmokeStage[]> {
  const { inputs, builder, name, platform, world } = gate;
  const foreign = samePlatform(platform, ownPlatform) ? undefined : platform;
  const stages: SmokeStage[] = [];
  for (const [at, { command, words }] of inputs.smoke.entries()) {
    const begun = performance.now();
    const tried = await builder.smoke({
      ...{ image, words, container: `${name}-${at + 1}` },
      platform: image.isList || foreign !== undefined ? platform : undefined,
      timeout: inputs['smoke-timeout'],
      memory: inputs['smoke-memory'],
    });
    const end = foreign === undefined ? tried : forOtherMachine(tried, foreign);
    const stage: SmokeStage = { command, end, ms: performance.now() - begun };
    stages.push(stage);
    const passed = end.type === 'ended' && end.code === 0;
    world.log.group?.(`Smoke command ${JSON.stringify(short(command))}`, end.lines);
    world.log.info(passed ? 'It ended with exit code 0.' : `${smokeSentence(stage, inputs)}.`);
  }
  return stages;
}

/** A program for another processor needs an emulator, which a runner need not have: that says nothing of the program. */
function forOtherMachine(end: SmokeEnd, platform: string): SmokeEnd {
  if (!end.lines.some((line) => /exec format error/i.test(line))) return end;
  return { type: 'not-run', lines: [...end.lines, `This runner runs no programs for ${platform}.`] };
}
