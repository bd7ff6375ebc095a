// `npm start`: FinPay's day with Sluice. A GitHub and an Argo CD stand-in on this machine, the built actions as GitHub's runner
// starts them; every verdict on the screen is what an action put out.
import { existsSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import type { RunResult } from '@sluice/testbed/runner';
import { type Act, acts } from './tour/acts.ts';
import { evidenceOf } from './tour/evidence.ts';
import { showEnd, showMismatch, showOpening, showTitle, showVerdict } from './tour/show.ts';
import { type Stage, setStage } from './tour/stage.ts';

const opening = `FinPay deploys three services to three environments. Its GitOps repository lies on a GitHub stand-in, and an Argo CD
  stand-in keeps a cluster as that repository says. What deploys are the actions of dist/, as a workflow runs them. Acts that
  have nothing to do with each other play at the same time.`;

/** Starts every act as soon as those before it are over. */
function playAll(stage: Stage): ReadonlyMap<string, Promise<RunResult>> {
  const playing = new Map<string, Promise<RunResult>>();
  for (const act of acts) {
    const play = async () => {
      const done = new Map(await Promise.all(act.after.map(async (id) => [id, await result(id)] as const)));
      await setTimeout(act.later ?? 0);
      return act.play(stage, done);
    };
    const promise = play();
    // It is awaited when its turn on the screen comes.
    promise.catch(() => undefined);
    playing.set(act.id, promise);
  }
  function result(id: string): Promise<RunResult> {
    const found = playing.get(id);
    if (found === undefined) throw new Error(`no act ${id} comes before`);
    return found;
  }
  return playing;
}

function endedAsTold(act: Act, result: RunResult, seen: string): boolean {
  return result.outputs.verdict === act.verdict && seen.includes(act.tells ?? '');
}

async function tour(): Promise<boolean> {
  const begun = performance.now();
  const stage = await setStage();
  const folder = mkdtempSync(path.join(tmpdir(), 'sluice-tour-'));
  showOpening(opening);
  const playing = playAll(stage);
  let asTold = true;
  for (const [index, act] of acts.entries()) {
    showTitle(index + 1, act);
    const result = await playing.get(act.id);
    if (result === undefined) continue;
    writeFileSync(path.join(folder, `${index + 1}-${act.id}.md`), result.summary);
    const evidence = evidenceOf(result);
    showVerdict(result, evidence);
    if (endedAsTold(act, result, `${result.outputs.summary}\n${evidence.join('\n')}`)) continue;
    showMismatch(act, result);
    asTold = false;
  }
  await stage.close();
  showEnd((performance.now() - begun) / 1000, folder, asTold);
  return asTold;
}

const bundle = fileURLToPath(new URL('../dist/root.js', import.meta.url));
if (existsSync(bundle)) process.exitCode = (await tour()) ? 0 : 1;
else {
  process.stderr.write('There is no dist/root.js: run `npm run build` first.\n');
  process.exitCode = 1;
}
