import type { ScanOutcome } from '@sluice/sbom/page/outcome';
import type { BuildFailure } from './build-end.ts';
import type { BuilderName, SmokeEnd } from './builders/types.ts';
import type { DockerfilePlace } from './dockerfile-place.ts';

/** What was seen, stage by stage; what is absent was not asked for, or was not come to. */
export interface Stages {
  readonly builder: BuilderName;
  readonly build: BuildStage;
  readonly smoke: readonly SmokeStage[];
  readonly sbom?: SbomStage;
  readonly scan?: ScanStage;
  readonly push?: PushStage;
}

export type BuildStage =
  /** From a Dockerfile. */
  | { readonly type: 'built'; readonly ms: number }
  /** Given; its place says whether it was pulled now, and the digest what its registry has, as far as that was seen. */
  | {
      readonly type: 'given';
      readonly image: string;
      readonly isPulled: boolean;
      readonly digest: string;
      /** Why it was not compared with what its registry has, for people. */
      readonly uncompared?: string;
    }
  | {
      readonly type: 'failed';
      readonly failure: BuildFailure;
      readonly place: DockerfilePlace | undefined;
      readonly lines: readonly string[];
      readonly ms: number;
    };

export interface SmokeStage {
  readonly command: string;
  readonly end: SmokeEnd;
  readonly ms: number;
}

export interface SbomStage {
  /** The file of the repository. */
  readonly file: string;
  /** Where it comes from, for people. */
  readonly source: string;
  /** What makes it weaker than it looks. */
  readonly cautions: readonly string[];
  /** Why the packages of the image's system are not in it, where they are not. */
  readonly lacksSystem: string | undefined;
}

export type ScanStage =
  | { readonly type: 'scanned'; readonly outcome: ScanOutcome }
  /** It could not be scanned at all; for people, with what to do. */
  | { readonly type: 'failed'; readonly message: string; readonly hint: string };

export type PushStage =
  | {
      readonly type: 'pushed';
      readonly reference: string;
      readonly repository: string;
      readonly digest: string;
      readonly ms: number;
    }
  | {
      readonly type: 'failed';
      readonly reference: string;
      readonly words: string;
      readonly lines: readonly string[];
    }
  | { readonly type: 'differs'; readonly reference: string; readonly words: string }
  /** Not tried, though it was asked for; for people, why. */
  | { readonly type: 'left-out'; readonly reference: string; readonly words: string };
