import type { Listed } from '@sluice/argocd/api/port';
import { type Connected, patiently } from '@sluice/argocd/login/login';
import { idOf } from '@sluice/argocd/page/worst';
import { candidates } from '@sluice/argocd/select/candidates';
import { sameGitUrl } from '@sluice/argocd/select/git-url';
import type { Found } from '@sluice/argocd/select/select';
import { isBelow, sourceFolder } from '@sluice/argocd/select/source-files';
import { SluiceError } from '@sluice/core/errors';
import type { World } from '@sluice/core/run';
import type { Snapshot } from '@sluice/gitops/git/repository';
import type { Environment } from './folder.ts';
import type { PreviewInputs } from './inputs.ts';
import type { Opened } from './open.ts';
import { manifestsOf } from './parents.ts';

/** The Applications that stand as manifests in some files: by path, their names. */
export type Manifests = ReturnType<typeof manifestsOf>;

export interface Asking {
  readonly inputs: PreviewInputs;
  readonly world: World;
  readonly servers: readonly Connected[];
  readonly opened: Pick<Opened, 'url'>;
}

/** What Argo CD shows of some folders. */
export interface Readers {
  readonly found: readonly Found[];
  /** Servers that show the token no Application at all: nothing of it tells whether there is one. */
  readonly silent: readonly string[];
}

const BETWEEN_LOOKS = 2000;

/** The Applications that are rendered from one of the folders, and those that stand in them as manifests. */
export async function readersOf(
  { inputs, world, servers, opened }: Asking,
  folders: readonly string[],
  manifests: Manifests,
): Promise<Readers> {
  const found: Found[] = [];
  const silent: string[] = [];
  for (const server of servers) {
    const asked = patiently(server, { ...world, timeoutMs: inputs.timeout });
    const shown = await candidates(asked, { type: 'touched' }, opened.url);
    if (shown.showsAny === false) silent.push(server.server);
    const own = shown.found.filter(({ application }) => isOf(application, opened.url, folders, manifests));
    // Without the patience: that an Application is not there is an answer here.
    found.push(...own.map(({ application }) => ({ application, argocd: server })));
  }
  return { found, silent };
}

/** Those of them that are of these folders alone: what is not removed after all is not waited for. */
export const readersIn = (
  { found, silent }: Readers,
  url: string,
  folders: readonly string[],
  manifests: Manifests,
): Readers => ({
  silent,
  found: found.filter(({ application }) => isOf(application, url, folders, manifests)),
});

function isOf(
  { name, sources }: Listed,
  url: string,
  folders: readonly string[],
  manifests: Manifests,
): boolean {
  if ([...manifests.values()].some((names) => names.includes(name))) return true;
  return sources.some(
    (source) =>
      source.path !== undefined &&
      sameGitUrl(source.repoURL, url) &&
      folders.some((folder) => isBelow(sourceFolder(source), folder)),
  );
}

/** The Applications that stand as manifests in some environments: by path, their names. */
export async function manifestsIn(
  snapshot: Pick<Snapshot, 'read'>,
  environments: readonly Environment[],
): Promise<Manifests> {
  const paths = environments
    .flatMap(({ files }) => files.map(({ path }) => path))
    .filter((path) => /\.(ya?ml|json)$/.test(path));
  return manifestsOf(await snapshot.read(paths));
}

/** What is left of them. */
export type Gone =
  | { readonly type: 'gone'; readonly silent: readonly string[] }
  | { readonly type: 'left'; readonly names: readonly string[] };

/**
 * Waits until Argo CD has none of them any more, nor another one of the same folders. A 404 with the Application's project says that it is
 * not there; an answer that did not come says nothing.
 */
export async function untilGone(
  asking: Asking,
  folders: readonly string[],
  manifests: Manifests,
  before: Readers,
  nudge: () => Promise<void>,
): Promise<Gone> {
  const { inputs, world } = asking;
  const { clock, log, signal } = world;
  const until = clock.now() + inputs.timeout;
  let left = new Map(before.found.map((one) => [idOf(one), one]));
  let told = '';
  for (;;) {
    for (const [id, one] of left) if (await isGone(one)) left.delete(id);
    if (left.size === 0) {
      const again = await readersOf(asking, folders, manifests);
      if (again.found.length === 0) {
        // Of a server that has shown one before, nothing at all is what was to be seen.
        const shown = new Set(before.found.map(({ argocd }) => argocd.server));
        return { type: 'gone', silent: again.silent.filter((server) => !shown.has(server)) };
      }
      left = new Map(again.found.map((one) => [idOf(one), one]));
    }
    const names = [...left.values()].map(({ application }) => application.name);
    if (clock.now() + BETWEEN_LOOKS > until) return { type: 'left', names };
    const sentence = names.join(', ');
    if (sentence !== told) log.info(`waiting until Argo CD has removed ${sentence}`);
    told = sentence;
    await nudge();
    await clock.sleep(BETWEEN_LOOKS, signal);
  }
}

async function isGone({ argocd, application }: Found): Promise<boolean> {
  try {
    await argocd.get(application);
    return false;
  } catch (error) {
    if (!(error instanceof SluiceError) || error.kind !== 'platform') throw error;
    return error.code === 'no-application';
  }
}
