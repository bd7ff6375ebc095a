import type { Ok } from '@sluice/core/verdict';
import type { BuildVerdict } from './inputs.ts';
import type { BuildReason } from './reasons.ts';
import type { ScanStage, SmokeStage, Stages } from './stages.ts';

export interface Decision {
  readonly verdict: BuildVerdict;
  readonly ok: Ok;
  readonly reason: BuildReason;
  /** The smoke command that the reason is about. */
  readonly smoke?: SmokeStage;
}

const failed = (reason: BuildReason, smoke?: SmokeStage): Decision => ({
  ...{ verdict: 'failed', ok: 'false', reason },
  ...(smoke && { smoke }),
});
const couldNotTell = (reason: BuildReason, smoke?: SmokeStage): Decision => ({
  ...{ verdict: 'could-not-tell', ok: 'unknown', reason },
  ...(smoke && { smoke }),
});

/**
 * The verdict of what was seen. What was seen to be wrong comes before what could not be told: a program that does not start is a failure,
 * whether the scan could be made or not.
 */
export function decide(stages: Stages): Decision {
  return (
    buildDecision(stages) ??
    firstOf(stages.smoke, smokeFailure, failed) ??
    (isVulnerable(stages.scan) ? failed('vulnerability-found') : undefined) ??
    firstOf(stages.smoke, smokeUnknown, couldNotTell) ??
    scanUnknown(stages) ??
    pushUnknown(stages) ?? { verdict: 'passed', ok: 'true', reason: 'all-passed' }
  );
}

function buildDecision({ build }: Stages): Decision | undefined {
  if (build.type !== 'failed') return undefined;
  const { reason } = build.failure;
  return reason === 'build-failed' ? failed(reason) : couldNotTell(reason);
}

function firstOf(
  stages: readonly SmokeStage[],
  reasonOf: (stage: SmokeStage) => BuildReason | undefined,
  decision: (reason: BuildReason, smoke: SmokeStage) => Decision,
): Decision | undefined {
  for (const stage of stages) {
    const reason = reasonOf(stage);
    if (reason !== undefined) return decision(reason, stage);
  }
  return undefined;
}

function smokeFailure({ end }: SmokeStage): BuildReason | undefined {
  switch (end.type) {
    case 'ended':
      return end.code === 0 ? undefined : 'smoke-failed';
    case 'not-started':
      return 'smoke-not-started';
    case 'timed-out':
      return 'smoke-timed-out';
    case 'memory':
      return 'smoke-memory';
    case 'not-run':
      return undefined;
  }
}

function smokeUnknown(stage: SmokeStage): BuildReason | undefined {
  const passed = stage.end.type === 'ended' && stage.end.code === 0;
  return passed || smokeFailure(stage) !== undefined ? undefined : 'smoke-not-run';
}

const isVulnerable = (scan: ScanStage | undefined): boolean =>
  scan?.type === 'scanned' && scan.outcome.verdict === 'vulnerable';

function scanUnknown({ scan, sbom }: Stages): Decision | undefined {
  if (scan === undefined) return undefined;
  if (sbom?.lacksSystem !== undefined) return couldNotTell('sbom-incomplete');
  return scan.type === 'scanned' && scan.outcome.verdict === 'clean'
    ? undefined
    : couldNotTell('not-scanned');
}

function pushUnknown({ push }: Stages): Decision | undefined {
  if (push?.type === 'failed') return couldNotTell('not-pushed');
  return push?.type === 'differs' ? couldNotTell('digest-differs') : undefined;
}
