import { type App, type Desired, targetRevisions } from './app.ts';
import { isoSeconds } from './clock.ts';
import {
  appHealth,
  comparedTo,
  condition,
  namespaceOf,
  resourceStatuses,
  runningImages,
  syncRevisions,
  worstHealth,
} from './compare.ts';
import { renderSources, sourcesOf } from './render/render.ts';
import type { Rig } from './rig.ts';
import type { Source, Status } from './types.ts';

/**
 * `latest` resolves the branch again, `cached` renders the same commits again, `recent` only looks at the cluster.
 * The first two move `reconciledAt`.
 */
export type Level = 'latest' | 'cached' | 'recent';

async function resolveAll(rig: Rig, app: App): Promise<readonly string[]> {
  const cached = app.faults.cached;
  if (cached !== undefined && cached.left > 0) {
    cached.left -= 1;
    return sourcesOf(app.spec).map(() => cached.commit);
  }
  const revisions = targetRevisions(app.spec);
  return Promise.all(
    sourcesOf(app.spec).map((source, index) => rig.git.resolve(source.repoURL, revisions[index] ?? 'HEAD')),
  );
}

export async function renderAt(
  rig: Rig,
  app: App,
  sources: readonly Source[],
  commits: readonly string[],
  how: 'cached' | 'uncached' = 'cached',
): Promise<Desired> {
  if (app.faults.kept !== undefined && how === 'cached') return app.faults.kept;
  return renderSources({ app: app.name, namespace: namespaceOf(app), git: rig.git }, sources, commits);
}

/** The message of a repo-server error, as conditions show it. */
export function generationError(error: unknown): string {
  const text = error instanceof Error ? error.message : String(error);
  return text.startsWith('failed to generate')
    ? text
    : `failed to generate manifest for source 1 of 1: rpc error: code = Unknown desc = ${text}`;
}

function write(rig: Rig, app: App, changes: Partial<Status>): void {
  if (rig.clock.now() < app.faults.staleUntil) return;
  app.status = { ...app.status, ...changes };
  rig.emit(app);
}

/** What the cluster looks like against the last rendered targets. */
export function observe(rig: Rig, app: App): Partial<Status> {
  const resources = resourceStatuses(rig.cluster, app);
  const differing = resources.some((resource) => resource.status === 'OutOfSync');
  const images = rig.pods ? runningImages(rig.cluster, app) : [];
  return {
    resources,
    sync: {
      status: differing ? 'OutOfSync' : 'Synced',
      comparedTo: comparedTo(app),
      ...syncRevisions(app, app.commits),
    },
    health: appHealth(app.status.health, worstHealth(resources), rig.clock.now()),
    summary: images.length > 0 ? { images } : {},
  };
}

function withoutComparisonError(app: App): Partial<Status> {
  const conditions = (app.status.conditions ?? []).filter((one) => one.type !== 'ComparisonError');
  return conditions.length > 0 || app.status.conditions !== undefined ? { conditions } : {};
}

function comparisonFailed(rig: Rig, app: App, started: number, error: unknown): void {
  const message = `Failed to load target state: ${generationError(error)}`;
  const resources = app.status.resources?.map((resource) => ({
    ...resource,
    status: 'Unknown' as const,
    requiresPruning: true as const,
  }));
  write(rig, app, {
    ...(resources === undefined ? {} : { resources }),
    sync: {
      status: 'Unknown',
      comparedTo: comparedTo(app),
      ...syncRevisions(app, targetRevisions(app.spec)),
    },
    health: appHealth(app.status.health, app.status.health.status, rig.clock.now()),
    conditions: [condition(app.status.conditions, 'ComparisonError', message, rig.clock.now())],
    reconciledAt: isoSeconds(started),
  });
}

async function compareNow(rig: Rig, app: App, level: Level): Promise<void> {
  const started = rig.clock.now();
  try {
    const commits = level === 'latest' || app.commits.length === 0 ? await resolveAll(rig, app) : app.commits;
    if (app.faults.slowMs > 0) await rig.clock.sleep(app.faults.slowMs);
    const desired = await renderAt(rig, app, sourcesOf(app.spec), commits);
    if (rig.clock.now() < app.faults.staleUntil) return;
    app.targets = desired.manifests;
    app.commits = commits;
    const types =
      app.spec.sources === undefined
        ? { sourceType: desired.types[0] ?? '' }
        : { sourceTypes: desired.types };
    write(rig, app, {
      ...observe(rig, app),
      ...withoutComparisonError(app),
      ...types,
      reconciledAt: isoSeconds(started),
    });
  } catch (error) {
    comparisonFailed(rig, app, started, error);
  }
}

/**
 * Compares and, where the application is automated, syncs. A request that arrives while a comparison runs gets that
 * one's result: so a refresh can be lost, as in the product.
 */
export async function compare(rig: Rig, app: App, level: Level): Promise<void> {
  if (level === 'recent') {
    if (app.targets.length === 0 || app.status.sync.status === 'Unknown') return;
    write(rig, app, observe(rig, app));
  } else {
    app.comparing ??= compareNow(rig, app, level).finally(() => {
      app.comparing = undefined;
    });
    await app.comparing;
  }
  rig.compared(app);
}

/** `?refresh=`: sets the annotations, compares, and takes them away again. */
export async function refresh(rig: Rig, app: App, kind: string): Promise<void> {
  if (app.faults.loseRefreshes > 0) {
    app.faults.loseRefreshes -= 1;
    return;
  }
  const { annotations } = app;
  app.annotations = {
    ...annotations,
    'argocd.argoproj.io/hydrate': 'normal',
    'argocd.argoproj.io/refresh': kind,
  };
  rig.emit(app);
  if (kind === 'hard') app.faults.kept = undefined;
  await compare(rig, app, 'latest');
  app.annotations = annotations;
}
