import { drive } from './drive.ts';
import { wrongWith } from './judge.ts';
import { scenarioOf } from './scenario.ts';
import { tell } from './tell.ts';

export interface Simulated {
  /** How often each verdict came: `failed degraded`. */
  readonly tally: ReadonlyMap<string, number>;
  /** The histories whose verdict was wrong, told. */
  readonly wrong: readonly string[];
  readonly wrongSeeds: readonly number[];
}

/** Follows the histories of these seeds to their verdicts, and holds each against the truth; until so many are wrong. */
export function simulate(seeds: Iterable<number>, most = Number.POSITIVE_INFINITY): Simulated {
  const tally = new Map<string, number>();
  const wrong: string[] = [];
  const wrongSeeds: number[] = [];
  for (const seed of seeds) {
    const end = drive({ scenario: scenarioOf(seed) });
    const said = `${end.verdict.verdict} ${end.verdict.reason}`;
    tally.set(said, (tally.get(said) ?? 0) + 1);
    const why = wrongWith(end);
    if (why === undefined) continue;
    wrongSeeds.push(seed);
    // A handful tells what is wrong; hundreds would only be slow to print.
    if (wrong.length < 5) wrong.push(tell(end, why));
    if (wrongSeeds.length >= most) break;
  }
  return { tally, wrong, wrongSeeds };
}

export const range = (first: number, count: number): readonly number[] =>
  Array.from({ length: count }, (_, index) => first + index);
