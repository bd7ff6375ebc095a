/** One story with an end that can be checked; fails by throwing. */
export interface Scenario<World> {
  /** The rule that it shows. */
  readonly title: string;
  readonly run: (world: World) => Promise<void>;
  /** It takes something away from all: it runs when the others have ended, with nothing beside it. */
  readonly alone?: true;
}

export interface Counts {
  readonly passed: number;
  readonly failed: number;
}

interface Options<World> {
  /** How many run beside each other. */
  readonly width: number;
  /** After this many seconds a scenario counts as hung. */
  readonly limit: number;
  /** The world of one scenario; `index` tells it from the others. */
  readonly world: (index: number) => World;
  /** What helps to find out why one failed, for example the last lines of logs. */
  readonly evidence: (world: World) => Promise<string>;
}

/** Runs the scenarios, says how each ended and in how many seconds, and counts. */
export async function runScenarios<World>(
  scenarios: readonly Scenario<World>[],
  options: Options<World>,
): Promise<Counts> {
  const counts = { passed: 0, failed: 0 };
  const all = [...scenarios.entries()];
  const together = all.filter(([, { alone }]) => alone !== true);
  const alone = all.filter(([, scenario]) => scenario.alone);
  const work = async (queue: [number, Scenario<World>][]): Promise<void> => {
    for (let next = queue.shift(); next !== undefined; next = queue.shift()) {
      const [index, scenario] = next;
      const world = options.world(index);
      const begun = performance.now();
      const failure = await withLimit(scenario.run(world), options.limit);
      const seconds = ((performance.now() - begun) / 1000).toFixed(1).padStart(6);
      if (failure === undefined) {
        counts.passed++;
        console.log(`${seconds} s  ok      ${scenario.title}`);
      } else {
        counts.failed++;
        console.log(`${seconds} s  FAILED  ${scenario.title}\n${indent(failure)}`);
        console.log(indent(await options.evidence(world).catch(String)));
      }
    }
  };
  await Promise.all(Array.from({ length: options.width }, () => work(together)));
  await work(alone);
  return counts;
}

/** Why it failed, or undefined. */
async function withLimit(running: Promise<void>, seconds: number): Promise<string | undefined> {
  const { promise, reject } = Promise.withResolvers<never>();
  const timer = setTimeout(() => reject(new Error(`no end after ${seconds} s`)), seconds * 1000);
  try {
    await Promise.race([running, promise]);
    return undefined;
  } catch (error) {
    return error instanceof Error ? (error.stack ?? error.message) : String(error);
  } finally {
    clearTimeout(timer);
  }
}

function indent(text: string): string {
  return text.replace(/^/gm, '          ');
}
