import { describeResource, type HealthStatus, keyOf, type ResourceStatus } from '../observation.ts';
import { degradedFor, unchangedFor } from './degraded.ts';
import { isExcused, isLeftUnwell } from './excused.ts';
import { isSameObject, verdict, wait } from './look.ts';
import { isJudgedByItself, type Rolling, rollingOut, rolloutFinding } from './rollouts.ts';
import { resourcesInScope, scopeOf } from './scope.ts';
import { findTargets } from './targets.ts';
import type { Clause, Finding, Look } from './types.ts';

/** Clause 7: the resources in scope are Healthy, and have been for the settle time. */
export const healthy: Clause = {
  name: 'healthy',
  gate: false,
  check(look) {
    const resources = resourcesInScope(look);
    const findings = resources.map((one) => found(one, look)).filter((one) => one !== undefined);
    const decisive = findings.find(({ type }) => type === 'verdict') ?? findings[0];
    if (decisive !== undefined) return decisive;
    const rolling = rollingOut(look);
    const application = look.application.health.status;
    const isWell =
      application === 'Healthy' ||
      (rolling.length > 0 && UNDER_WAY.has(application)) ||
      (LEFT.has(application) && resources.some((one) => isLeftUnwell(one, look)));
    if (scopeOf(look) === undefined && !isWell) return wait('healthy', `The application is ${application}`);
    return unsettled(look, resources, rolling);
  },
};

/** What an application is called while nothing in it but a Rollout keeps it from being Healthy. */
const UNDER_WAY: ReadonlySet<HealthStatus> = new Set(['Suspended', 'Progressing']);

/** What an application is called for what was left as it was before. */
const LEFT: ReadonlySet<HealthStatus> = new Set(['Degraded', 'Missing']);

function found(resource: ResourceStatus, look: Look): Finding {
  if (isLeftUnwell(resource, look)) return undefined;
  if (isJudgedByItself(resource, look) && !isExcused(resource, look)) return rolloutFinding(resource, look);
  return isHealthy(resource, look) ? undefined : judge(resource, look);
}

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

/**
 * For some milliseconds after a sync the old health is shown, and controllers need a moment to begin; so what counts is that
 * nothing has changed for the settle time: before our eyes, or by Argo CD's times where we have seen no change at all. A Rollout
 * that goes on from step to step would never settle: its own status tells of which update it speaks.
 */
function unsettled(look: Look, resources: readonly ResourceStatus[], rolling: readonly Rolling[]): Finding {
  const { history, settings, observed, application } = look;
  const now = observed.takenAt;
  const ours = resources.filter((one) => !isLeftUnwell(one, look));
  const still = ours.filter((one) => !rolling.some(({ resource }) => resource === one));
  const isWhole = scopeOf(look) === undefined && rolling.length === 0 && ours.length === resources.length;
  const seen = [
    history.operation,
    ...(isWhole ? [history.health] : []),
    ...still.map((resource) => history.resources.get(keyOf(resource))),
  ];
  const since = Math.max(...seen.map((entry) => entry?.since ?? now));
  const isKnown = application.health.status === 'Healthy' || rolling.length > 0;
  const unseen = seen.every((entry) => entry?.changed === false) && isKnown;
  const settled = Math.max(now - since, unseen ? unchangedFor(look) : 0);
  const rest = settings.settleMs - settled;
  const what = rolling[0]?.words ?? 'Healthy';
  return rest > 0 ? wait('healthy', `${what}, until it has settled`, now + rest) : undefined;
}
