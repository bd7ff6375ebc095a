import { mkdtemp, realpath, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { SluiceError } from '@sluice/core/errors';
import type { World } from '@sluice/core/run';
import type { ScanDecision } from '@sluice/sbom/decide/types';
import { type Given, readGiven } from '@sluice/sbom/files/given';
import { type Packages, packagesOf } from '@sluice/sbom/packages';
import { brokenLines } from '@sluice/sbom/page/annotations';
import { oneLine } from '@sluice/sbom/page/foreign';
import { readSbom } from '@sluice/sbom/read/read';
import { filesOf } from '@sluice/sbom/run';
import { type Against, namesIn, scanSboms } from '@sluice/sbom/scan-sboms';
import { sourceOf } from '@sluice/sbom/source-of';
import type { Sbom } from '@sluice/sbom/types';
import { accessHint } from './access.ts';
import { type Address, addressOf, shownUrl } from './address.ts';
import { type Answered, answeredOf } from './answered.ts';
import { type Fetching, fetchSbom } from './fetch-sbom.ts';
import type { SecurityInputs } from './inputs.ts';
import { type LookedUp, lookUpTogether } from './look-up.ts';
import type { SbomReference } from './reference.ts';
import { teller } from './tell.ts';

/** Something that is scanned by its SBOM. */
export interface Target {
  /** To people: `payments in production for eu`. */
  readonly name: string;
  /** From one run to the next. */
  readonly key: string;
  /** The Deployment; absent where an input names the SBOM. */
  readonly id?: number;
  readonly repository: string;
  readonly project: string;
  readonly environment: string;
  readonly tenant: string;
  readonly sbom: SbomReference | { readonly unreadable: string } | undefined;
  /** Its Deployment has begun, and is not active: it may run. */
  readonly isBegun?: true;
}

/** What was found of a target; `unseen` where its SBOM was not looked up, with a sentence. */
export type Scanned =
  | {
      readonly type: 'seen';
      readonly target: Target;
      readonly decision: ScanDecision;
      readonly source: string;
      /** Of which packages it told, where not all components were looked up. */
      readonly answered?: Answered;
    }
  | {
      readonly type: 'unseen';
      readonly target: Target;
      readonly reason: 'no-sbom' | 'not-scanned';
      readonly why: string;
      readonly hint?: string;
    };

/**
 * Scans each target, the same SBOM once. SBOMs are read one after the other, because one may take much of the memory, and their packages
 * looked up together.
 */
export async function scanTargets(
  targets: readonly Target[],
  inputs: SecurityInputs,
  world: World,
  gitHubOf: Fetching['gitHubOf'],
): Promise<readonly Scanned[]> {
  const root = await realpath(world.context.workspace ?? '.');
  const files = filesOf({ ...inputs, sbom: [], 'base-sbom': [] }, root);
  const against: Against = {
    given: await readGiven(files, root, brokenLines(world.log)),
    source: await sourceOf(inputs, world, root),
    inputs,
    clock: world.clock,
  };
  const { serverUrl, apiUrl, tempDir } = world.context;
  const { fetch, clock, signal } = world;
  const fetching: Fetching = { fetch, clock, signal, serverUrl, apiUrl, gitHubOf };
  const folder = await mkdtemp(join(tempDir, 'sluice-sbom-'));
  const known = new Map<string, Result | Read>();
  let kept = 0;
  try {
    const gathered: (Result | Read)[] = [];
    for (const target of targets) gathered.push(await gather(target));
    const reads = [...new Set(gathered.flatMap((one) => (one.type === 'read' ? one : [])))];
    const results = await together(reads, against);
    const tell = teller(world.log, inputs['max-unmatched']);
    return targets.map((target, at) => {
      const one = gathered[at] ?? NEVER;
      const result = one.type === 'read' ? (results.get(one) ?? NEVER) : one;
      const scanned: Scanned = { ...withHint(result, target), target };
      tell(scanned);
      return scanned;
    });
  } finally {
    await rm(folder, { recursive: true, force: true });
  }

  async function gather({ sbom: reference }: Target): Promise<Result | Read> {
    if (reference === undefined || 'unreadable' in reference)
      return { type: 'unseen', ...withoutSbom(reference) };
    const before = known.get(reference.digest);
    if (before !== undefined) return before;
    const path = join(folder, reference.digest.slice('sha256:'.length));
    const result = await caught(fetching.signal, async (): Promise<Result | Read> => {
      await fetchSbom(reference, path, fetching);
      const { size } = await stat(path);
      const sbom = await readSbom(path, oneLine(shownUrl(reference.url)));
      const read = { type: 'read', sbom, listed: packagesOf([sbom]) } as const;
      kept += size;
      if (TOGETHER.has(inputs.source) && kept <= MOST_KEPT) return read;
      kept -= size;
      return decide(read, against);
    });
    await rm(path, { force: true });
    // What could not be had from one address may lie at another.
    if (result.type !== 'unseen') known.set(reference.digest, result);
    return result;
  }

  function withHint(result: Result, { sbom }: Target): Result {
    if (result.type === 'seen' || result.error === undefined) return result;
    if (sbom === undefined || 'unreadable' in sbom) return result;
    const repository = repositoryOf(sbom.url, fetching);
    const own = world.context.repository;
    const hint =
      repository === undefined ? result.error.hint : accessHint(result.error, inputs, repository, own);
    const { error: _, ...said } = result;
    return hint === undefined ? said : { ...said, hint };
  }
}

/** Those that answer for each package by itself; a program is told of one system at a time. */
const TOGETHER: ReadonlySet<SecurityInputs['source']> = new Set(['osv', 'database']);
/** Bytes of the SBOMs that are kept until all were read; what is more is looked up by itself. */
const MOST_KEPT = 64_000_000;

/** An SBOM that waits for the others. */
interface Read {
  readonly type: 'read';
  readonly sbom: Sbom;
  readonly listed: Packages;
}

/** Never met: each target was gathered, and each SBOM decided. */
const NEVER: Result = { type: 'unseen', reason: 'not-scanned', why: 'It was not looked up.' };

async function together(reads: readonly Read[], against: Against): Promise<ReadonlyMap<Read, Result>> {
  const lists = reads.map(({ listed }) => listed.packages);
  const answers = await lookUpTogether(lists, against.source);
  const given = withScoresOf(answers, against.given);
  const results = new Map<Read, Result>();
  for (const [at, read] of reads.entries()) {
    const answer = answers[at];
    if (answer === undefined) continue;
    const source = async () => {
      if (answer instanceof SluiceError) throw answer;
      return answer;
    };
    results.set(read, await caught(undefined, () => decide(read, { ...against, given, source })));
  }
  return results;
}

/** The file of EPSS is read once, for all that was found. */
function withScoresOf(answers: readonly LookedUp[], given: Given): Given {
  const { epss } = given;
  if (epss === undefined) return given;
  const found = answers.flatMap((one) => (one instanceof SluiceError ? [] : one.matches));
  let scores: ReturnType<typeof epss> | undefined;
  return {
    ...given,
    epss: () => {
      scores ??= epss(namesIn(found));
      return scores;
    },
  };
}

async function decide({ sbom, listed }: Read, against: Against): Promise<Result> {
  const { decision, source, unanswered } = await scanSboms([sbom], listed, against);
  const { unmatched } = decision;
  if (unmatched.length === 0) return { type: 'seen', decision, source };
  return { type: 'seen', decision, source, answered: answeredOf(listed.packages, unanswered, unmatched) };
}

/** What keeps one SBOM from being scanned keeps no other one. */
async function caught<T>(signal: AbortSignal | undefined, act: () => Promise<T>): Promise<T | Unseen> {
  try {
    return await act();
  } catch (error) {
    signal?.throwIfAborted();
    if (!(error instanceof SluiceError)) throw error;
    return { type: 'unseen', reason: 'not-scanned', why: error.message, error };
  }
}

/** The repository of a file of a release. */
function repositoryOf(url: string, fetching: Fetching): string | undefined {
  try {
    const address: Address = addressOf(url, fetching);
    return address.type === 'plain' ? undefined : address.repository;
  } catch {
    return undefined;
  }
}

/** `error`: of which the hint is still to be told. */
type Unseen = Omit<Extract<Scanned, { type: 'unseen' }>, 'target'> & { readonly error?: SluiceError };

type Result = Omit<Extract<Scanned, { type: 'seen' }>, 'target'> | Unseen;

const withoutSbom = (sbom: { readonly unreadable: string } | undefined) => ({
  reason: 'no-sbom' as const,
  why:
    sbom === undefined
      ? 'Its Deployment names no SBOM.'
      : `Its Deployment names no SBOM that can be read: ${sbom.unreadable}.`,
  hint: 'Give the input `sbom` of deploy.yml with the next deployment.',
});
