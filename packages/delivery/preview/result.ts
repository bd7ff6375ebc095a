import type { ApplicationResult, OverwriteResult } from '@sluice/argocd/page/outcome';

export const previewSchema = 'sluice.ephemeral-env.v1';

/** An environment that a sweep has looked at. */
export interface SweptResult {
  readonly folder: string;
  readonly number: number;
  /** `kept`: it is needed; `foreign`: it is somebody else's; `not-told`: nobody answered whether it is needed. */
  readonly state: 'removed' | 'kept' | 'foreign' | 'not-told';
  /** One sentence. */
  readonly why: string;
}

/** What ephemeral-env adds to the JSON `result`. */
export interface PreviewDetails {
  readonly operation: 'deploy' | 'remove' | 'sweep';
  /** 0 of a sweep. */
  readonly number: number;
  /** In the GitOps repository; of a sweep the folder of all environments. */
  readonly folder: string;
  /** Where it is seen; empty where nobody said. */
  readonly url: string;
  /** Of the GitOps repository; empty where nothing was committed. */
  readonly commit: string;
  /** The rendered files, relative to the folder. */
  readonly files: readonly string[];
  /** What was seen of the environment in Argo CD. */
  readonly applications: readonly ApplicationResult[];
  readonly overwrittenBy?: OverwriteResult;
  /** What a sweep has looked at. */
  readonly swept: readonly SweptResult[];
  /** What could not be written beside the environment: the comment, the Deployment. */
  readonly notes: readonly string[];
}

export const emptyPreviewOutputs = {
  url: '',
  folder: '',
  slug: '',
  'commit-sha': '',
  'deployment-id': '',
  removed: '',
} as const;
