import type { GitHub } from '@sluice/core/github';
import type { World } from '@sluice/core/run';
import { isLoopback } from '@sluice/oci/address';
import type { BumpInputs } from '../inputs.ts';
import { type CompareCommits, olderBuild, type Standing } from './outdated-build.ts';
import type { Suspect, Version } from './outdated-places.ts';
import { openRegistry } from './registry.ts';

export type GuardWorld = Pick<World, 'env' | 'fetch' | 'clock' | 'log' | 'signal' | 'context'>;

/** An image that is older than the one in place, and why. */
export interface OlderImage {
  readonly suspect: Suspect;
  readonly why: string;
}

/** Finds the first image that is older than the one in place; undefined where nothing says so of any. */
export type AskLabels = (suspects: readonly Suspect[]) => Promise<OlderImage | undefined>;

/** What a registry says helps, and is not waited for long. */
const PATIENCE_MS = 10_000;
const MOST_IMAGES = 5;

/** Asks registries and GitHub what the images in place and wanted were built from. What was told once is not asked again. */
export function createAskLabels(
  inputs: BumpInputs,
  world: GuardWorld,
  github: GitHub | undefined,
): AskLabels {
  const told = new Map<string, string>();
  // Without a repository on GitHub the files of the workspace are edited.
  const asksAnyway = github !== undefined || inputs.images.some(({ resolved }) => resolved !== undefined);
  return async (suspects) => {
    const distinct = new Map(
      suspects.flatMap((suspect) => {
        const { images } = suspect;
        const isAsked = images !== undefined && (asksAnyway || isHere(images.wanted));
        return isAsked ? [[JSON.stringify(images), { suspect, images }] as const] : [];
      }),
    );
    if (distinct.size === 0) return undefined;
    const signal = AbortSignal.any([world.signal, AbortSignal.timeout(PATIENCE_MS)]);
    const registry = await openRegistry(inputs, { ...world, signal }, { tries: 1 });
    const compare = compareBy(github, world.context.serverUrl, signal);
    for (const [key, { suspect, images }] of [...distinct].slice(0, MOST_IMAGES)) {
      try {
        const facts = () => Promise.all([registry.facts(images.found), registry.facts(images.wanted)]);
        const why = told.get(key) ?? (await olderBuild(...(await facts()), compare)) ?? '';
        told.set(key, why);
        if (why !== '') return { suspect, why };
      } catch (error) {
        world.signal.throwIfAborted();
        const said = error instanceof Error ? error.message : String(error);
        world.log.debug(`Nothing is known of the builds of ${images.wanted.repository}: ${said}`);
      }
    }
    return undefined;
  };
}

function isHere({ repository }: Version): boolean {
  const url = URL.parse(`http://${repository}`);
  return url !== null && isLoopback(url);
}

/** Asks GitHub, about repositories of the same server. A token that does not reach the source tells nothing. */
function compareBy(github: GitHub | undefined, serverUrl: string, signal: AbortSignal): CompareCommits {
  return async (source, older, newer) => {
    const path = source.startsWith(`${serverUrl}/`) ? source.slice(serverUrl.length) : '';
    const [, owner, repo] = /^\/([\w.-]+)\/([\w.-]+?)(?:\.git)?\/?$/.exec(path) ?? [];
    const areCommits = [older, newer].every((sha) => /^[0-9a-f]{40,64}$/.test(sha));
    if (github === undefined || owner === undefined || repo === undefined || !areCommits) return undefined;
    const ended = new Promise<undefined>((resolve) => {
      signal.addEventListener('abort', () => resolve(undefined), { once: true });
    });
    const basehead = `${older}...${newer}`;
    const answer = github
      .request('GET /repos/{owner}/{repo}/compare/{basehead}', { owner, repo, basehead, per_page: 1 })
      .then(({ data }) => STANDINGS[data.status])
      .catch(() => undefined);
    return Promise.race([answer, ended]);
  };
}

/** GitHub tells how the second commit stands to the first; ours is of the first to the second. */
const STANDINGS: Readonly<Record<string, Standing>> = {
  ahead: 'contained',
  behind: 'newer',
  diverged: 'unrelated',
};
