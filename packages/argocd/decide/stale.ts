import { defaultRegistryOf, rendersImage } from './images.ts';
import { comparedRevision, isCommit, isUnavailable, short, verdict, wait } from './look.ts';
import { findTargets } from './targets.ts';
import type { Finding, Look, ResourcesEvidence } from './types.ts';

/** Rendering takes seconds, of large charts many: what Argo CD shows by then counts. */
const AFTER_HARD_REFRESH = 30_000;
/**
 * Like any other, a hard refresh is lost where a comparison ran when it was asked for (https://github.com/argoproj/argo-cd/issues/28392);
 * nothing tells one that was lost from one that did not help.
 */
const BETWEEN_HARD_REFRESHES = 15_000;
const MOST_TRIES = 3;
/** `reconciledAt` has whole seconds. */
const RESOLUTION = 1000;

/**
 * What is shown does not have the images of the change, although it is compared with a commit that holds it: whether that is the commit's
 * doing, or Argo CD's cache of manifests (https://github.com/argoproj/argo-cd/issues/19275), is seen by rendering that commit anew.
 * undefined where it is the commit's, or nobody can tell.
 */
export function staleImages(look: Look, current: ResourcesEvidence): Finding {
  const revision = comparedRevision(look);
  if (revision === undefined || !isCommit(revision)) return undefined;
  const { uncached } = look.evidence;
  if (uncached === undefined || uncached.revision !== revision)
    return { type: 'ask', clause: 'effective', evidence: 'uncached' };
  if (isUnavailable(uncached)) return undefined;
  const anew = { ...look, evidence: { ...look.evidence, resources: { ...current, items: uncached.items } } };
  const { targets, unrendered } = findTargets(anew);
  const registry = defaultRegistryOf(look.expectation);
  const shown = targets.every(({ wanted, rendered }) => rendersImage(wanted, rendered, registry));
  return shown && unrendered.length === 0 ? renderAnew(look, revision) : undefined;
}

/** Manifests are proven to be out of date: Argo CD is asked to render them anew, and what it shows after that is waited for. */
export function renderAnew(look: Look, revision: string): Finding {
  const { hardRefresh, now } = look;
  const tries = hardRefresh?.revision === revision ? hardRefresh.tries : 0;
  const again = (hardRefresh?.requestedAt ?? 0) + BETWEEN_HARD_REFRESHES;
  if (hardRefresh === undefined || tries === 0 || (tries < MOST_TRIES && now >= again)) {
    const why = `Argo CD shows manifests that are not those of ${short(revision)}`;
    return { type: 'act', clause: 'effective', action: 'hard-refresh', why, revision };
  }
  if (tries < MOST_TRIES) return wait('effective', 'Argo CD renders the manifests anew', again);
  const due = hardRefresh.requestedAt + AFTER_HARD_REFRESH;
  if (now < due || !isComparedSince(look, hardRefresh.requestedAt))
    return wait('effective', 'Argo CD renders the manifests anew', now < due ? due : undefined);
  return verdict(look, {
    verdict: 'not-effective',
    reason: 'stale-manifests',
    sentence: `${short(revision)} holds the change and renders to it, but Argo CD goes on showing other manifests, after ${tries} hard refreshes as well.`,
    messages: ['Look at the cache of its repo-server; a restart of that empties it.'],
    missing: ['effective'],
  });
}

const isComparedSince = ({ application, baseline, settings }: Look, requestedAt: number): boolean => {
  const asked = requestedAt - baseline.localTime + baseline.serverTime;
  return (application.reconciledAt ?? 0) + RESOLUTION + settings.skewMs > asked;
};
