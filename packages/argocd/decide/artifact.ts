import { withoutUserinfo } from '@sluice/core/input-syntax';
import { isArtifact } from '../select/artifact.ts';
import { refresh } from './fresh.ts';
import { comparedRevision, contentRevision, isUnavailable, short, sourceOf, verdict } from './look.ts';
import { imageEdits } from './targets.ts';
import type { Finding, Look } from './types.ts';

/** A tag is asked for anew with each refresh, and whoever pushes the artifact may still be at it. */
const BETWEEN_LOOKS = 10_000;

/** Whether what is compared with is no Git repository, so that the change can only be seen in what is rendered from it. */
export function isUnreadable(look: Look): boolean {
  const content = look.evidence.content.get(contentRevision(look) ?? '');
  return content !== undefined && !isUnavailable(content) && content.state === 'unreadable';
}

/** Nothing tells an artifact without the change from one of before it. */
export const notInArtifact = (look: Look): Finding =>
  refresh(
    look,
    'effective',
    `Argo CD compares with ${short(comparedRevision(look) ?? 'an artifact')}, which does not render to the change`,
    BETWEEN_LOOKS,
  );

/**
 * What nothing shows, once the images of the change are rendered. What was rendered before it no commit tells here, so of other values
 * nothing can be seen; and an image that was there before shows in the artifact of before as well.
 */
export function unprovenInArtifact(look: Look): Finding {
  const { expectation } = look;
  if (expectation.type === 'revision') return undefined;
  const images = imageEdits(look);
  const others = expectation.edits.length > images.length;
  if (!others && images.some(({ from, to }) => from !== to)) return undefined;
  const why = !others
    ? 'its images were there before it'
    : images.length === 0
      ? 'the change is of no image'
      : 'not all of the change is of images';
  return verdict(look, {
    verdict: 'unknown',
    reason: 'nothing-to-verify',
    sentence: `The content of ${withoutUserinfo(sourceOf(look)?.repoURL ?? '')} cannot be read, and ${why}: nothing shows whether it is in there.`,
    missing: ['effective'],
  });
}

/** What a verdict rests on where no content was read. */
export function proofOfArtifact(look: Look): readonly string[] {
  const source = sourceOf(look);
  const { expectation } = look;
  if (source === undefined || !isArtifact(source)) return [];
  const url = withoutUserinfo(source.repoURL);
  if (expectation.type === 'revision')
    return [`What ${url} holds was not read: its revision is the proof, and that it is Synced and Healthy.`];
  return [
    `What ${url} holds cannot be read: the objects that are rendered from it, and the images that run, are the proof.`,
  ];
}
