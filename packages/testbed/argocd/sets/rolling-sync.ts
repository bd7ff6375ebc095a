import type { App } from '../app.ts';
import { isoSeconds } from '../clock.ts';
import type { LiveObject } from '../cluster.ts';
import { type JsonObject, listAt, objectAt, sameJson, textAt, toJson } from '../json.ts';
import { startOperation } from '../operation.ts';
import type { Rig } from '../rig.ts';
import type { Manifest } from '../types.ts';

export const isRolling = (set: Manifest): boolean =>
  textAt(set, 'spec', 'strategy', 'type') === 'RollingSync';

/** The step of an Application by its labels, counted from 1; the last one takes nobody in by itself. */
function stepOf(set: Manifest, app: App): number {
  const steps = listAt(set, 'spec', 'strategy', 'rollingSync', 'steps');
  const index = steps.findIndex((step) =>
    listAt(step, 'matchExpressions').every((one) => {
      const is = listAt(one, 'values').includes(app.labels[textAt(one, 'key') ?? ''] ?? '');
      return textAt(one, 'operator') === 'NotIn' ? !is : is;
    }),
  );
  return index + 1;
}

/** Where each Application is: Waiting, Pending, Progressing, Healthy; those of the first step that is not through are synced. */
export function roll(rig: Rig, set: LiveObject, members: readonly App[]): void {
  const now = isoSeconds(rig.clock.now());
  const before = listAt(set.manifest, 'status', 'applicationStatus');
  const steps = members.map((app) => stepOf(set.manifest, app));
  const isThrough = (app: App): boolean =>
    app.operation === undefined &&
    app.status.sync.status === 'Synced' &&
    app.status.health.status === 'Healthy';
  const open = Math.min(...members.flatMap((app, index) => (isThrough(app) ? [] : [steps[index] ?? 0])));
  const applicationStatus = members.map((app, index): JsonObject => {
    const step = steps[index] ?? 0;
    const status = phaseOf(app, step === open, isThrough(app));
    const old = before.find((one) => textAt(one, 'application') === app.name);
    const since = textAt(old, 'status') === status ? textAt(old, 'lastTransitionTime') : now;
    return {
      ...{ application: app.name, step: String(step), status, message: `Application is ${status}` },
      ...{ lastTransitionTime: since ?? now, targetRevisions: [...app.commits] },
    };
  });
  const status = toJson({ ...objectAt(set.manifest, 'status'), applicationStatus });
  if (!sameJson(status, set.manifest.status)) rig.cluster.replace(set.key, { ...set.manifest, status });
  for (const [index, app] of members.entries()) {
    if (steps[index] !== open || app.operation !== undefined || app.status.sync.status !== 'OutOfSync')
      continue;
    const sync = {
      ...(app.spec.source !== undefined && { source: app.spec.source }),
      revision: app.commits[0] ?? '',
    };
    startOperation(rig, app, {
      sync,
      initiatedBy: { username: 'applicationset-controller', automated: true },
      retry: { limit: 5 },
    });
  }
}

function phaseOf(app: App, isOpen: boolean, isThrough: boolean): string {
  if (isThrough) return 'Healthy';
  if (app.operation !== undefined || app.status.sync.status === 'Synced') return 'Progressing';
  return isOpen ? 'Pending' : 'Waiting';
}
