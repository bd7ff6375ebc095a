// What each action puts out as `result`, and every code that its `reason` can be: docs/schema and the tables of reasons in the
// READMEs are generated from these types.
import type { WaitResult, WaitVerdict, waitSchema } from '@sluice/argocd/page/outcome';
import type { ApplicationReasons, ArgoCDErrors, SelectionReasons } from '@sluice/argocd/reasons';
import type { CoreErrors } from '@sluice/core/errors';
import type { Result } from '@sluice/core/result';
import type { BuildVerdict } from '@sluice/delivery/build/inputs';
import type { buildSchema } from '@sluice/delivery/build/names';
import type { BuildDetails } from '@sluice/delivery/build/outcome';
import type { BuildErrors, BuildReasons } from '@sluice/delivery/build/reasons';
import type { EventResult } from '@sluice/delivery/event/verified-outcome';
import type { GateVerdict } from '@sluice/delivery/gate/inputs';
import type { gateSchema } from '@sluice/delivery/gate/outcome';
import type { GateReasons } from '@sluice/delivery/gate/reasons';
import type { GateDetails } from '@sluice/delivery/gate/result';
import type { DeployVerdict } from '@sluice/delivery/inputs';
import type { LabelVerdict } from '@sluice/delivery/labels/inputs';
import type { LabelDetails, labelSchema } from '@sluice/delivery/labels/outcome';
import type { LabelReasons } from '@sluice/delivery/labels/reasons';
import type { deploySchema } from '@sluice/delivery/outcome';
import type { PreviewVerdict } from '@sluice/delivery/preview/inputs';
import type { PreviewErrors, PreviewReasons } from '@sluice/delivery/preview/reasons';
import type { PreviewDetails, previewSchema } from '@sluice/delivery/preview/result';
import type { DeliveryReasons } from '@sluice/delivery/reasons';
import type { SecurityErrors, SecurityReasons } from '@sluice/delivery/security/reasons';
import type { SecurityDetails, securitySchema } from '@sluice/delivery/security/result';
import type { SupersedeVerdict } from '@sluice/delivery/supersede/inputs';
import type { SupersedeReasons } from '@sluice/delivery/supersede/reasons';
import type { SupersedeDetails, supersedeSchema } from '@sluice/delivery/supersede/result';
import type { BumpVerdict } from '@sluice/gitops/bump/bump-outcome';
import type { BumpDetails, bumpSchema } from '@sluice/gitops/bump/bump-result';
import type { BumpErrors, BumpReasons, GitReadErrors, StalePlan } from '@sluice/gitops/reasons';
import type { RegistryErrors } from '@sluice/oci/reasons';
import type { ScanVerdict } from '@sluice/sbom/decide/types';
import type { ScanDetails, scanSchema } from '@sluice/sbom/page/outcome';
import type { ScanErrors, ScanReasons } from '@sluice/sbom/reasons';

/** `Reasons` and `Errors` map each code to its meaning. */
interface ActionResult<
  Schema extends string,
  Verdict extends string,
  Reasons,
  Errors,
  Details,
  Unknown extends Verdict | 'unknown' = 'unknown',
> {
  readonly schema: Schema;
  /** The verdict of a run that ended by an error. */
  readonly unknown: Unknown;
  readonly result: Result<Schema, Verdict, keyof Reasons & string, keyof Errors & string, Details, Unknown>;
  readonly reasons: Reasons;
  readonly errors: Errors;
}

/** With what an action that asks neither GitHub nor Git may end. */
type RunErrors =
  | 'invalid-input'
  | 'invalid-environment'
  | 'invalid-proxy'
  | 'proxy-refused'
  | 'untrusted-certificate'
  | 'program-missing'
  | 'output-too-large'
  | 'cancelled'
  | 'internal-error';

/** By the folders of `actions/`. */
export interface ActionResults {
  /** What image-tag-bump puts out as `result`. */
  readonly 'image-tag-bump': ActionResult<
    typeof bumpSchema,
    BumpVerdict,
    BumpReasons,
    CoreErrors & GitReadErrors & BumpErrors & RegistryErrors & ArgoCDErrors,
    BumpDetails
  >;
  /** What argo-sync-wait puts out as `result`. */
  readonly 'argo-sync-wait': ActionResult<
    typeof waitSchema,
    WaitVerdict,
    ApplicationReasons & SelectionReasons,
    CoreErrors & GitReadErrors & ArgoCDErrors,
    WaitResult
  >;
  /** What the one-step deployment puts out as `result`: what was changed and, where it waited, what was seen of it. */
  readonly root: ActionResult<
    typeof deploySchema,
    DeployVerdict,
    Omit<BumpReasons, 'workspace'> & StalePlan & ApplicationReasons & SelectionReasons & DeliveryReasons,
    CoreErrors & GitReadErrors & BumpErrors & RegistryErrors & ArgoCDErrors,
    BumpDetails & Partial<WaitResult> & Partial<EventResult>
  >;
  /** What sbom-scan puts out as `result`. */
  readonly 'sbom-scan': ActionResult<
    typeof scanSchema,
    ScanVerdict,
    ScanReasons,
    Pick<CoreErrors, RunErrors> & ScanErrors,
    ScanDetails,
    'could-not-scan'
  >;
  /** What security-scan puts out as `result`. */
  readonly 'security-scan': ActionResult<
    typeof securitySchema,
    ScanVerdict,
    ScanReasons & SecurityReasons,
    CoreErrors & ScanErrors & SecurityErrors,
    SecurityDetails,
    'could-not-scan'
  >;
  /** What build-gate puts out as `result`. */
  readonly 'build-gate': ActionResult<
    typeof buildSchema,
    BuildVerdict,
    BuildReasons,
    Pick<CoreErrors, RunErrors> & RegistryErrors & BuildErrors,
    BuildDetails,
    'could-not-tell'
  >;
  /** What pr-ready puts out as `result`. */
  readonly 'pr-ready': ActionResult<
    typeof gateSchema,
    GateVerdict,
    GateReasons,
    CoreErrors,
    GateDetails,
    'blocked'
  >;
  /** What ephemeral-env puts out as `result`. */
  readonly 'ephemeral-env': ActionResult<
    typeof previewSchema,
    PreviewVerdict,
    PreviewReasons &
      ApplicationReasons &
      SelectionReasons &
      Pick<BumpReasons, 'dry-run' | 'branch-protected' | 'ruleset'>,
    CoreErrors &
      GitReadErrors &
      RegistryErrors &
      Pick<BumpErrors, 'commit-not-seen'> &
      ArgoCDErrors &
      PreviewErrors,
    PreviewDetails
  >;
  /** What skip-ephemeral puts out as `result`. */
  readonly 'skip-ephemeral': ActionResult<
    typeof labelSchema,
    LabelVerdict | 'unknown',
    LabelReasons,
    CoreErrors,
    LabelDetails
  >;
  /** What cancel-superseded puts out as `result`. */
  readonly 'cancel-superseded': ActionResult<
    typeof supersedeSchema,
    SupersedeVerdict,
    SupersedeReasons,
    CoreErrors,
    SupersedeDetails,
    'incomplete'
  >;
}
