import { parseChanges } from '@sluice/argocd/change-input';
import { at, type Json, text } from '@sluice/argocd/json';
import type { Change } from '@sluice/gitops/change';
import { type DeploymentHome, type DeploymentKey, taskOf } from '../deployment.ts';
import { type ListedDeployment, listDeployments } from '../listed-deployments.ts';
import { type PayloadWait, readPayloadWait } from '../payload-wait.ts';

/** A GitHub Deployment of ours whose run has not said how it ended. */
export interface OpenDeployment {
  readonly home: DeploymentHome;
  readonly id: number;
  readonly key: DeploymentKey;
  /** Milliseconds since the epoch: when it was planned. */
  readonly createdAt: number;
  /** Milliseconds since the epoch: when it became `in_progress`. */
  readonly since: number;
  /** When its change counts as live; undefined where it does not say. */
  readonly wait: PayloadWait | undefined;
  /** What it meant to do; `unreadable` says why that cannot be told. */
  readonly changes: readonly Change[] | { readonly unreadable: string };
}

/** Whose Deployments are looked for; what is left out is any. */
export type Wanted = Partial<DeploymentKey>;

/** The Deployments of ours that are `in_progress`, newest first. */
export async function openDeployments(
  home: DeploymentHome,
  wanted: Wanted,
): Promise<readonly OpenDeployment[]> {
  const { deployments } = await listDeployments(home, wanted.environment);
  return deployments.flatMap((one) => ofListed(home, wanted, one) ?? []);
}

function ofListed(
  home: DeploymentHome,
  wanted: Wanted,
  { id, key, task, payload, state, environmentUrl, ...times }: ListedDeployment,
): OpenDeployment | undefined {
  // The environment of a pull request has a run of its own that waits for it.
  if (task !== '' && task !== taskOf(key)) return undefined;
  const since = Date.parse(times.since);
  const createdAt = Date.parse(times.createdAt);
  if (state !== 'IN_PROGRESS' || Number.isNaN(since) || Number.isNaN(createdAt)) return undefined;
  const others = (['project', 'environment', 'tenant'] as const).filter(
    (name) => wanted[name] !== undefined && wanted[name] !== key[name],
  );
  if (others.length > 0) return undefined;
  const own = { ...home, environmentUrl: home.environmentUrl || environmentUrl };
  return { home: own, id, key, createdAt, since, ...meantBy(payload) };
}

/** A payload that says when its change is live, and not readably so, leaves open what is to be asked for. */
function meantBy(payload: Json): Pick<OpenDeployment, 'wait' | 'changes'> {
  const said = at(payload, 'wait') ?? null;
  const wait = readPayloadWait(said);
  const changes = changesOf(at(payload, 'change'));
  if (said === null || wait !== undefined) return { wait, changes };
  return { wait, changes: { unreadable: 'when its change counts as live is not readable' } };
}

/** The change of a payload, checked as any that somebody hands in: whoever may write Deployments may have written it. */
function changesOf(change: Json): OpenDeployment['changes'] {
  if (text(at(change, 'digest')) !== undefined && at(change, 'files') === undefined)
    return { unreadable: 'the change was too large for it, and only its digest is kept' };
  try {
    return parseChanges(JSON.stringify(change ?? null));
  } catch (error) {
    return {
      unreadable: `its change cannot be read: ${error instanceof Error ? error.message : String(error)}`,
    };
  }
}
