import type { Plan } from './bump-plan.ts';
import { describePlace } from './describe.ts';
import type { ImageReport, RefusedPlace, SkippedFile } from './find/edit-plan.ts';
import type { Scalar } from './scalar.ts';

export const bumpSchema = 'sluice.image-tag-bump.v1';

/** What `result` tells of a plan, beside the verdict; the root action puts it into its own. */
export interface BumpDetails {
  /** Each image that was given. */
  readonly images: readonly ImageReport[];
  /** Each file with a place, also where it held its value already. */
  readonly files: readonly {
    readonly path: string;
    readonly edits: readonly {
      /** `Deployment/payments/payments-api container app`, `images[name=nginx].newTag`, `image.tag`. */
      readonly place: string;
      /** What it held. */
      readonly from: Scalar;
      /** What it shall hold. */
      readonly to: Scalar;
    }[];
  }[];
  /** Files that could not be read. */
  readonly skipped: readonly {
    readonly path: string;
    readonly reason: SkippedFile['reason'] | 'not-utf8';
    readonly message: string;
  }[];
  /** Lines of `set` and `helm-values` without a place. */
  readonly missing: readonly { readonly text: string; readonly path: string; readonly message: string }[];
  /** Places that must not be written. */
  readonly refused: readonly {
    readonly path: string;
    /** Empty where the whole file is meant. */
    readonly place: string;
    readonly code: RefusedPlace['code'];
    readonly message: string;
  }[];
}

export interface BumpResult extends BumpDetails {
  readonly schema: typeof bumpSchema;
}

export function bumpDetails(plan: Plan): BumpDetails {
  return {
    images: plan.images.map(({ image, status, places }) => ({ image, status, places })),
    files: plan.change.files.map(({ path, edits }) => ({
      path,
      edits: edits.map(({ place, from, to }) => ({ place: describePlace(place), from, to })),
    })),
    skipped: plan.skipped.map(({ path, reason, message }) => ({ path, reason, message })),
    missing: plan.missing.map(({ text, path, message }) => ({ text, path, message })),
    refused: plan.problems.map(({ path, place, code, message }) => ({
      path,
      place: place ?? '',
      code,
      message,
    })),
  };
}
