import type { WaitOutcome } from '@sluice/argocd/page/outcome';
import type { DeployOutcome } from '../outcome.ts';
import type { OpenDeployment } from './open-deployments.ts';

/** By what a verdict is proven: what Argo CD and Git showed to this run, or what a notification says. */
export type EvidenceKind = 'observed' | 'reported';

/** What was found of one Deployment. */
export interface Finding extends Pick<DeployOutcome, 'verdict' | 'ok' | 'reason' | 'summary' | 'hint'> {
  readonly evidence: EvidenceKind;
  /** Where applications were watched. */
  readonly waited?: WaitOutcome;
  /** The commit that holds the change; absent where there is none. */
  readonly commit?: string;
}

/** A Deployment, what was found of it, and what it was set to; undefined where it was left as it is. */
export interface Verified {
  readonly deployment: OpenDeployment;
  readonly finding: Finding;
  readonly state?: string;
  /** What went wrong beside it. */
  readonly note?: string;
}

/** A finding that claims nothing. */
export const couldNotTell = (
  reason: DeployOutcome['reason'],
  summary: string,
  evidence: EvidenceKind = 'observed',
): Finding => ({ verdict: 'unknown', ok: 'unknown', reason, summary, evidence });
