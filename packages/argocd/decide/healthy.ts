import { describeResource, keyOf, type ResourceStatus } from '../observation.ts';
import { isLateEnough } from './fresh.ts';
import { isSameObject, serverNow, verdict, wait } from './look.ts';
import { resourcesInScope, scopeOf } from './scope.ts';
import { findTargets } from './targets.ts';
import type { Clause, Finding, Look } from './types.ts';

/** Clause 7: the resources in scope are Healthy, and have been for the settle time. */
export const healthy: Clause = {
  name: 'healthy',
  gate: false,
  check(look) {
    const resources = resourcesInScope(look);
    const unhealthy = resources.filter((resource) => !isHealthy(resource, look));
    const findings = unhealthy.map((resource) => judge(resource, look));
    const failed = findings.find((finding) => finding?.type === 'verdict');
    const application = look.application.health.status;
    if (failed ?? findings[0]) return failed ?? findings[0];
    if (scopeOf(look) === undefined && application !== 'Healthy') {
      return wait('healthy', `The application is ${application}`);
    }
    return unsettled(look, resources);
  },
};

/** Kinds that Argo CD always assesses: one of them without health means that the API could not tell, not that it needs none. */
const ASSESSED = new Set([
  'DaemonSet',
  'Deployment',
  'Job',
  'PersistentVolumeClaim',
  'Pod',
  'ReplicaSet',
  'Rollout',
  'StatefulSet',
]);

/** They hold images and start nothing by themselves, so there is no health to wait for. */
const TEMPLATES = new Set(['ClusterTask', 'ClusterWorkflowTemplate', 'Pipeline', 'Task', 'WorkflowTemplate']);

/** `apps.kruise.io`, `serving.knative.dev`; the groups of Kubernetes itself are `apps`, `batch`, `networking.k8s.io`. */
const isCustom = (group: string): boolean => group.includes('.') && !group.endsWith('.k8s.io');

function isHealthy(resource: ResourceStatus, look: Look): boolean {
  const { health, group, kind } = resource;
  if (health !== undefined) return health === 'Healthy';
  const runsImage = () => findTargets(look).targets.some(({ key }) => isSameObject(key, resource));
  const needsHealth = ASSESSED.has(kind) || (isCustom(group) && !TEMPLATES.has(kind) && runsImage());
  return !needsHealth || look.application.health.status === 'Healthy';
}

function judge(resource: ResourceStatus, look: Look): Finding {
  const name = describeResource(resource);
  const health = resource.health ?? 'Unknown';
  const message = resource.message === undefined ? '' : `: ${resource.message}`;
  if (health === 'Suspended') return wait('healthy', `${name} is paused${message}`);
  // Degraded before it was synced, it may be what the change mends.
  if (health !== 'Degraded' || resource.sync !== 'Synced')
    return wait('healthy', `${name} is ${health}${message}`);
  if (isExcused(resource, look))
    return wait('healthy', `${name} was Degraded before the change and still is`);
  const rest = look.settings.degradedGraceMs - degradedFor(resource, look);
  if (rest > 0) return wait('healthy', `${name} is Degraded${message}`, look.observed.takenAt + rest);
  return verdict(look, {
    verdict: 'failed',
    reason: 'degraded',
    sentence: `${name} is Degraded${message}`,
    missing: ['healthy'],
  });
}

const isExcused = (resource: ResourceStatus, { baseline, history }: Look): boolean =>
  history.resources.get(keyOf(resource))?.recovered !== true &&
  baseline.unwell.some((one) => keyOf(one) === keyOf(resource) && one.health === 'Degraded');

/** As long as we have seen it; where it never was otherwise before our eyes, as long as Argo CD says. */
function degradedFor(resource: ResourceStatus, look: Look): number {
  const entry = look.history.resources.get(keyOf(resource));
  const seen = look.observed.takenAt - (entry?.since ?? look.observed.takenAt);
  const known = look.application.health.status === 'Degraded' && entry?.changed !== true;
  return known && isAllOurs(look) ? Math.max(seen, unchangedFor(look)) : seen;
}

/** The application's time of health is that of the first Degraded resource: it speaks of ours where there are no others. */
function isAllOurs(look: Look): boolean {
  const ours = new Set(resourcesInScope(look).map(keyOf));
  return look.application.resources
    .filter(({ hook, health }) => !hook && health === 'Degraded')
    .every((one) => ours.has(keyOf(one)) && one.sync === 'Synced' && !isExcused(one, look));
}

/** How long Argo CD's own times say that nothing has happened: no turn of health, no operation. Skew may only shorten it. */
function unchangedFor(look: Look): number {
  const { health, operationState: state } = look.application;
  // Without a comparison that the clocks date, they may be apart by anything.
  if (health.since === undefined || !isLateEnough(look)) return 0;
  const last = Math.max(health.since, state?.finishedAt ?? state?.startedAt ?? 0);
  return serverNow(look) - last - look.settings.skewMs;
}

/**
 * For some milliseconds after a sync the old health is shown, and controllers need a moment to begin; so what counts is that
 * nothing has changed for the settle time: before our eyes, or by Argo CD's times where we have seen no change at all.
 */
function unsettled(look: Look, resources: readonly ResourceStatus[]): Finding {
  const { history, settings, observed, application } = look;
  const now = observed.takenAt;
  const seen = [
    history.operation,
    ...(scopeOf(look) === undefined ? [history.health] : []),
    ...resources.map((resource) => history.resources.get(keyOf(resource))),
  ];
  const since = Math.max(...seen.map((entry) => entry?.since ?? now));
  const unseen = seen.every((entry) => entry?.changed === false) && application.health.status === 'Healthy';
  const settled = Math.max(now - since, unseen ? unchangedFor(look) : 0);
  const rest = settings.settleMs - settled;
  return rest > 0 ? wait('healthy', 'Healthy, until it has settled', now + rest) : undefined;
}
