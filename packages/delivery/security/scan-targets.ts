import { mkdtemp, realpath, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { SluiceError } from '@sluice/core/errors';
import type { World } from '@sluice/core/run';
import type { ScanDecision } from '@sluice/sbom/decide/types';
import { readGiven } from '@sluice/sbom/files/given';
import { packagesOf } from '@sluice/sbom/packages';
import { brokenLines } from '@sluice/sbom/page/annotations';
import { oneLine } from '@sluice/sbom/page/foreign';
import { readSbom } from '@sluice/sbom/read/read';
import { filesOf } from '@sluice/sbom/run';
import { type Against, scanSboms } from '@sluice/sbom/scan-sboms';
import { sourceOf } from '@sluice/sbom/source-of';
import { accessHint } from './access.ts';
import { type Address, addressOf, shownUrl } from './address.ts';
import { type Answered, answeredOf } from './answered.ts';
import { type Fetching, fetchSbom } from './fetch-sbom.ts';
import type { SecurityInputs } from './inputs.ts';
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

/** Scans each target by itself, one after the other: an SBOM may take much of the memory. The same SBOM is scanned once. */
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
  const known = new Map<string, Result>();
  const scanned: Scanned[] = [];
  const tell = teller(world.log, inputs['max-unmatched']);
  try {
    for (const target of targets) {
      const one: Scanned = { ...(await resultOf(target)), target };
      scanned.push(one);
      tell(one);
    }
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
  return scanned;

  async function resultOf({ sbom }: Target): Promise<Result> {
    if (sbom === undefined || 'unreadable' in sbom) return { type: 'unseen', ...withoutSbom(sbom) };
    const result = known.get(sbom.digest) ?? (await scanOne(sbom, folder, fetching, against, hintOf));
    // What could not be had from one address may lie at another.
    if (result.type === 'seen') known.set(sbom.digest, result);
    return result;
  }

  function hintOf(error: SluiceError, url: string): string | undefined {
    const repository = repositoryOf(url, fetching);
    if (repository === undefined) return error.hint;
    return accessHint(error, inputs, repository, world.context.repository);
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

type Result =
  | Omit<Extract<Scanned, { type: 'seen' }>, 'target'>
  | Omit<Extract<Scanned, { type: 'unseen' }>, 'target'>;

const withoutSbom = (sbom: { readonly unreadable: string } | undefined) => ({
  reason: 'no-sbom' as const,
  why:
    sbom === undefined
      ? 'Its Deployment names no SBOM.'
      : `Its Deployment names no SBOM that can be read: ${sbom.unreadable}.`,
  hint: 'Give the input `sbom` of deploy.yml with the next deployment.',
});

async function scanOne(
  reference: SbomReference,
  folder: string,
  fetching: Fetching,
  against: Against,
  hintOf: (error: SluiceError, url: string) => string | undefined,
): Promise<Result> {
  const path = join(folder, reference.digest.slice('sha256:'.length));
  try {
    await fetchSbom(reference, path, fetching);
    const sbom = await readSbom(path, oneLine(shownUrl(reference.url)));
    const listed = packagesOf([sbom]);
    const { decision, source, unanswered } = await scanSboms([sbom], listed, against);
    const { unmatched } = decision;
    if (unmatched.length === 0) return { type: 'seen', decision, source };
    return { type: 'seen', decision, source, answered: answeredOf(listed.packages, unanswered, unmatched) };
  } catch (error) {
    fetching.signal.throwIfAborted();
    if (!(error instanceof SluiceError)) throw error;
    const hint = hintOf(error, reference.url);
    const said = { type: 'unseen', reason: 'not-scanned', why: error.message } as const;
    return hint === undefined ? said : { ...said, hint };
  } finally {
    await rm(path, { force: true });
  }
}
