import { type Connected, patiently } from '@sluice/argocd/login/login';
import { idOf } from '@sluice/argocd/page/worst';
import { type Selected, selectApplications } from '@sluice/argocd/select/select';
import { SluiceError } from '@sluice/core/errors';
import { at, text } from '@sluice/core/json';
import type { World } from '@sluice/core/run';
import { readValues } from '@sluice/gitops/yaml/events';
import type { PreviewInputs } from './inputs.ts';
import type { Opened } from './open.ts';

/** The Applications that stand as manifests in some files: by path, their names. */
export function manifestsOf(files: ReadonlyMap<string, string>): ReadonlyMap<string, readonly string[]> {
  const found = [...files].flatMap(([path, content]): [string, readonly string[]][] => {
    if (!/\.(ya?ml|json)$/.test(path) || !content.includes('argoproj.io/')) return [];
    const names = readValues(content).flatMap((document) =>
      at(document, 'kind') === 'Application' && text(at(document, 'apiVersion'))?.startsWith('argoproj.io/')
        ? (text(at(document, 'metadata', 'name')) ?? [])
        : [],
    );
    return names.length === 0 ? [] : [[path, names]];
  });
  return new Map(found);
}

export interface Family {
  readonly inputs: PreviewInputs;
  readonly world: World;
  readonly servers: readonly Connected[];
  readonly opened: Opened;
  /** Files with manifests of Applications. */
  readonly paths: readonly string[];
  /** Of the GitOps repository. */
  readonly commit: string;
}

const BETWEEN = 10_000;

/**
 * Asks those who deploy the environment's Applications to look at Git now and then: an app of apps would else do so every three minutes. Of
 * them nothing is claimed, and what they do not answer is no error.
 */
export function parentsOf({ inputs, world, servers, opened, paths, commit }: Family): () => Promise<void> {
  const { clock, log, signal } = world;
  let parents: readonly Selected[] | undefined;
  let last = Number.NEGATIVE_INFINITY;
  return async () => {
    if (paths.length === 0 || servers.length === 0 || clock.now() - last < BETWEEN) return;
    last = clock.now();
    try {
      parents ??= await find();
      const distinct = new Map(parents.map((one) => [idOf(one), one]));
      for (const { argocd, application } of distinct.values()) await argocd.refresh(application);
    } catch (error) {
      signal.throwIfAborted();
      if (!(error instanceof SluiceError)) throw error;
      log.info(
        `What deploys the Applications of the environment was not asked to look at Git: ${error.message}`,
      );
    }
  };

  async function find(): Promise<readonly Selected[]> {
    const { url, branch, repository } = opened;
    const asked = servers.map((one) => patiently(one, { ...world, timeoutMs: inputs.timeout }));
    const change = { repository: url, branch, files: paths.map((path) => ({ path, edits: [] })) };
    const choice = { type: 'touched' } as const;
    // Whoever reads all of a larger folder by another way is not meant.
    const question = { servers: asked, choice, change, repository, commit, within: paths[0] ?? '' };
    return (await selectApplications(question)).selected;
  }
}
