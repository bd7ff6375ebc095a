import type { SourcePlaces } from '../applications/places.ts';
import { describePlace } from '../describe.ts';
import type { ImageReport, RefusedPlace, SkippedFile } from '../find/edit-plan.ts';
import type { Scalar } from '../scalar.ts';
import type { Bumped } from './bump-parts.ts';
import type { Plan } from './bump-plan.ts';
import { realEdits } from './subject.ts';

export const bumpSchema = 'sluice.image-tag-bump.v1';

/** What `result` tells of a plan, beside the verdict; the root action puts it into its own. */
export interface BumpDetails {
  /** Each image that was given. */
  readonly images: readonly ImageReport[];
  /** Where it was to be set: one for each repository and branch. */
  readonly repositories: readonly {
    /** `owner/name`. */
    readonly repository: string;
    readonly branch: string;
    /** Our commit, or the head that holds everything already; empty where there is none. */
    readonly commit: string;
    /** Its address; empty where there is none. */
    readonly pullRequest: string;
    /** How many of its places were given another value. */
    readonly changed: number;
  }[];
  /** With `applications-from`: the sources of Applications that the annotations select. */
  readonly sources: readonly (SourcePlaces & {
    /** `owner/name`. */
    readonly repository: string;
    readonly branch: string;
  })[];
  /** Each file with a place, also where it held its value already. */
  readonly files: readonly {
    /** `owner/name`. */
    readonly repository: string;
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

export function bumpDetails(bumped: readonly Bumped[]): BumpDetails {
  const plans = bumped.map(({ applied }) => applied.plan);
  return {
    images: imagesOf(plans),
    repositories: bumped.map(repositoryOf),
    sources: bumped.flatMap(({ target: { repository, branch }, applied: { plan } }) =>
      plan.sources.map((source) => ({ ...source, repository, branch })),
    ),
    files: bumped.flatMap(({ target: { repository }, applied: { plan } }) =>
      plan.change.files.map(({ path, edits }) => ({
        repository,
        path,
        edits: edits.map(({ place, from, to }) => ({ place: describePlace(place), from, to })),
      })),
    ),
    skipped: plans.flatMap(({ skipped }) =>
      skipped.map(({ path, reason, message }) => ({ path, reason, message })),
    ),
    missing: plans.flatMap(({ missing }) =>
      missing.map(({ text, path, message }) => ({ text, path, message })),
    ),
    refused: plans.flatMap(({ problems }) =>
      problems.map(({ path, place, code, message }) => ({ path, place: place ?? '', code, message })),
    ),
  };
}

function repositoryOf({ target, applied }: Bumped): BumpDetails['repositories'][number] {
  const { repository, branch } = target;
  const { decision, change } = applied.plan;
  const held = decision.type === 'nothing' && !target.isWorkspace ? change.commit : '';
  return {
    repository,
    branch,
    commit: 'commit' in applied ? (applied.commit ?? '') : held,
    pullRequest: applied.type === 'proposed' ? applied.pullRequest.url : '',
    changed: realEdits(change.files).length,
  };
}

/** Each image once: where it stands in any repository, and whether it was another one in any place. */
function imagesOf(plans: readonly Plan[]): readonly ImageReport[] {
  const [first, ...others] = plans;
  if (first === undefined) return [];
  return first.images.map(({ image, resolved, status, places }, index) => {
    const same = others.flatMap(({ images }) => images[index] ?? []);
    const statuses = [status, ...same.map((one) => one.status)];
    const together = (['updated', 'already'] as const).find((word) => statuses.includes(word));
    return {
      image,
      ...(resolved !== undefined && { resolved }),
      status: together ?? 'not-found',
      places: [...places, ...same.flatMap((one) => one.places)],
    };
  });
}
